"""The title above the watchlist: its lists as tabs, the layout's name and the hidden code."""

from collections.abc import Collection

from rich.cells import cell_len
from textual.content import Content

from app.market.market import Market
from app.screens.board_filters import SEPARATOR, filter_mark
from widgets.list_tabs import list_tabs
from widgets.texts import t, with_key
from widgets.watchlist import WatchlistBoard

_FRAME = 6
"""Cells of a panel's upper border that its title does not have."""


class ListTitle:
    """Writes the title of the watchlist."""

    def __init__(self, board: WatchlistBoard, market: Market) -> None:
        self._board = board
        self._market = market
        self._shown: tuple[object, ...] = ()
        self.layout_name = ""
        """The name of the layout, with a mark if it is not saved."""
        self.changed_lists: Collection[str] = ()
        """The names of lists that differ from the saved ones."""

    def show(self) -> None:
        """Write the title anew where one of its parts has changed."""
        setup, watchlist = self._market.row_views.setup, self._market.watchlist
        marked = t("baseline.marked", at=setup.at) if setup.kind == "mark" else ""
        parts = marked, self.layout_name, self._board.hidden_code
        names, changed = watchlist.names, self.changed_lists
        mark = filter_mark(self._board)
        shown = (watchlist.name, names, changed, mark, parts, self._board.outer_size.width)
        if shown == self._shown:
            return
        self._shown = shown
        title = with_key("watchlist", t("panel.watchlist"))
        rest = mark + "".join(f"{SEPARATOR}{part}" for part in parts if part)
        room = self._board.outer_size.width - _FRAME - cell_len(title + rest + SEPARATOR)
        tabs = list_tabs(names, watchlist.name, changed, room)
        self._board.border_title = Content.assemble(title, SEPARATOR if tabs else "", tabs, rest)
