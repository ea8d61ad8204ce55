"""The filters of the boards: asked for, named in the titles of their panels, and cleared."""

from collections.abc import Callable, Iterable

from app.market.market import Market
from app.screens.row_filters import ask_filter, column_names, ticker_names
from app.screens.textual_compat import SafeApp
from specs.market.ticker import Ticker
from widgets.board import Board
from widgets.texts import t

SEPARATOR = " ─ "


class BoardFilters:
    """Filters boards by expressions; `changed` is called when one was chosen or cleared."""

    def __init__(self, market: Market, changed: Callable[[], None]) -> None:
        self._market = market
        self._changed = changed
        self._cleared: dict[Board, str] = {}
        """The expressions that were cleared last, to be offered again."""

    def ask(self, app: SafeApp, board: Board) -> None:
        """Ask for the expression of a board."""

        def rows() -> list[Ticker]:
            found = map(self._market.row, board.all_codes)
            return [row for row in found if row is not None]

        def choose(text: str, matches: Callable[[Ticker], bool] | None) -> None:
            board.set_filter(text, matches)
            self._changed()

        names = ticker_names(board.columns)
        headings = (column_names(column.id)[0] for column in board.columns)
        hints = [heading for heading in headings if heading in names.values]
        text = board.filter_text or self._cleared.get(board, "")
        ask_filter(app, names, hints, text, rows, choose)

    def clear(self, boards: Iterable[Board]) -> bool:
        """Show all rows of the first of some boards that has a filter; return False without one."""
        board = next((one for one in boards if one.filter_text), None)
        if board is None:
            return False
        self._cleared[board] = board.filter_text
        board.set_filter("", None)
        self._changed()
        return True


def marked_title(title: str, board: Board) -> str:
    """Return the title of a panel with its board's filter behind the panel's name."""
    name, separator, rest = title.partition(SEPARATOR)
    return name + filter_mark(board) + separator + rest


def filter_mark(board: Board) -> str:
    """Return a board's filter and how many rows it shows, for a title; empty without one."""
    if not board.filter_text:
        return ""
    shown, total = board.row_count, len(board.all_codes)
    return SEPARATOR + t("filter.mark", text=board.filter_text, shown=shown, total=total)
