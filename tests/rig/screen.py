"""A terminal's screen, as far as a program of Textual uses one: places, colours left aside."""

import re
from functools import lru_cache

from rich.cells import cell_len
from rig.escapes import decoded, tokens, whole

_PLACE = re.compile(r"\x1b\[([0-9]*);?([0-9]*)H")
_COLUMN = re.compile(r"\x1b\[([0-9]*)G")

_cells = lru_cache(maxsize=4096)(cell_len)


class Screen:
    """The cells of a screen."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._rows = [[" "] * width for _ in range(height)]
        self._x = self._y = 0
        self._rest = b""

    def feed(self, stream: bytes) -> None:
        """Take what was written to the terminal; what is not yet whole waits for more."""
        stream = self._rest + stream
        cut = whole(stream)
        stream, self._rest = stream[:cut], stream[cut:]
        for kind, text in tokens(decoded(stream)):
            if kind == "text":
                self._write(text)
            elif text[-1] == "m":
                continue  # Colours.
            elif text == "\r":
                self._x = 0
            elif text == "\n":
                self._y = min(self._y + 1, self._height - 1)
            elif place := _PLACE.fullmatch(text):
                self._y = min(int(place[1] or 1), self._height) - 1
                self._x = min(int(place[2] or 1), self._width) - 1
            elif column := _COLUMN.fullmatch(text):
                self._x = min(int(column[1] or 1), self._width) - 1
            elif text in ("\x1b[2J", "\x1b[?1049h"):
                self._rows = [[" "] * self._width for _ in range(self._height)]

    def _write(self, text: str) -> None:
        if text.isascii() and text.isprintable():
            # Each character is one cell: a run at once is twenty times as fast.
            run = text[: self._width - self._x]
            self._rows[self._y][self._x : self._x + len(run)] = run
            self._x += len(run)
            return
        for character in text:
            self._put(character)

    def _put(self, character: str) -> None:
        width = _cells(character)
        if width and self._x + width <= self._width:
            self._rows[self._y][self._x] = character
            for cover in range(self._x + 1, self._x + width):
                self._rows[self._y][cover] = ""
            self._x += width

    @property
    def text(self) -> str:
        """The screen's lines."""
        return "\n".join("".join(row) for row in self._rows)
