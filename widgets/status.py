"""The status line: session and clock on the left, the link on the right, in words."""

from collections.abc import Sequence

from msgspec import Struct
from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget


class Part(Struct, frozen=True):
    """A piece of the line; the higher its rank, the sooner it gives way, and rank 0 never does."""

    text: str
    rank: int = 1
    tone: str = ""
    """A style of the theme, such as ``bold $warning``."""


class StatusLine(Widget):
    """One line of parts, left and right."""

    def __init__(self) -> None:
        super().__init__(id="status")
        self._left: tuple[Part, ...] = ()
        self._right: tuple[Part, ...] = ()

    @property
    def text(self) -> str:
        """Everything it says, whether or not there is room."""
        return "  ".join(part.text for part in (*self._left, *self._right))

    def show(self, left: Sequence[Part], right: Sequence[Part]) -> None:
        """Say this."""
        now = tuple(p for p in left if p.text), tuple(p for p in right if p.text)
        if now != (self._left, self._right):
            self._left, self._right = now
            self.refresh()

    def render(self) -> Content:
        width = self.size.width
        parts = [*self._left, *self._right]
        while sum(cell_len(p.text) + 2 for p in parts) - 1 > width:
            last = max(parts, key=lambda p: p.rank)
            if last.rank == 0:
                break
            parts.remove(last)
        left = _joined([p for p in self._left if p in parts])
        right = _joined([p for p in self._right if p in parts])
        gap = max(1, width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right).truncate(width, ellipsis=True)


def _joined(parts: Sequence[Part]) -> Content:
    pieces: list[Content | str | tuple[str, str]] = []
    for part in parts:
        if pieces:
            pieces.append("  ")
        pieces.append((part.text, part.tone) if part.tone else part.text)
    return Content.assemble(*pieces)
