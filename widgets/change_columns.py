"""The columns of the change (대비) and its percentage, from whichever price the user has chosen."""

from collections.abc import Mapping
from math import isfinite, nan

from specs.market.row_view import Baseline
from specs.market.ticker import (
    Ticker,
    direction,
    is_indicative,
    price,
    shown_price,
    signed,
    trade_price,
)
from widgets import cells
from widgets.board_column import TONES, BoardCell, BoardColumn, Freshness
from widgets.expected import (
    expected_change,
    expected_change_cell,
    expected_percent,
    expected_percent_cell,
)

HEADINGS: Mapping[Baseline, Mapping[str, str]] = {
    "settlement": {},
    "close": {"change": "column.change_close", "percent": "column.percent_close"},
    "open": {"change": "column.change_open", "percent": "column.percent_open"},
    "mark": {"change": "column.change_mark", "percent": "column.percent_mark"},
}
"""Keys of the headings that differ from the usual ones, by column."""


def base_price(row: Ticker) -> float:
    """Return the price that the user has chosen to measure from; nan where it is unknown."""
    return trade_price(row, "open") if row.view.baseline == "open" else row.view.base


def _change(row: Ticker) -> float:
    if row.view.baseline != "settlement":
        return shown_price(row) - base_price(row)
    if row.indication is not None and is_indicative(row):
        return expected_change(row)
    if row.trade is None or price(row) != price(row):
        return nan
    return signed(row.trade.change, row.trade.change_sign)


def _change_cell(row: Ticker, age: Freshness) -> BoardCell:
    if row.view.baseline != "settlement":
        return _measured_cell(row, _change(row))
    trade = row.trade
    if row.indication is not None and is_indicative(row):
        return expected_change_cell(row, age)
    if trade is None:
        return BoardCell(cells.MISSING, "label")
    way = direction(trade.change_sign, trade.change)
    limit = trade.change_sign in ("1", "4")
    return BoardCell(cells.change(_change(row), way, limit, row.instrument.decimals), TONES[way])


def _percent(row: Ticker) -> float:
    if row.view.baseline != "settlement":
        base = base_price(row)
        return 100 * (shown_price(row) - base) / base if base > 0 else nan
    if row.indication is not None and is_indicative(row):
        return expected_percent(row)
    if row.trade is None or price(row) != price(row):
        return nan
    return signed(row.trade.change_percent, row.trade.change_sign)


def _percent_cell(row: Ticker, age: Freshness) -> BoardCell:
    if row.view.baseline != "settlement":
        value = _percent(row)
        return BoardCell(cells.percent(value), _tone(value))
    trade = row.trade
    if row.indication is not None and is_indicative(row):
        return expected_percent_cell(row, age)
    if trade is None:
        return BoardCell(cells.MISSING, "label")
    way = direction(trade.change_sign, trade.change)
    return BoardCell(cells.percent(_percent(row)), TONES[way])


def _measured_cell(row: Ticker, value: float) -> BoardCell:
    if not isfinite(value):
        return BoardCell(cells.MISSING, "label")
    # Without the rounding the difference of equal prices could have a sign.
    value = round(value, 6)
    way = (value > 0) - (value < 0)
    return BoardCell(cells.change(value, way, False, row.instrument.decimals), TONES[way])


def _tone(value: float) -> str:
    return TONES[(value > 0) - (value < 0)] if isfinite(value) else "label"


CHANGE_COLUMNS: tuple[BoardColumn, ...] = (
    BoardColumn("change", 8, 3, _change, _change_cell),
    BoardColumn("percent", 6, 4, _percent, _percent_cell),
)
