"""The greeks panel: the selected option or future in full, and the greeks of all options."""

from datetime import date
from math import nan
from typing import ClassVar

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from specs.item_errors import report_item_error
from specs.market.displayed_greeks import GREEKS, displayed_greek
from specs.market.ticker import Ticker
from widgets.board_column import CODE, BoardColumn, delta_won_column, drift_column, greek, iv, name
from widgets.cell_board import CellBoard
from widgets.combination_detail import combination_lines
from widgets.futures_detail import futures_lines
from widgets.greeks_detail import GreekPaths, GreeksDetail
from widgets.texts import t

COLUMNS: tuple[BoardColumn, ...] = (
    replace(CODE, rank=9),
    name(1, 16, 24),
    *(greek(n) for n in GREEKS[:4]),
    replace(greek("rho"), rank=7),
    iv(8),
    drift_column(6),
    delta_won_column(5, optional=True),
)

ROOM_FOR_PATHS = 17
"""Rows of the panel, without its frame, from which the paths of the option are drawn."""


class GreeksBoard(CellBoard):
    """The greeks of every watched option."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"board--drifted"}

    def __init__(self) -> None:
        super().__init__(COLUMNS, empty="greeks.empty", id="greeks_board")


class GreeksPanel(Vertical):
    """The selected contract in the upper part, a board of all options below."""

    def __init__(self) -> None:
        super().__init__(id="greeks")
        self.board = GreeksBoard()
        self._detail = GreeksDetail(id="greeks_detail")
        self._row: Ticker | None = None
        self._rows: dict[str, Ticker] = {}
        self._sizes: dict[str, tuple[Ticker, dict[str, float]]] = {}
        self._today: date | None = None
        self._now = 0.0
        self._basis = ""
        self._close = ""
        self._left = nan
        self._paths: GreekPaths = {}
        self._drawn: tuple[object, list[Content]] = (None, [])

    def compose(self) -> ComposeResult:
        yield self._detail
        yield self.board

    def on_resize(self) -> None:
        """Fit the upper part to another width at once, not at the next tick."""
        self.call_after_refresh(self._write)

    @property
    def selected(self) -> Ticker | None:
        """The contract in the upper part."""
        return self._row

    def show(self, rows: list[Ticker]) -> None:
        """Show these rows and no others."""
        self._rows = {row.code: row for row in rows}
        self._sizes = {code: kept for code, kept in self._sizes.items() if code in self._rows}
        options = [row for row in rows if is_option(row)]
        self.board.show(options)
        if self._row is None or self._row.code not in self._rows:
            self._row = next(iter([*options, *rows]), None)
        else:
            self._row = self._rows[self._row.code]
        self._write()

    def update_rows(self, rows: list[Ticker]) -> None:
        """Apply changed rows."""
        known = [row for row in rows if row.code in self._rows]
        for row in known:
            self._rows[row.code] = row
            if self._row is not None and row.code == self._row.code:
                self._row = row
                try:
                    self._write()
                except Exception as error:
                    report_item_error(error)
        self.board.update_rows(known)

    def select(self, code: str) -> None:
        """Show this contract in the upper part; codes of no row are ignored."""
        if code in self._rows:
            self._row = self._rows[code]
            self._basis, self._paths = "", {}
            self.board.move_to(code)
            self._write()

    def explain(self, basis: str, paths: GreekPaths) -> None:
        """Set the basis of the theoretical values above, and the paths; `tick` draws them."""
        self._basis, self._paths = basis, paths

    def tick(
        self, today: date, now: float, *, live: bool, close: str = "", left: float = nan
    ) -> None:
        """Advance to `now`.

        `close` is the time at which the index closed, at night, and `left` the number of seconds
        that the selected contract trades.
        """
        self._today, self._now, self._close, self._left = today, now, close, left
        self.board.tick(now, live=live)
        self._detail.set_class(not live, "dead")
        self._write()

    def _write(self) -> None:
        """Draw the upper part; a new layout, which costs far more, only if its height changed."""
        row = self._row
        if row is None or self._today is None:
            lines = Content(t("greeks.none") if row is None else "")
        elif row.combination is not None:
            lines = Content("\n").join(combination_lines(row, row.combination))
        elif not is_option(row):
            width = self._detail.size.width
            found = futures_lines(row, width, self._now, self._today, self._left)
            lines = Content("\n").join(found)
        else:
            found = self._detail.lines(
                row,
                self._today,
                self._now,
                self._largest(row),
                self._basis,
                self._close,
                self._left,
            )
            if self.size.height >= ROOM_FOR_PATHS:
                found += self._path_lines(row)
            lines = Content("\n").join(found)
        shown = self._detail.content
        if not (isinstance(shown, Content) and lines.is_same(shown)):
            height = lines.get_height({}, max(1, self._detail.size.width))
            self._detail.update(lines, layout=height != self._detail.size.height)

    def _path_lines(self, row: Ticker) -> list[Content]:
        """Return the lines of the paths, cached by their number of points: they have thousands."""
        points = [len(path) for path in self._paths.values()]
        version = (row.code, self._detail.size.width, points)
        if self._drawn[0] != version:
            self._drawn = (version, self._detail.paths(row, self._paths))
        return self._drawn[1]

    def _largest(self, row: Ticker) -> dict[str, float]:
        """Return the largest of each greek among the options on the same underlying."""
        product = row.code[1:3] if row.instrument.decimals == 0 else ""
        largest: dict[str, float] = {}
        for other in filter(is_option, self._rows.values()):
            if product != (other.code[1:3] if other.instrument.decimals == 0 else ""):
                continue
            for which, size in self._sizes_of(other).items():
                if size > largest.get(which, 0.0):
                    largest[which] = size
        return largest

    def _sizes_of(self, row: Ticker) -> dict[str, float]:
        """Return the sizes of a row's greeks, computed once for each row object."""
        computed = self._sizes.get(row.code)
        if computed is None or computed[0] is not row:
            sizes = {which: abs(displayed_greek(row, which).value) for which in GREEKS}
            computed = self._sizes[row.code] = (row, sizes)
        return computed[1]


def is_option(row: Ticker) -> bool:
    """Return whether a row is an option's, and not a future's or a calendar spread's."""
    return row.instrument.right is not None
