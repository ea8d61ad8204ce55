"""The expected-execution board (예상체결): what an auction would uncross at, by size of the move.

Night index options and day stock derivatives have such a TR (H0EUANC0, H0ZOANC0, H0ZFANC0); index
futures have none, so none is shown for them.
"""

from collections.abc import Callable, Iterable
from math import isfinite, nan

from msgspec.structs import replace

from specs.kinds import Expected
from specs.market.ticker import (
    Row,
    direction,
    expected_base,
    expected_price,
    price,
    signed,
    time_of,
)
from widgets import cells, times
from widgets.board import Board
from widgets.columns import CODE, TONES, Cell, Column, Freshness, name


def _field(name: str) -> Callable[[Row], float]:
    def value(row: Row) -> float:
        return getattr(row.expected, name, nan)

    return value


def _tone(row: Row) -> str:
    expected = row.expected
    if expected is None:
        return "label"
    return TONES[direction(expected.expected_change_sign, expected.expected_change)]


def _priced(row: Row) -> Expected | None:
    """The record, unless it has no price to measure a change from."""
    return row.expected if isfinite(expected_price(row)) else None


def _change(row: Row) -> float:
    expected = _priced(row)
    return signed(expected.expected_change, expected.expected_change_sign) if expected else nan


def _percent(row: Row) -> float:
    expected = _priced(row)
    if expected is None:
        return nan
    return signed(expected.expected_change_percent, expected.expected_change_sign)


def _change_cell(row: Row, age: Freshness) -> Cell:
    expected = row.expected
    if expected is None:
        return Cell(cells.MISSING, "label")
    way = direction(expected.expected_change_sign, expected.expected_change)
    limit = expected.expected_change_sign in ("1", "4")
    text = cells.change(_change(row), way, limit, row.instrument.decimals)
    return Cell(text, TONES[way])


def _gap(row: Row) -> float:
    return expected_price(row) - price(row)


def _base(row: Row) -> float:
    expected = _priced(row)
    return expected_base(expected) if expected else nan


COLUMNS: tuple[Column, ...] = (
    replace(CODE, rank=7),
    name(1, 16, 24),
    Column(
        "expected_price",
        9,
        2,
        expected_price,
        lambda row, _: Cell(
            cells.number(expected_price(row), row.instrument.decimals),
            _tone(row),
        ),
        flashes=True,
    ),
    Column("expected_change", 8, 4, _change, _change_cell),
    Column(
        "expected_percent",
        6,
        3,
        _percent,
        lambda row, _: Cell(cells.percent(_percent(row)), _tone(row)),
    ),
    Column(
        "expected_volume",
        5,
        5,
        _field("expected_volume"),
        lambda row, _: Cell(cells.quantity(_field("expected_volume")(row))),
        flashes=True,
    ),
    Column(
        "gap",
        7,
        6,
        _gap,
        lambda row, _: Cell(cells.plus(_gap(row), row.instrument.decimals)),
    ),
    Column(
        "base",
        9,
        8,
        _base,
        lambda row, _: Cell(cells.number(_base(row), row.instrument.decimals), "older"),
    ),
    Column(
        "operation",
        4,
        10,
        lambda row: row.expected.market_operation_code if row.expected else "",
        lambda row, _: Cell(row.expected.market_operation_code if row.expected else "", "older"),
        right=False,
    ),
    # Never drawn: the size of the move that the board is ordered by.
    Column("expected_move", 999, 99, lambda row: abs(_percent(row)), _change_cell),
    Column(
        "expected_time",
        8,
        9,
        lambda row: times.place(time_of(row.expected)),
        lambda row, _: Cell(times.clock(time_of(row.expected)), "older"),
    ),
)


class ExpectedBoard(Board):
    """The board of the running auction, or of the last one's result."""

    STARTS_AT_TOP = True

    def __init__(self) -> None:
        super().__init__(COLUMNS, empty="expected.empty", id="expected")
        self.sort_own()

    def sort_own(self) -> None:
        self.sort_by("expected_move", descending=True)

    def show(self, rows: Iterable[Row]) -> None:
        super().show(replace(row, note="", badge="") for row in rows)

    def update_rows(self, rows: Iterable[Row]) -> None:
        super().update_rows(replace(row, note="", badge="") for row in rows)
