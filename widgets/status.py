"""Status lines: session and clock on the left, the connection on the right; and notices.

The heading of a screen is such a line, too.  In a narrow room whole parts are left out.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace
from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from specs.market.ticker import Freshness

AGE_STYLES = {Freshness.FRESH: "", Freshness.OLDER: "$text-older", Freshness.OLD: "$text-old"}
"""Styles of a value in a text, by the class of its age."""


class StatusPart(Struct, frozen=True):
    """A part of the line; the highest ranks are left out first, rank 0 never."""

    text: str
    rank: int = 1
    tone: str = ""
    """A style of the theme, such as ``bold $warning``."""
    shorter: str = ""
    """Replaces the text before the part is left out."""
    label: str = ""
    """Its name, printed before it in the tone of labels."""

    @property
    def full_text(self) -> str:
        """The label, if there is one, and the text."""
        return f"{self.label} {self.text}" if self.label else self.text


class StatusLine(Widget):
    """One line of parts, left and right."""

    def __init__(self, which: str = "status") -> None:
        """`which` is its id in the style sheet."""
        super().__init__(id=which)
        self._left: tuple[StatusPart, ...] = ()
        self._right: tuple[StatusPart, ...] = ()

    @property
    def text(self) -> str:
        """The text of all parts, whether or not there is room."""
        return "  ".join(part.full_text for part in (*self._left, *self._right))

    def show(self, left: Sequence[StatusPart], right: Sequence[StatusPart]) -> None:
        """Show these parts."""
        now = tuple(p for p in left if p.text), tuple(p for p in right if p.text)
        if now != (self._left, self._right):
            self._left, self._right = now
            self.refresh()

    def render(self) -> Content:
        width = self.size.width
        sides = [list(self._left), list(self._right)]
        while sum(cell_len(p.full_text) + 2 for side in sides for p in side) - 1 > width:
            last = max((p for side in sides for p in side), key=lambda p: p.rank)
            if last.rank == 0:
                break
            side = next(side for side in sides if last in side)
            at = side.index(last)
            side[at : at + 1] = [replace(last, text=last.shorter, shorter="")] * bool(last.shorter)
        left, right = (_joined(side) for side in sides)
        gap = max(1, width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right).truncate(width, ellipsis=True)


def _joined(parts: Sequence[StatusPart]) -> Content:
    pieces: list[Content | str | tuple[str, str]] = []
    for part in parts:
        if pieces:
            pieces.append("  ")
        if part.label:
            pieces.append((f"{part.label} ", "$text-label"))
        pieces.append((part.text, part.tone) if part.tone else part.text)
    return Content.assemble(*pieces)


class Notice(Static):
    """A text above a screen's content; it takes room only while it is not empty."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._text = ""
        self.display = False

    def show(self, text: str) -> None:
        """Show a text, or nothing if it is empty."""
        if text != self._text:
            self._text = text
            self.display = bool(text)
            self.update(Content(text))
