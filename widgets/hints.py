"""The line of key hints at the bottom; every hint can be clicked."""

from collections.abc import Sequence

from msgspec import Struct
from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget


class Hint(Struct, frozen=True):
    """A key as it is shown, what it does in a word, and the action behind it."""

    key: str
    text: str
    action: str


class KeyHints(Widget):
    """As many hints as fit, most useful first."""

    class Chosen(Message):
        """A hint was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, hints: Sequence[Hint]) -> None:
        super().__init__(id="hints")
        self._hints = tuple(hints)

    def render(self) -> Content:
        pieces: list[str | tuple[str, str]] = []
        for hint, start, _ in self._placed():
            pieces += [" " if start else "", (f" {hint.key}", "bold $accent"), f" {hint.text} "]
        return Content.assemble(*pieces)

    def on_click(self, event: events.Click) -> None:
        for hint, start, end in self._placed():
            if start <= event.x < end:
                self.post_message(self.Chosen(hint.action))

    def _placed(self) -> list[tuple[Hint, int, int]]:
        placed: list[tuple[Hint, int, int]] = []
        at = 0
        for hint in self._hints:
            start = at + 1 if placed else 0
            end = start + cell_len(hint.key) + cell_len(hint.text) + 3
            if end > self.size.width:
                break
            placed.append((hint, start, end))
            at = end
        return placed
