"""The filter of a page of a chain: it is asked for, named in the head of the page, and cleared."""

from collections.abc import Callable, Sequence

from app.instruments.option_chain import Chain
from app.screens.keymap import Command
from app.screens.row_filters import ask_filter, column_names, ticker_names
from app.screens.textual_compat import SafeApp
from specs.market.ticker import Ticker
from widgets.board_column import BoardColumn
from widgets.chain import ChainBoard
from widgets.status import StatusPart
from widgets.texts import t

FILTER_KEY = Command("chain_filter", ("f",), "f", "filter", "page", 7)


class ChainFilter:
    """The filter of one chain board."""

    def __init__(self, board: ChainBoard, row: Callable[[str], Ticker | None]) -> None:
        self._board = board
        self._row = row
        self._cleared = ""

    @property
    def part(self) -> StatusPart:
        """The filter and how many strikes it shows, for the head of the page; empty without one."""
        selection = self._board.selection
        if not selection.text:
            return StatusPart("")
        shown, total = len(selection.shown), len(selection.all)
        mark = t("filter.mark", text=selection.text, shown=shown, total=total)
        return StatusPart(mark, 1, "$accent")

    def ask(self, app: SafeApp, chain: Chain | None, columns: Sequence[BoardColumn]) -> None:
        """Ask for an expression; what was cleared last is offered again."""
        strikes = chain.strikes if chain is not None else ()

        def rows() -> list[Ticker]:
            found = (self._row(code) for strike in strikes for code in strike.codes if code)
            return [row for row in found if row is not None]

        ask_filter(
            app,
            ticker_names(columns),
            [column_names(column.id)[0] for column in columns],
            self._board.selection.text or self._cleared,
            rows,
            self._board.set_filter,
        )

    def clear(self) -> bool:
        """Show all strikes again; return False if they were shown."""
        if not self._board.selection.text:
            return False
        self._cleared = self._board.selection.text
        self._board.set_filter("", None)
        return True
