"""A sheet: lines of toned text in one widget, of which a beat repaints those that changed."""

from abc import abstractmethod
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from widgets import cells
from widgets.columns import BoardCell
from widgets.tones import Tones

Piece = tuple[str, str]
"""A text and its tones: component classes of the sheet, the lowest layer first."""

TextLine = tuple[Piece, ...]


def piece(cell: BoardCell, width: int, *, right: bool = True, under: str = "") -> Piece:
    """A cell at its width, in the longest of its texts that fits."""
    return cells.fit(cell.within(width), width, right=right), f"{under} {cell.tone}".strip()


def centred(text: str, width: int, height: int) -> list[TextLine]:
    """The lines of a text that stands in the middle of a room."""
    told = text.splitlines()
    lines: list[TextLine] = [()] * max(0, (height - len(told)) // 2)
    for line in told:
        margin = max(0, (width - cell_len(line)) // 2)
        lines.append(((cells.fit(" " * margin + line, width), "old"),))
    return lines


class TextSheet(Widget):
    """Lines that are written anew when something changed or the room did."""

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
        self._style = Tones(self, "sheet")

    @abstractmethod
    def lines(self, width: int, height: int) -> list[TextLine]:
        """The lines for a room; those beyond its height are not drawn."""

    def rewrite(self) -> None:
        """Bring the lines up to date, and repaint those that are others now."""
        width, height = self.size
        if not width or not height:
            return
        before, self._lines = self._lines, self.lines(width, height)[:height]
        for y in range(max(len(before), len(self._lines))):
            old = before[y] if y < len(before) else ()
            new = self._lines[y] if y < len(self._lines) else ()
            if old != new:
                self._strips.pop(y, None)
                self.refresh(Region(0, y, width, 1))

    def render_line(self, y: int) -> Strip:
        strip = self._strips.get(y)
        if strip is None:
            line = self._lines[y] if y < len(self._lines) else ()
            segments = [Segment(text, self._style(*tones.split())) for text, tones in line]
            strip = Strip(segments).adjust_cell_length(self.size.width, self.rich_style)
            self._strips[y] = strip = strip.simplify()
        return strip

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._style.clear()
        self._strips.clear()
        self.refresh()

    def on_resize(self) -> None:
        self._strips.clear()
        self._lines = []
        self.rewrite()
        self.refresh()
