"""The dialog that asks for a time of a tape."""

from collections.abc import Callable
from datetime import datetime

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from app.modals.dialog import Dialog, Field
from app.session import format_clock
from widgets.texts import t


class MomentDialog(Dialog[datetime]):
    """Asks for a time of day; answers the moment of the tape that `read` makes of it."""

    def __init__(self, read: Callable[[str], datetime | None], ends: tuple[str, str]) -> None:
        super().__init__(t("goto.title"), "goto.hint")
        self._read = read
        self._ends = ends

    def body(self) -> list[Widget]:
        begin, end = self._ends
        placeholder = t("goto.placeholder", begin=begin, end=end)
        return [Field(placeholder=placeholder, max_length=12), Static(Content(""), id="reading")]

    @on(Input.Changed)
    def say(self, event: Input.Changed) -> None:
        """Say where that would be."""
        said = self.query_one("#reading", Static)
        if not event.value.strip():
            said.update(Content(""))
            return
        found = self._read(event.value)
        if found is None:
            said.update(Content.assemble((t("goto.no_time"), "$error")))
        else:
            told = t("goto.to", at=format_clock(found), day=f"{found:%m/%d}")
            said.update(Content.assemble((told, "$text-label")))

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        """Answer, unless it is no time."""
        found = self._read(event.value)
        if found is not None:
            self.dismiss(found)
