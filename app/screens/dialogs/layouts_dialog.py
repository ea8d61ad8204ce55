"""The dialog that opens a layout, and renames and deletes them."""

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from app.screens.dialogs.dialog import Dialog
from app.screens.dialogs.name_dialog import NameDialog
from app.screens.layout_keeper import LayoutKeeper
from app.storage.layouts import check_name
from app.system.errors import UsageError
from widgets.texts import t


class LayoutsDialog(Dialog[str]):
    """Asks for a layout to open; answers its name."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d,delete", "delete", show=False),
        Binding("e,f2", "rename", show=False),
        Binding("u", "undo", show=False),
    ]

    def __init__(self, keeper: LayoutKeeper) -> None:
        super().__init__(t("open.title"), "open.hint")
        self._keeper = keeper

    def compose_body(self) -> list[Widget]:
        return [OptionList(), Static(Content(""), id="reading")]

    def on_mount(self) -> None:
        """Begin on the layout that is open."""
        self._show(self._keeper.name)

    @on(OptionList.OptionSelected)
    def submit(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        self.dismiss(event.option_id)

    def action_delete(self) -> None:
        """Delete the layout under the cursor; `u` brings it back."""
        name = self._chosen
        if name and self.succeeds(lambda: self._keeper.delete(name)):
            self._show("", t("open.deleted", name=name))

    def action_undo(self) -> None:
        """Bring back the layout that was deleted last."""
        restored: list[str] = []
        if self.succeeds(lambda: restored.extend(self._keeper.undelete())):
            if restored:
                self._show(restored[0], t("open.restored", name=restored[0]))
            else:
                self.show_message(t("toast.nothing_to_undo"))

    def action_rename(self) -> None:
        """Ask for another name of the layout under the cursor."""
        name = self._chosen
        if name:
            dialog = NameDialog(name, self._check_free, [], title="rename.title", fresh="rename.to")
            self.app.push_screen(dialog, lambda new: self._rename(name, new))

    def _rename(self, name: str, new: str | None) -> None:
        if new and self.succeeds(lambda: self._keeper.rename(name, new)):
            self._show(new, t("open.renamed", name=name, new=new))

    def _check_free(self, name: str) -> str:
        if name in self._keeper.store.names():
            raise UsageError("layouts.taken", name=name)
        return check_name(name)

    @property
    def _chosen(self) -> str:
        option = self.query_one(OptionList).highlighted_option
        return (option.id or "") if option is not None else ""

    def _show(self, name: str, message: str = "") -> None:
        names, board = self._keeper.store.names(), self.query_one(OptionList)
        place = board.highlighted or 0
        board.clear_options()
        board.add_options(Option(Content(one), id=one) for one in names)
        board.highlighted = names.index(name) if name in names else min(place, len(names) - 1)
        self.show_message(message or ("" if names else t("toast.no_layouts")))
