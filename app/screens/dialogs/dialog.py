"""The base of all dialogs: a titled box in the middle, left with Esc, and a field without
escape characters."""

from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from app.system.errors import KisTuiError
from specs.clean import clean
from widgets.message_text import message_text
from widgets.texts import t

Answer = TypeVar("Answer")


class Field(Input):
    """A line of text; what is pasted may hold escape characters, which never reach the screen."""

    def validate_value(self, value: str) -> str:
        # An ideographic space and a tab part codes as well as any.
        return clean("".join(" " if c.isspace() else c for c in value), len(value))


class Dialog(ModalScreen[Answer | None], Generic[Answer]):
    """A box over the dimmed screen; Esc answers None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False),
        Binding("ctrl+c", "give_up", show=False),
    ]

    def __init__(self, title: str, hint: str) -> None:
        super().__init__()
        self._title = title
        self._hint = hint

    def compose(self) -> ComposeResult:
        box = Vertical(
            *self.compose_body(), Static(Content(t(self._hint)), classes="hint"), id="box"
        )
        box.border_title = Content(self._title)
        yield box

    def compose_body(self) -> list[Widget]:
        """Return the widgets of the box."""
        return []

    def on_resize(self) -> None:
        """Compute the heights again that are parts of the terminal's."""
        # The box remembers how its children stood by its own width, which the terminal leaves.
        self.query("#box > *").refresh(layout=True)

    def show_message(self, message: str, style: str = "$text-label") -> None:
        """Show a message in the box's line for it, which has the id ``reading``."""
        self.query_one("#reading", Static).update(Content.assemble((message, style)))

    def succeeds(self, change: Callable[[], object]) -> bool:
        """Make a change and return True; show why, and return False, if it cannot be made."""
        try:
            change()
        except KisTuiError as error:
            self.show_message(message_text(error.message), "$error")
            return False
        return True

    def action_give_up(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
