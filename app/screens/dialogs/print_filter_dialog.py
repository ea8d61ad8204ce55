"""The dialog that asks which trades time & sales shows."""

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from app.market.print_filter_text import LONGEST_FILTER, parse_print_filter
from app.screens.dialogs.dialog import Dialog, Field
from app.system.errors import KisTuiError
from specs.market.print_filter import PrintFilter
from widgets.message_text import message_text
from widgets.print_lines import filter_text
from widgets.texts import t


class PrintFilterDialog(Dialog[PrintFilter]):
    """Asks for sizes, a side and kinds; answers the filter that they describe."""

    def __init__(self, text: str) -> None:
        super().__init__(t("print_filter.title"), "print_filter.hint")
        self._text = text

    def compose_body(self) -> list[Widget]:
        placeholder = t("print_filter.all")
        field = Field(self._text, placeholder=placeholder, max_length=LONGEST_FILTER)
        return [field, Static(Content(""), id="reading")]

    def on_mount(self) -> None:
        self._preview(self._text)

    @on(Input.Changed)
    def preview(self, event: Input.Changed) -> None:
        """Say what the line means, or what is wrong with it."""
        self._preview(event.value)

    def _preview(self, typed: str) -> None:
        reading = self.query_one("#reading", Static)
        try:
            text = filter_text(parse_print_filter(typed)) or t("print_filter.all")
        except KisTuiError as error:
            hint = f" — {message_text(error.hint)}" if error.hint else ""
            reading.update(Content.assemble((message_text(error.message) + hint, "$error")))
        else:
            reading.update(Content.assemble((text, "$text-label")))

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Answer, unless the line will not do."""
        try:
            self.dismiss(parse_print_filter(event.value))
        except KisTuiError:
            self._preview(event.value)
