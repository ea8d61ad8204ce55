"""The dialog that asks for a file, and does what is to be done with it."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from app.screens.dialogs.dialog import Dialog, Field
from app.system.errors import KisTuiError, UsageError
from specs.clean import clean
from widgets.message_text import message_text
from widgets.texts import t

Made = TypeVar("Made")

LONGEST = 1024


class PathDialog(Dialog[Made]):
    """Asks for a path until `work` takes it; answers what `work` made of it."""

    def __init__(
        self,
        title: str,
        hint: str,
        work: Callable[[Path], Made],
        proposed: str = "",
        note: str = "",
    ) -> None:
        """`note` is shown below the field until a path was refused."""
        super().__init__(title, hint)
        self._work = work
        self._proposed = proposed
        self._note = note

    def compose_body(self) -> list[Widget]:
        field = Field(self._proposed, placeholder=t("path.placeholder"), max_length=LONGEST)
        return [field, Static(Content(self._note), id="reading")]

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Do the work, or say why it cannot be done."""
        try:
            made = self._work(read_path(event.value))
        except KisTuiError as error:
            lines = [clean(line, 200) for line in message_text(error.message).splitlines()]
            if error.hint:
                lines.append(message_text(error.hint))
            text = Content("\n".join(lines))
            self.query_one("#reading", Static).update(text.stylize("$error"))
        else:
            self.dismiss(made)


def read_path(typed: str) -> Path:
    """Return the path of a text that was typed or dropped: it may be quoted, or begin with ``~``.

    Raises:
        UsageError: there is none, or nobody's home is meant.
    """
    text = typed.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    if not text:
        raise UsageError("path.none")
    try:
        return Path(text).expanduser()
    except (RuntimeError, ValueError) as error:
        raise UsageError("path.bad", path=clean(text, 60)) from error
