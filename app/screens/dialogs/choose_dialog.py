"""Dialogs that choose: one of several, or any of several."""

from collections.abc import Collection, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
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
    """Asks for any of several; answers the ids that are ticked, in order.

    Where the order is the user's, the ticked ones come first in the order that is given.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", show=False, priority=True),
        Binding("K,alt+up", "shift(-1)", show=False),
        Binding("J,alt+down", "shift(1)", show=False),
    ]

    def __init__(
        self, title: str, options: Options, ticked: Sequence[str], *, is_ordered: bool = False
    ) -> None:
        super().__init__(title, "order.hint" if is_ordered else "tick.hint")
        self._options = _in_order(options, ticked) if is_ordered else list(options)
        self._ticked = ticked
        self._is_ordered = is_ordered

    def compose_body(self) -> list[Widget]:
        return [SelectionList[str](*self._selections(self._ticked))]

    def _selections(self, ticked: Collection[str]) -> list[Selection[str]]:
        return [Selection(Content(label), key, key in ticked) for key, label in self._options]

    def action_shift(self, way: int) -> None:
        """Move the option under the cursor up or down, where the order is the user's."""
        board = self.query_one(SelectionList)
        at = board.highlighted
        if not self._is_ordered or at is None or not 0 <= at + way < len(self._options):
            return
        options, ticked = self._options, list(board.selected)
        options[at], options[at + way] = options[at + way], options[at]
        board.clear_options()
        board.add_options(self._selections(ticked))
        board.highlighted = at + way

    def action_accept(self) -> None:
        """Answer."""
        ticked = set(self.query_one(SelectionList).selected)
        self.dismiss([key for key, _ in self._options if key in ticked])


def _in_order(options: Options, ticked: Sequence[str]) -> list[tuple[str, str]]:
    """Return options as they come, if the ticked ones do so too, else the ticked ones first."""
    given = [key for key, _ in options if key in ticked]
    if given == [key for key in ticked if key in given]:
        return list(options)
    first = sorted((one for one in options if one[0] in ticked), key=lambda o: ticked.index(o[0]))
    return [*first, *(one for one in options if one[0] not in ticked)]
