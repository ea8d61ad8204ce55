"""Columns of the watchlist that are shown only if they are chosen: further fields of the trade."""

from collections.abc import Callable
from math import isfinite, nan

from specs.market.displayed_greeks import displayed_greek
from specs.market.dynamic_limits import dynamic_limits
from specs.market.ticker import (
    Freshness,
    Ticker,
    best_size,
    disparity_percent,
    historical_volatility,
    price,
    spread_ticks,
    turnover,
)
from widgets import cells, won
from widgets.board_column import AGES, BoardCell, BoardColumn, delta_won_column

_RANK = 6
"""Their rank: what was chosen stays longer than what is usual, but for price, change and quotes."""

Form = Callable[[float, int], str]
"""Returns the text of a value, given the decimals of the contract's prices."""


def _column(name: str, width: int, value: Callable[[Ticker], float], form: Form) -> BoardColumn:
    """Return the column of a number that is as old as the trade."""

    def cell(row: Ticker, age: Freshness) -> BoardCell:
        return BoardCell(form(value(row), row.instrument.decimals), AGES[age])

    return BoardColumn(name, width, _RANK, value, cell, optional=True)


def _trade(name: str, factor: float = 1.0) -> Callable[[Ticker], float]:
    """Return the reader of a field of the trade, times a factor; nan where the TR lacks it."""
    return lambda row: factor * getattr(row.trade, name, nan)


def _disparity_percent(row: Ticker) -> float:
    return disparity_percent(row.trade) if row.trade is not None else nan


def _turnover(row: Ticker) -> float:
    return turnover(row.trade) if row.trade is not None else nan


def _turnover_cell(row: Ticker, age: Freshness) -> BoardCell:
    value = _turnover(row)
    texts = [won.amount(value, level) for level in won.levels((value,))]
    return BoardCell(texts[0], AGES[age], tuple(texts[1:]))


def _historical(row: Ticker) -> float:
    return historical_volatility(row.option, row.scale) if row.option is not None else nan


def _iv_to_hv(row: Ticker) -> float:
    """Return the shown implied volatility over KIS' historical one."""
    return displayed_greek(row, "volatility").value / _historical(row)


def _iv_to_hv_cell(row: Ticker, age: Freshness) -> BoardCell:
    value, found = _iv_to_hv(row), displayed_greek(row, "volatility")
    own = found.is_theoretical and isfinite(value)
    return BoardCell(cells.marked(cells.number(value), own), AGES[age])


def limit_distance(row: Ticker) -> float:
    """Return the percentage of its price that a row is away from the nearer dynamic limit."""
    limits, last = dynamic_limits(row.trade), price(row)
    if limits is None or not last > 0:
        return nan
    return 100 * min(limits.upper - last, last - limits.lower) / last


def _quantity(value: float, _: int) -> str:
    return cells.quantity(value)


def _growth(value: float, _: int) -> str:
    return cells.plus(value, 0)


def _percent(value: float, _: int) -> str:
    return f"{cells.number(value, 1)}%" if isfinite(value) else cells.MISSING


CHOSEN_COLUMNS: tuple[BoardColumn, ...] = (
    _column("last_volume", 6, _trade("last_volume"), _quantity),
    _column("bid_size", 6, lambda row: best_size(row, "bid"), _quantity),
    _column("ask_size", 6, lambda row: best_size(row, "ask"), _quantity),
    _column("spread_ticks", 6, spread_ticks, lambda v, _: cells.number(v, int(v % 1 > 0))),
    _column("open_interest_change", 8, _trade("open_interest_change"), _growth),
    _column("basis", 8, _trade("market_basis"), cells.plus),
    _column("disparity_percent", 7, _disparity_percent, lambda v, _: cells.plus(v)),
    BoardColumn("turnover", 11, _RANK, _turnover, _turnover_cell, optional=True),
    _column("buy_ratio", 8, _trade("buy_ratio", 100.0), _percent),
    _column("volume_change", 8, _trade("volume_change_percent"), _percent),
    _column("historical_volatility", 7, _historical, _percent),
    BoardColumn("iv_to_hv", 7, _RANK, _iv_to_hv, _iv_to_hv_cell, optional=True),
    delta_won_column(_RANK, optional=True),
    _column("limit_distance", 8, limit_distance, lambda v, _: cells.number(v)),
)
