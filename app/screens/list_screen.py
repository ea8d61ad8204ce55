"""The part of the main screen that changes the watchlist: its rows, and its lists.

Dialogs are imported when they are first asked for: the first picture waits for none.
"""

from abc import abstractmethod
from collections.abc import Callable
from math import nan

from app.screens.dashboard_screen import DashboardScreen
from app.screens.layout_keeper import LayoutKeeper, apply_sort, sort_text
from app.screens.market_panels import MarketPanels
from app.screens.workspace import Workspace
from app.storage.layout_lists import MOST_LISTS
from specs.combination_code import is_combination
from specs.market.instrument import Instrument
from widgets.cell_board import CellBoard
from widgets.contract_names import contract_name
from widgets.list_tabs import list_name
from widgets.texts import t

NEW_LIST = "new"
"""The choice of a new list among the lists that a row can be moved to; no list number."""


class ListScreen(DashboardScreen):
    """The watchlist by keys: adding, removing, moving, undoing, and going to another list."""

    grid: MarketPanels
    layouts: LayoutKeeper

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._cursors: dict[str, str] = {}
        """The code under the cursor of each list when it was left."""

    @property
    @abstractmethod
    def board(self) -> CellBoard:
        """The board that keys act on: the focused one, else the watchlist."""

    @abstractmethod
    def show_codes(self) -> None:
        """Bring all boards in line with the watched codes."""

    # --- its rows

    def action_add(self) -> None:
        """Ask for contracts and watch them."""
        from app.screens.dialogs.add_dialog import AddDialog

        def level(option: Instrument) -> float:
            forward = self.workspace.valuation.theory.forward(option)
            return forward.price if forward is not None else nan

        clock, limit = self.program.clock, self.program.feed.limit
        self.app.push_screen(AddDialog(self.market, limit, level, clock.now), self.add)

    def add(self, codes: list[str] | None) -> None:
        """Watch codes besides the others."""
        new = self.market.watchlist.add(codes or ())
        if codes and not new:
            self.app.show_toast(t("toast.already"))
        if not new:
            return
        self.show_codes()
        self.grid.watchlist.move_to(new[0])
        limit = self.program.feed.limit
        if len(self.market.watchlist.codes) > limit:
            self.app.show_toast(t("toast.over_limit", limit=limit), warning=True)

    def add_from_page(self, code: str) -> None:
        """Watch a contract that was chosen on a page."""
        is_new = code not in self.market.watchlist.codes
        self.add([code])
        if is_new:
            name = contract_name(self.market.instrument(code))
            self.app.show_toast(t("chain.added", name=name))

    def action_remove(self) -> None:
        """Watch the code under the cursor no longer."""
        code = self.board.code
        if self.market.watchlist.remove(code):
            self.show_codes()
            shown = contract_name(self.market.instrument(code)) if is_combination(code) else code
            self.app.show_toast(t("toast.removed", code=shown))

    def action_undo(self) -> None:
        """Undo the last change of a list, in whichever it was."""
        if not self.change_lists(self.market.watchlist.undo):
            self.app.show_toast(t("toast.nothing_to_undo"))

    def action_roll(self) -> None:
        """Replace the contract under the cursor by its next expiry."""
        code, contracts, watchlist = self.board.code, self.market.contracts, self.market.watchlist
        if not code:
            return
        following = contracts.successor(code, self.program.clock.now().date())
        if following is None:
            self.app.show_toast(t("toast.no_successor", code=code), warning=True)
            return
        name = contract_name(contracts.instrument(following))
        if watchlist.replace_code(following, code):
            self.show_codes()
            self.grid.watchlist.move_to(following)
            self.app.show_toast(t("toast.rolled", code=code, name=name))
        elif watchlist.remove(code):
            self.show_codes()
            self.app.show_toast(t("toast.rolled_away", code=code, name=name))

    def action_shift_row(self, way: int) -> None:
        """Move the row under the cursor; a sorted list keeps the order it has from then on."""
        board, watchlist = self.grid.watchlist, self.market.watchlist
        code = board.code
        if board.filter_text:
            self.app.show_toast(t("filter.keeps_order"))
            return
        if board.sort is not None:
            order = board.codes
            board.sort_by(None)
            watchlist.replace(order)
        if watchlist.shift(code, way):
            self.show_codes()
            board.move_to(code)

    # --- its lists

    def change_lists(self, change: Callable[[], bool]) -> bool:
        """Carry out a change that may open another list, and return whether it was one.

        Every list keeps its sort order and its cursor.
        """
        watchlist, board = self.market.watchlist, self.grid.watchlist
        before = watchlist.name
        watchlist.sorts[before], self._cursors[before] = sort_text(board), board.code
        if not change():
            return False
        opened = watchlist.name
        if opened != before:
            apply_sort(board, watchlist.sorts.get(opened, ""))
        self.show_codes()
        if opened != before:
            board.move_to(self._cursors.get(opened) or next(iter(board.codes), ""))
        return True

    def action_list(self, way: int) -> None:
        """Open the list before or behind."""
        if not self.change_lists(lambda: self.market.watchlist.step(way)):
            only = len(self.market.watchlist.names) == 1
            key = "only" if only else "last" if way > 0 else "first"
            self.app.show_toast(t(f"lists.{key}"))

    def action_open_list(self, number: int) -> None:
        """Open a list by its number, from 0; a tab was clicked."""
        watchlist = self.market.watchlist
        if number < len(watchlist.names):
            self.change_lists(lambda: watchlist.open(watchlist.names[number]))

    def action_lists(self) -> None:
        """Ask for a list to open; lists are made, renamed, ordered and deleted there, too."""
        from app.screens.dialogs.lists_dialog import ListsDialog

        def close(name: str | None) -> None:
            if name is not None:
                self.change_lists(lambda: self.market.watchlist.open(name))

        self.app.push_screen(ListsDialog(self.market.watchlist, self.change_lists), close)

    def action_new_list(self) -> None:
        """Ask for a name and open a new list."""
        self._ask_name("lists.new", lambda name: self.market.watchlist.create(name))

    def action_move_row(self) -> None:
        """Move the code under the cursor to another list; ask to which if there are several."""
        from app.screens.dialogs.choose_dialog import ChooseDialog

        code, watchlist = self.board.code, self.market.watchlist
        if not code:
            return
        others = [name for name in watchlist.names if name != watchlist.name]

        def move(to: str) -> None:
            if self.change_lists(lambda: watchlist.move(code, to)):
                name = contract_name(self.market.instrument(code)) or code
                self.app.show_toast(t("lists.moved", name=name, list=list_name(to)))

        def choose(chosen: str | None) -> None:
            if chosen == NEW_LIST:
                self._ask_name("lists.new", lambda name: watchlist.move(code, name))
            elif chosen is not None:
                move(others[int(chosen)])

        if len(others) == 1:
            move(others[0])
            return
        options = [(str(at), list_name(name)) for at, name in enumerate(others)]
        options.append((NEW_LIST, t("lists.new_choice")))
        self.app.push_screen(ChooseDialog(t("lists.move_title"), options), choose)

    def _ask_name(self, title: str, accept: Callable[[str], bool]) -> None:
        """Ask for the name of a new list and carry out a change with it."""
        from app.screens.dialogs.lists_dialog import free_name
        from app.screens.dialogs.name_dialog import NameDialog

        watchlist = self.market.watchlist
        if len(watchlist.names) >= MOST_LISTS:
            self.app.show_toast(t("lists.too_many", most=MOST_LISTS), warning=True)
            return

        def close(name: str | None) -> None:
            if name is not None:
                self.change_lists(lambda: accept(name))

        dialog = NameDialog(
            "",
            free_name(watchlist),
            (),
            title=title,
            fresh="lists.fresh",
            placeholder="lists.placeholder",
        )
        self.app.push_screen(dialog, close)
