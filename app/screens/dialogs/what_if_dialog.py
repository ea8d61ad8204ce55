"""The dialog of saved what-if positions: opens, saves and deletes them by name."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from app.portfolio.positions import Position
from app.portfolio.what_if_sets import Legs, WhatIfSets
from app.screens.dialogs.dialog import Dialog
from app.screens.dialogs.name_dialog import NameDialog
from app.storage.layout_lists import check_list_name
from widgets.cells import fit
from widgets.texts import t


class WhatIfDialog(Dialog[tuple[str, Legs]]):
    """Asks for a set of what-if positions to open; answers its name and positions."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,w,plus", "save", show=False),
        Binding("d,delete,minus", "delete", show=False),
        Binding("u", "undo", show=False),
    ]

    def __init__(
        self, sets: WhatIfSets, legs: Sequence[Position], name_of: Callable[[str], str]
    ) -> None:
        """`legs` are those assumed now; `name_of` returns the name of a contract."""
        super().__init__(t("what_if_sets.title"), "what_if_sets.hint")
        self._sets = sets
        self._legs = legs
        self._name_of = name_of
        self._found: dict[str, Legs] = {}

    def compose_body(self) -> list[Widget]:
        return [OptionList(), Static(Content(""), id="reading")]

    def on_mount(self) -> None:
        self._show("")

    @on(OptionList.OptionSelected)
    def submit(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        name = list(self._found)[event.option_index]
        self.dismiss((name, self._found[name]))

    def action_save(self) -> None:
        """Ask for a name and save the positions that are assumed now."""
        if not self._legs:
            self.show_message(t("what_if.none"))
            return
        dialog = NameDialog(
            "",
            check_list_name,
            self._found,
            title="what_if_sets.save",
            fresh="what_if_sets.fresh",
            placeholder="what_if_sets.placeholder",
            replaces="what_if_sets.replaces",
        )
        self.app.push_screen(dialog, self._save)

    def _save(self, name: str | None) -> None:
        if name and self.succeeds(lambda: self._sets.save(name, self._legs)):
            self._show(name, t("what_if_sets.saved", name=name))

    def action_delete(self) -> None:
        """Delete the set under the cursor; `u` brings it back."""
        place = self.query_one(OptionList).highlighted
        if place is not None:
            name = list(self._found)[place]
            if self.succeeds(lambda: self._sets.delete(name)):
                self._show("", t("what_if_sets.deleted", name=name))

    def action_undo(self) -> None:
        """Undo the last saving or deletion."""
        undone: list[str] = []
        if self.succeeds(lambda: undone.append(self._sets.undo())):
            name = undone[0]
            message = t("what_if_sets.undone", name=name) if name else t("toast.nothing_to_undo")
            self._show(name, message)

    def _show(self, name: str, message: str = "") -> None:
        """Show the sets, the cursor on one of them, or where it was."""
        board = self.query_one(OptionList)
        place = board.highlighted or 0
        found: list[dict[str, Legs]] = []
        if not self.succeeds(lambda: found.append(self._sets.load())):
            return
        self._found = found[0]
        board.clear_options()
        width = max(map(cell_len, self._found), default=0)
        board.add_options(
            Option(Content(f"{fit(one, width)}  {self._described(legs)}"))
            for one, legs in self._found.items()
        )
        names = list(self._found)
        board.highlighted = names.index(name) if name in names else min(place, len(names) - 1)
        self.show_message(message or ("" if names else t("what_if_sets.none")))

    def _described(self, legs: Legs) -> str:
        return " · ".join(f"{leg.quantity:+,} {self._name_of(leg.code)}" for leg in legs)
