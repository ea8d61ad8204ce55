"""The expected-execution board (예상체결): the uncrossing prices of an auction, by size of move.

Night index options and day stock derivatives have such a TR (H0EUANC0, H0ZOANC0, H0ZFANC0); index
products by day do not: theirs come from REST, where it is asked, and are marked so.
"""

from collections.abc import Callable, Iterable
from math import isfinite, nan

from msgspec.structs import replace

from specs.expected_trend import RestExpected
from specs.market.ticker import (
    Ticker,
    direction,
    expected_base,
    expected_price,
    price,
    signed,
    time_of,
)
from specs.record import ExpectedRecord
from specs.time_of_day import second_of_trade_date
from specs.user_message import UserMessage
from widgets import cells, times
from widgets.board_column import CODE, TONES, BoardCell, BoardColumn, Freshness, name
from widgets.cell_board import CellBoard


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


def _change(row: Ticker) -> float:
    expected = _priced(row)
    return signed(expected.expected_change, expected.expected_change_sign) if expected else nan


def _percent(row: Ticker) -> float:
    expected = _priced(row)
    if expected is None:
        return nan
    return signed(expected.expected_change_percent, expected.expected_change_sign)


def _change_cell(row: Ticker, age: Freshness) -> BoardCell:
    expected = row.expected
    if expected is None:
        return BoardCell(cells.MISSING, "label")
    way = direction(expected.expected_change_sign, expected.expected_change)
    limit = expected.expected_change_sign in ("1", "4")
    text = cells.change(_change(row), way, limit, row.instrument.decimals)
    return BoardCell(text, TONES[way])


def _gap(row: Ticker) -> float:
    return expected_price(row) - price(row)


def _base(row: Ticker) -> float:
    expected = _priced(row)
    return expected_base(expected) if expected else nan


COLUMNS: tuple[BoardColumn, ...] = (
    replace(CODE, rank=7),
    name(1, 16, 24),
    BoardColumn(
        "expected_price",
        9,
        2,
        expected_price,
        lambda row, _: BoardCell(
            cells.number(expected_price(row), row.instrument.decimals),
            _tone(row),
        ),
        flashes=True,
    ),
    BoardColumn("expected_change", 8, 4, _change, _change_cell),
    BoardColumn(
        "expected_percent",
        6,
        3,
        _percent,
        lambda row, _: BoardCell(cells.percent(_percent(row)), _tone(row)),
    ),
    BoardColumn(
        "expected_volume",
        5,
        5,
        _field("expected_volume"),
        lambda row, _: BoardCell(cells.quantity(_field("expected_volume")(row))),
        flashes=True,
    ),
    BoardColumn(
        "gap",
        7,
        6,
        _gap,
        lambda row, _: BoardCell(cells.plus(_gap(row), row.instrument.decimals)),
    ),
    BoardColumn(
        "base",
        9,
        8,
        _base,
        lambda row, _: BoardCell(cells.number(_base(row), row.instrument.decimals), "older"),
    ),
    BoardColumn(
        "operation",
        4,
        10,
        lambda row: row.expected.market_operation_code if row.expected else "",
        lambda row, _: BoardCell(
            row.expected.market_operation_code if row.expected else "", "older"
        ),
        right=False,
    ),
    # Never drawn: the size of the move, by which the board is sorted.
    BoardColumn("expected_move", 999, 99, lambda row: abs(_percent(row)), _change_cell),
    BoardColumn(
        "expected_time",
        8,
        9,
        lambda row: second_of_trade_date(time_of(row.expected)),
        lambda row, _: BoardCell(times.clock(time_of(row.expected)), "older"),
    ),
)


class ExpectedBoard(CellBoard):
    """The board of the current auction, or of the result of the last one."""

    STARTS_AT_TOP = True

    def __init__(self) -> None:
        super().__init__(COLUMNS, empty="expected.empty", id="expected")
        self.reset_sort()

    def reset_sort(self) -> None:
        self.sort_by("expected_move", descending=True)

    def show(self, rows: Iterable[Ticker]) -> None:
        super().show(map(_of_auction, rows))

    def update_rows(self, rows: Iterable[Ticker]) -> None:
        super().update_rows(map(_of_auction, rows))


def _of_auction(row: Ticker) -> Ticker:
    """Return a row with the words of this board alone: whether its price was asked for."""
    is_rest = isinstance(row.expected, RestExpected)
    return replace(row, note="", badge=UserMessage("badge.rest") if is_rest else "")
