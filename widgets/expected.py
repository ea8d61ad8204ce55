"""The auction board (예상체결): what a call auction indicates, and what it ended with.

Night index options and day stock derivatives have such a TR (H0EUANC0, H0ZOANC0, H0ZFANC0); index
products by day do not: theirs come from REST, where it is asked, and are marked so.  The rows stand
in the order of the watchlist.  The columns depend on the stage of the auction; once it is over,
nothing changes any more.
"""

from collections.abc import Callable, Iterable, Sequence
from math import isfinite, nan
from typing import Literal

from msgspec.structs import replace

from specs.expected_trend import RestExpected
from specs.market.indication import Indication, IndicationValues
from specs.market.ticker import (
    RowAge,
    Ticker,
    direction,
    expected_base,
    expected_price,
    signed,
    time_of,
)
from specs.record import ExpectedRecord
from specs.time_of_day import second_of_trade_date
from specs.user_message import UserMessage
from widgets import cells, times
from widgets.board_column import (
    CODE,
    OWN,
    QUOTES,
    TONES,
    BoardCell,
    BoardColumn,
    Freshness,
    choose,
    freshness,
    name,
)
from widgets.cell_board import CellBoard
from widgets.sparkline import sparkline

AuctionStage = Literal["opening", "closing", "opened", "closed"]
"""An auction that opens trading goes on, or one that ends or interrupts it, or is over."""

_NO_INDICATION = Indication(is_running=False)


def _field(name: str) -> Callable[[Ticker], float]:
    def value(row: Ticker) -> float:
        return getattr(row.expected, name, nan)

    return value


def _tone(row: Ticker) -> str:
    expected = row.expected
    if expected is None:
        return "label"
    return TONES[direction(expected.expected_change_sign, expected.expected_change)]


def _priced(row: Ticker) -> ExpectedRecord | None:
    """Return the record, or None if it has no price from which to measure a change."""
    return row.expected if isfinite(expected_price(row)) else None


def expected_change(row: Ticker) -> float:
    """Return the change of the expected price from the previous close; nan without one."""
    expected = _priced(row)
    return signed(expected.expected_change, expected.expected_change_sign) if expected else nan


def expected_percent(row: Ticker) -> float:
    """Return the change of the expected price in percent; nan without one."""
    expected = _priced(row)
    if expected is None:
        return nan
    return signed(expected.expected_change_percent, expected.expected_change_sign)


def expected_price_cell(row: Ticker, age: Freshness) -> BoardCell:
    """Return the expected price in the tone of its change."""
    return BoardCell(cells.number(expected_price(row), row.instrument.decimals), _tone(row))


def expected_change_cell(row: Ticker, age: Freshness) -> BoardCell:
    """Return the change of the expected price, with its arrow."""
    expected = row.expected
    if expected is None:
        return BoardCell(cells.MISSING, "label")
    way = direction(expected.expected_change_sign, expected.expected_change)
    limit = expected.expected_change_sign in ("1", "4")
    text = cells.change(expected_change(row), way, limit, row.instrument.decimals)
    return BoardCell(text, TONES[way])


def expected_percent_cell(row: Ticker, age: Freshness) -> BoardCell:
    """Return the change of the expected price in percent."""
    return BoardCell(cells.percent(expected_percent(row)), _tone(row))


def expected_time_cell(row: Ticker, age: Freshness) -> BoardCell:
    """Return the time of the last expected price."""
    return BoardCell(times.clock(time_of(row.expected)), "older")


def _values(row: Ticker) -> IndicationValues:
    return (row.indication or _NO_INDICATION).values


def _edge(row: Ticker) -> float:
    """Return the expected price less the theoretical one; nan without one of them."""
    return expected_price(row) - _values(row).theory


def _own_cell(text: str, value: float, tone: str) -> BoardCell:
    """Return a value of our own with its mark, as old as its oldest input."""
    return BoardCell(cells.marked(text, isfinite(value)), tone if isfinite(value) else "label")


def _edge_cell(row: Ticker, age: Freshness) -> BoardCell:
    return _own_cell(cells.plus(_edge(row), row.instrument.decimals), _edge(row), OWN)


def _volatility_cell(row: Ticker, age: Freshness) -> BoardCell:
    value = _values(row).volatility
    return _own_cell(cells.volatility(value), value, QUOTES)


def _from_last(row: Ticker) -> float:
    """Return the expected price less the last one before a closing auction."""
    return expected_price(row) - (row.indication or _NO_INDICATION).before


def _from_last_cell(row: Ticker, age: Freshness) -> BoardCell:
    value = _from_last(row)
    tone = TONES[(value > 0) - (value < 0)] if isfinite(value) else "label"
    return BoardCell(cells.plus(value, row.instrument.decimals), tone)


def _uncross(row: Ticker) -> float:
    return (row.indication or _NO_INDICATION).uncross


def _uncross_cell(row: Ticker, age: Freshness) -> BoardCell:
    value = _uncross(row)
    base = expected_base(row.expected) if row.expected is not None else nan
    tone = TONES[(value > base) - (value < base)] if isfinite(value) else "label"
    return BoardCell(cells.number(value, row.instrument.decimals), tone)


def _uncross_change(row: Ticker) -> float:
    """Return the price that ended the auction less the last expected one."""
    return _uncross(row) - expected_price(row)


def _uncross_change_cell(row: Ticker, age: Freshness) -> BoardCell:
    value = _uncross_change(row)
    tone = TONES[(value > 0) - (value < 0)] if isfinite(value) else "label"
    return BoardCell(cells.plus(value, row.instrument.decimals), tone)


def _path_cell(row: Ticker, age: Freshness) -> BoardCell:
    """Return the path as a line of each width that a cell may have, the widest first."""
    path = (row.indication or _NO_INDICATION).path
    widths = range(_LONGEST_PATH, _SHORTEST_PATH - 1, -1)
    lines = [sparkline(path, width) for width in widths]
    return BoardCell(lines[0], _tone(row), tuple(lines[1:]))


def _since_first(row: Ticker) -> float:
    """Return the expected price less the first one of the auction."""
    path = (row.indication or _NO_INDICATION).path
    return expected_price(row) - next((one for one in path if isfinite(one)), nan)


def _base(row: Ticker) -> float:
    expected = _priced(row)
    return expected_base(expected) if expected else nan


_SHORTEST_PATH, _LONGEST_PATH = 6, 24

COLUMNS: tuple[BoardColumn, ...] = (
    replace(CODE, rank=12),
    name(1, 16, 24),
    BoardColumn("expected_price", 8, 2, expected_price, expected_price_cell, flashes=True),
    BoardColumn("uncross", 8, 3, _uncross, _uncross_cell),
    BoardColumn("uncross_change", 9, 4, _uncross_change, _uncross_change_cell),
    BoardColumn("expected_change", 8, 9, expected_change, expected_change_cell),
    BoardColumn("expected_percent", 6, 5, expected_percent, expected_percent_cell),
    BoardColumn("from_last", 9, 7, _from_last, _from_last_cell),
    BoardColumn("expected_edge", 9, 6, _edge, _edge_cell),
    BoardColumn("expected_volatility", 6, 8, lambda row: _values(row).volatility, _volatility_cell),
    BoardColumn(
        "expected_volume",
        5,
        10,
        _field("expected_volume"),
        lambda row, _: BoardCell(cells.quantity(_field("expected_volume")(row))),
        flashes=True,
    ),
    BoardColumn(
        "expected_path",
        _SHORTEST_PATH,
        8,
        _since_first,
        _path_cell,
        right=False,
        grows=_LONGEST_PATH,
    ),
    BoardColumn(
        "base",
        9,
        14,
        _base,
        lambda row, _: BoardCell(cells.number(_base(row), row.instrument.decimals), "older"),
        optional=True,
    ),
    BoardColumn(
        "operation",
        4,
        15,
        lambda row: row.expected.market_operation_code if row.expected else "",
        lambda row, _: BoardCell(
            row.expected.market_operation_code if row.expected else "", "older"
        ),
        right=False,
        optional=True,
    ),
    BoardColumn(
        "expected_time",
        8,
        13,
        lambda row: second_of_trade_date(time_of(row.expected)),
        expected_time_cell,
    ),
)

_LEFT_OUT: dict[AuctionStage, frozenset[str]] = {
    "opening": frozenset(("uncross", "uncross_change", "from_last")),
    "closing": frozenset(("uncross", "uncross_change")),
    "opened": frozenset(("from_last",)),
    "closed": frozenset(),
}
"""Columns that have nothing to show at a stage."""

_RESULT_RANKS = {"expected_time": 5, "expected_percent": 11, "expected_path": 9}
_RANKS: dict[AuctionStage, dict[str, int]] = {
    "opening": {},
    "closing": {"expected_percent": 9},
    "opened": _RESULT_RANKS,
    "closed": _RESULT_RANKS,
}
"""Ranks that differ at a stage; the watchlist has the change from the previous close, too."""


class ExpectedBoard(CellBoard):
    """The board of the current auction, or of the result of the last one."""

    STARTS_AT_TOP = True

    def __init__(self) -> None:
        self._stage: AuctionStage = "opened"
        super().__init__(COLUMNS, empty="expected.empty", id="expected")

    @property
    def stage(self) -> AuctionStage:
        """The stage of the auction whose columns are shown."""
        return self._stage

    def set_stage(self, stage: AuctionStage) -> None:
        """Show the columns of a stage."""
        if stage != self._stage:
            self._stage = stage
            self._measure()

    def show(self, rows: Iterable[Ticker]) -> None:
        super().show(map(_of_auction, rows))

    def update_rows(self, rows: Iterable[Ticker]) -> None:
        super().update_rows(map(_of_auction, rows))

    def _measure(self) -> None:
        super()._measure()
        self._widths = choose(self._offered(), self._measured, self._needed)

    def _offered(self) -> Sequence[BoardColumn]:
        """Return the requested columns that have something to show at this stage."""
        left_out = _LEFT_OUT[self._stage]
        shown = [column for column in self._shown if column.id not in left_out]
        ranks = _RANKS[self._stage]
        return [replace(one, rank=ranks.get(one.id, one.rank)) for one in shown]

    def _age(self, row: Ticker) -> RowAge:
        return expected_age(row, self._now)


def expected_age(row: Ticker, now: float) -> RowAge:
    """Return the age of the expected price and of our values at it; a result does not age.

    The age of quotes is that of the volatility, which has other inputs than the theoretical price.
    """
    if row.indication is None or not row.indication.is_running:
        return RowAge()
    values = row.indication.values
    return RowAge(
        freshness(now - row.expected_at),
        freshness(now - values.at),
        freshness(now - values.theory_at),
    )


def _of_auction(row: Ticker) -> Ticker:
    """Return a row with the words of this board alone: whether its price was asked for."""
    is_rest = isinstance(row.expected, RestExpected)
    return replace(row, note="", badge=UserMessage("badge.rest") if is_rest else "")
