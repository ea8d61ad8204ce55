"""The dialog that asks for the line of an alert."""

from collections.abc import Callable, Iterable

from textual import on
from textual.content import Content
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input, Static

from app.alerts.alert import Alert
from app.alerts.alert_parser import LONGEST_TEXT
from app.alerts.quantities import QUANTITIES
from app.screens.dialogs.dialog import Dialog, Field
from app.system.errors import KisTuiError
from widgets.message_text import message_text
from widgets.texts import t

_OPTIONS = ("repeat 5m", "hysteresis", "session", "above", "below", "new", "touched", "down")


class AlertWords(Suggester):
    """Completes the last word of an alert: a watched code, a quantity or an option."""

    def __init__(self, codes: Iterable[str]) -> None:
        super().__init__(case_sensitive=True)
        self._words = (*codes, *(one.word for one in QUANTITIES), *_OPTIONS)

    async def get_suggestion(self, value: str) -> str | None:
        begun, _, last = value.rpartition(" ")
        if not last:
            return None
        for word in self._words:
            if word.lower().startswith(last.lower()) and word.lower() != last.lower():
                return f"{begun} {word}".lstrip() if begun else word
        return None


class AlertDialog(Dialog[Alert]):
    """Asks for a line; answers the alert that it describes."""

    def __init__(self, text: str, parse: Callable[[str], Alert], codes: Iterable[str]) -> None:
        """`codes` are those that are completed."""
        super().__init__(t("alerts.ask"), "alerts.ask_hint")
        self._text = text
        self._parse = parse
        self._words = AlertWords(codes)

    def compose_body(self) -> list[Widget]:
        field = Field(self._text, max_length=LONGEST_TEXT, suggester=self._words)
        field.select_on_focus = False
        return [field, Static(Content(""), id="reading")]

    def on_mount(self) -> None:
        self._preview(self._text)

    @on(Input.Changed)
    def preview(self, event: Input.Changed) -> None:
        """Say what the line means, or what is wrong with it."""
        self._preview(event.value)

    def _preview(self, typed: str) -> None:
        reading = self.query_one("#reading", Static)
        if not typed.strip():
            reading.update(Content.assemble((t("alerts.examples"), "$text-label")))
            return
        try:
            reading.update(Content.assemble((self._parse(typed).text, "$text-label")))
        except KisTuiError as error:
            hint = f" — {message_text(error.hint)}" if error.hint else ""
            # A code alone is a beginning, no mistake.
            tone = "$text-label" if error.key == "alerts.no_condition" else "$error"
            reading.update(Content.assemble((message_text(error.message) + hint, tone)))

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Answer, unless the line will not do."""
        try:
            self.dismiss(self._parse(event.value))
        except KisTuiError:
            self._preview(event.value)
