"""The dialog that asks for a time of a tape."""

from collections.abc import Callable
from datetime import datetime

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from app.krx.calendar import format_clock
from app.screens.dialogs.dialog import Dialog, Field
from widgets.texts import t


class MomentDialog(Dialog[datetime]):
    """Asks for a time of day; answers the moment of the tape that `read` makes of it."""

    def __init__(
        self,
        read: Callable[[str], datetime | None],
        holds: Callable[[datetime], bool],
        ends: tuple[datetime, datetime],
    ) -> None:
        """`holds` says whether a moment lies on the tape, which is from one of `ends` to other."""
        super().__init__(t("goto.title"), "goto.hint")
        self._read = read
        self._holds = holds
        self._ends = {"begin": format_clock(ends[0]), "end": format_clock(ends[1])}

    def compose_body(self) -> list[Widget]:
        placeholder = t("goto.placeholder", **self._ends)
        return [Field(placeholder=placeholder, max_length=12), Static(Content(""), id="reading")]

    @on(Input.Changed)
    def preview(self, event: Input.Changed) -> None:
        """Say where that would be."""
        reading = self.query_one("#reading", Static)
        if not event.value.strip():
            reading.update(Content(""))
            return
        found = self._read(event.value)
        if found is None:
            reading.update(Content.assemble((t("goto.no_time"), "$error")))
        elif not self._holds(found):
            reading.update(Content.assemble((t("goto.beyond", **self._ends), "$error")))
        else:
            text = t("goto.to", at=format_clock(found), day=f"{found:%m/%d}")
            reading.update(Content.assemble((text, "$text-label")))

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Answer if the time is on the tape."""
        found = self._read(event.value)
        if found is not None and self._holds(found):
            self.dismiss(found)
