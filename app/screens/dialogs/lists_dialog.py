"""The dialog that opens a watchlist, and makes, renames, orders and deletes them."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from app.market.watchlist import Watchlist
from app.screens.dialogs.dialog import Dialog
from app.screens.dialogs.name_dialog import NameDialog
from app.storage.layout_lists import MOST_LISTS, check_list_name
from app.system.errors import UsageError
from widgets.list_tabs import list_name
from widgets.texts import t


def free_name(watchlist: Watchlist) -> Callable[[str], str]:
    """Return a check of names for a list, which no list may have already."""

    def check(name: str) -> str:
        if name in map(list_name, watchlist.names):
            raise UsageError("lists.taken", name=name)
        return check_list_name(name)

    return check


class ListsDialog(Dialog[str]):
    """Asks for a list to open; answers its name.  What is changed here stands at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,plus", "create", show=False),
        Binding("d,delete,minus", "delete", show=False),
        Binding("e,f2", "rename", show=False),
        Binding("u", "undo", show=False),
        Binding("K,alt+up", "shift(-1)", show=False),
        Binding("J,alt+down", "shift(1)", show=False),
    ]

    def __init__(self, watchlist: Watchlist, change: Callable[[Callable[[], bool]], bool]) -> None:
        """`change` carries out a change of the lists, shows it, and returns what it returns."""
        super().__init__(t("lists.title"), "lists.hint")
        self._watchlist = watchlist
        self._change = change

    def compose_body(self) -> list[Widget]:
        return [OptionList(), Static(Content(""), id="reading")]

    def on_mount(self) -> None:
        """Begin on the list that is open."""
        self._show(self._watchlist.name)

    @on(OptionList.OptionSelected)
    def submit(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        self.dismiss(self._watchlist.names[event.option_index])

    def action_create(self) -> None:
        """Ask for the name of a new list."""
        if len(self._watchlist.names) >= MOST_LISTS:
            self.show_message(t("lists.too_many", most=MOST_LISTS))
            return
        self._ask_name("lists.new", "", lambda name: self._watchlist.create(name))

    def action_rename(self) -> None:
        """Ask for another name of the list under the cursor."""
        chosen = self._chosen
        self._ask_name(
            "lists.rename", list_name(chosen), lambda name: self._watchlist.rename(chosen, name)
        )

    def action_delete(self) -> None:
        """Delete the list under the cursor; `u` brings it back."""
        chosen = self._chosen
        if self._change(lambda: self._watchlist.delete(chosen)):
            self._show(None, t("lists.deleted", name=list_name(chosen)))
        else:
            self.show_message(t("lists.keep_one"))

    def action_undo(self) -> None:
        """Undo the last change."""
        if self._change(self._watchlist.undo):
            self._show(self._watchlist.name)
        else:
            self.show_message(t("toast.nothing_to_undo"))

    def action_shift(self, way: int) -> None:
        """Move the list under the cursor up or down."""
        chosen = self._chosen
        if self._change(lambda: self._watchlist.reorder(chosen, way)):
            self._show(chosen)

    def _ask_name(self, title: str, current: str, accept: Callable[[str], bool]) -> None:
        def close(name: str | None) -> None:
            if name and self._change(lambda: accept(name)):
                self._show(name)

        check = free_name(self._watchlist)
        dialog = NameDialog(
            current, check, (), title=title, fresh="lists.fresh", placeholder="lists.placeholder"
        )
        self.app.push_screen(dialog, close)

    @property
    def _chosen(self) -> str:
        return self._watchlist.names[self.query_one(OptionList).highlighted or 0]

    def _show(self, name: str | None, message: str = "") -> None:
        """Show the lists, the cursor on one of them, or with None where it was."""
        board, names = self.query_one(OptionList), self._watchlist.names
        place = board.highlighted or 0
        board.clear_options()
        board.add_options(
            Option(Content(f"{list_name(one)}  {t('lists.count', count=len(codes))}"))
            for one, codes in self._watchlist.lists.items()
        )
        board.highlighted = names.index(name) if name in names else min(place, len(names) - 1)
        self.show_message(message)
