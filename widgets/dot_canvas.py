"""A canvas of terminal cells: braille dots, characters and shades, each with the tone of its layer.

A cell has 2 × 4 dots.  What is drawn later takes the cells that it touches from other tones.
"""

from collections.abc import Iterator
from itertools import groupby

from rich.cells import cell_len

from widgets.sheet import Piece, TextLine

DOTS_ACROSS, DOTS_DOWN = 2, 4
"""Dots of a cell, beside and below each other."""

_BRAILLE = 0x2800
_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bit of a dot in the code point of its cell, by column and row (Unicode 16, chapter 21.1)."""


class DotCanvas:
    """Draws in dots and cells counted from the upper left; what lies outside is not drawn."""

    def __init__(self, width: int, height: int) -> None:
        """`width` and `height` are in cells."""
        self.width, self.height = max(0, width), max(0, height)
        count = self.width * self.height
        self._dots = [0] * count
        self._signs = [" "] * count
        """The characters; the right half of a wide one is an empty text."""
        self._tones = [""] * count
        self._shades = [""] * count

    def dot(self, x: int, y: int, tone: str) -> None:
        """Draw a dot."""
        column, row = x // DOTS_ACROSS, y // DOTS_DOWN
        if not (0 <= column < self.width and 0 <= row < self.height):
            return
        at = row * self.width + column
        if not self._dots[at] or self._tones[at] != tone:
            self._free(at)
            self._tones[at] = tone
        self._dots[at] |= _BITS[x % DOTS_ACROSS][y % DOTS_DOWN]

    def line(self, begin: tuple[int, int], end: tuple[int, int], tone: str) -> None:
        """Draw the dots of a straight line, ends included."""
        for x, y in line_dots(begin, end):
            self.dot(x, y, tone)

    def column(self, x: int, top: int, bottom: int, tone: str) -> None:
        """Draw the dots of a column from `top` to `bottom`, in either order."""
        for y in range(min(top, bottom), max(top, bottom) + 1):
            self.dot(x, y, tone)

    def write(self, x: int, y: int, text: str, tone: str) -> None:
        """Write characters from a cell on; one that does not fit is not written."""
        for sign in text:
            size = cell_len(sign)
            if size and x >= 0 and x + size <= self.width and 0 <= y < self.height:
                at = y * self.width + x
                for cell in range(at, at + size):
                    self._free(cell)
                    self._signs[cell], self._tones[cell] = "", tone
                self._signs[at] = sign
            x += size

    def shade(self, left: int, right: int, top: int, bottom: int, tone: str) -> None:
        """Lay a tone behind the cells of a rectangle, `right` and `bottom` excluded."""
        for y in range(max(0, top), min(bottom, self.height)):
            for x in range(max(0, left), min(right, self.width)):
                self._shades[y * self.width + x] = tone

    def is_blank(self, x: int, y: int, size: int = 1) -> bool:
        """Return whether `size` cells of a row are on the canvas and nothing is drawn in them."""
        if not (0 <= y < self.height and x >= 0 and x + size <= self.width):
            return False
        at = y * self.width + x
        return not any(self._dots[at : at + size]) and self._signs[at : at + size] == [" "] * size

    def lines(self) -> list[TextLine]:
        """Return the rows as toned text, each as wide as the canvas."""
        return [tuple(self._pieces(y * self.width)) for y in range(self.height)]

    def _pieces(self, first: int) -> Iterator[Piece]:
        cells = range(first, first + self.width)
        for tones, group in groupby(cells, lambda at: f"{self._shades[at]} {self._tones[at]}"):
            yield "".join(map(self._sign, group)), tones.strip()

    def _sign(self, at: int) -> str:
        return chr(_BRAILLE + self._dots[at]) if self._dots[at] else self._signs[at]

    def _free(self, at: int) -> None:
        """Empty a cell, and the other half of a wide character in it."""
        if self._signs[at] == "":
            self._signs[at - 1] = " "
        elif (at + 1) % self.width and self._signs[at + 1] == "":
            self._signs[at + 1] = " "
        self._dots[at], self._signs[at], self._tones[at] = 0, " ", ""


def line_dots(begin: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the dots of a straight line, ends included: one per step of its longer side."""
    (x, y), (last_x, last_y) = begin, end
    steps = max(abs(last_x - x), abs(last_y - y))
    for step in range(steps + 1):
        share = step / steps if steps else 0.0
        yield round(x + share * (last_x - x)), round(y + share * (last_y - y))
