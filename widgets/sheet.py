"""Sheets: a few lines of toned text, of which a beat repaints those that changed."""

from abc import abstractmethod
from typing import ClassVar

from rich.segment import Segment
from textual.strip import Strip

from widgets.board_column import BoardCell
from widgets.line_view import LineView, centred_lines

Piece = tuple[str, str]
"""A text and its tones, separated by blanks, the lowest layer first."""

TextLine = tuple[Piece, ...]


def piece(cell: BoardCell, width: int, *, right: bool = True, under: str = "") -> Piece:
    """Return a cell at its width, in the longest of its texts that fits."""
    return cell.fitted(width, right=right), f"{under} {cell.tone}".strip()


def centred(text: str, width: int, height: int) -> list[TextLine]:
    """Return the lines of a text in the middle of a room."""
    return [((line, "old"),) if line else () for line in centred_lines(text, width, height)]


class TextSheet(LineView):
    """Lines that are computed again when the data or the room changes."""

    TONE_PREFIX = "sheet"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "sheet--header",
        "sheet--label",
        "sheet--value",
        "sheet--older",
        "sheet--old",
        "sheet--name",
        "sheet--net",
        "sheet--part",
        "sheet--up",
        "sheet--down",
        "sheet--warning",
        "sheet--here",
        "sheet--cursor",
        "sheet--mark",
    }

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: list[TextLine] = []
        self._strips: dict[int, Strip] = {}

    @abstractmethod
    def lines(self, width: int, height: int) -> list[TextLine]:
        """Return the lines for a room; those beyond its height are not drawn."""

    def rewrite(self) -> None:
        """Compute the lines, and repaint those that changed."""
        width, height = self.size
        if not width or not height:
            return
        before, self._lines = self._lines, self.lines(width, height)[:height]
        for y in range(max(len(before), len(self._lines))):
            old = before[y] if y < len(before) else ()
            new = self._lines[y] if y < len(self._lines) else ()
            if old != new:
                self._strips.pop(y, None)
                self.repaint_line(y)

    def render_line(self, y: int) -> Strip:
        strip = self._strips.get(y)
        if strip is None:
            line = self._lines[y] if y < len(self._lines) else ()
            strip = self._strips[y] = self.draw(line)
        return strip

    def draw(self, line: TextLine) -> Strip:
        """Return the strip of a line, as wide as the sheet."""
        segments = [Segment(text, self.tones(*tones.split())) for text, tones in line]
        return Strip(segments).adjust_cell_length(self.size.width, self.tones()).simplify()

    def discard_strips(self) -> None:
        self._strips.clear()

    def on_resize(self) -> None:
        self._lines = []
        self.rewrite()
        self.redraw()
