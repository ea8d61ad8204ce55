"""The dialog that asks for an expression by which rows are filtered."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from app.market.filter_expression import LONGEST_EXPRESSION
from app.market.filter_names import completed, unfinished_names
from app.screens.dialogs.dialog import Dialog, Field
from app.system.errors import KisTuiError
from widgets.message_text import message_text
from widgets.texts import t


class RowFilterDialog(Dialog[str]):
    """Asks for an expression; answers it, empty for all rows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False, priority=True),
    ]

    def __init__(
        self,
        text: str,
        count: Callable[[str], tuple[int, int]],
        names: Sequence[str],
        hints: Sequence[str],
    ) -> None:
        """`count` returns how many rows of how many an expression shows, or raises.

        `names` are those that can be completed, `hints` those that are shown at first.
        """
        super().__init__(t("filter.title"), "filter.hint")
        self._text = text
        self._count = count
        self._names = names
        self._hints = hints

    def compose_body(self) -> list[Widget]:
        field = Field(
            self._text, placeholder=t("filter.placeholder"), max_length=LONGEST_EXPRESSION
        )
        return [field, Static(Content(""), id="reading"), Static(Content(""), id="names")]

    def on_mount(self) -> None:
        self._preview(self._text)

    @on(Input.Changed)
    def preview(self, event: Input.Changed) -> None:
        """Say how many rows the expression shows, or what is wrong with it."""
        self._preview(event.value)

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Answer, unless the expression will not do."""
        typed = event.value.strip()
        try:
            if typed:
                self._count(typed)
        except KisTuiError:
            self._preview(typed)
        else:
            self.dismiss(typed)

    def action_complete(self) -> None:
        """Complete the name that the last word begins."""
        field = self.query_one(Input)
        if found := unfinished_names(field.value, self._names):
            field.value = completed(field.value, found[0])
            field.cursor_position = len(field.value)

    def _preview(self, typed: str) -> None:
        offered = unfinished_names(typed, self._names)
        names = t("filter.names", names=" · ".join(offered or self._hints))
        self.query_one("#names", Static).update(Content.assemble((names, "$text-label")))
        self.show_message(*self._reading(typed))

    def _reading(self, typed: str) -> tuple[str, str]:
        """Return what to say of an expression, and its style."""
        if not typed.strip():
            return t("filter.all"), "$text-label"
        try:
            shown, total = self._count(typed)
        except KisTuiError as error:
            hint = f" — {message_text(error.hint)}" if error.hint else ""
            return message_text(error.message) + hint, "$error"
        return t("filter.matches", shown=shown, total=total), "$text-label"
