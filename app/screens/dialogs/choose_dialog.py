"""Dialogs that choose: one of several, or any of several."""

from collections.abc import Collection, Sequence

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, SelectionList
from textual.widgets.option_list import Option
from textual.widgets.selection_list import Selection

from app.screens.dialogs.dialog import Dialog

Options = Sequence[tuple[str, str]]
"""Id and label of each."""


class ChooseDialog(Dialog[str]):
    """Asks for one of several; answers its id."""

    def __init__(self, title: str, options: Options, current: str = "") -> None:
        super().__init__(title, "pick.hint")
        self._options = options
        self._current = current

    def compose_body(self) -> list[Widget]:
        return [OptionList(*(Option(Content(label), id=key) for key, label in self._options))]

    def on_mount(self) -> None:
        """Begin on the one that is in force."""
        keys = [key for key, _ in self._options]
        if self._current in keys:
            self.query_one(OptionList).highlighted = keys.index(self._current)

    @on(OptionList.OptionSelected)
    def submit(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        self.dismiss(event.option_id)


class ChecklistDialog(Dialog[list[str]]):
    """Asks for any of several; answers the ids that are ticked, in order."""

    BINDINGS = [Binding("enter", "accept", show=False, priority=True)]  # noqa: RUF012

    def __init__(self, title: str, options: Options, ticked: Collection[str]) -> None:
        super().__init__(title, "tick.hint")
        self._options = options
        self._ticked = ticked

    def compose_body(self) -> list[Widget]:
        options = self._options
        ticks = [Selection(Content(label), key, key in self._ticked) for key, label in options]
        return [SelectionList[str](*ticks)]

    def action_accept(self) -> None:
        """Answer."""
        ticked = set(self.query_one(SelectionList).selected)
        self.dismiss([key for key, _ in self._options if key in ticked])
