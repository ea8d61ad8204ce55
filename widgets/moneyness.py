"""Moneyness of an option, and the intrinsic and time value in its price.

All three use the forward of the option's theoretical values, which moves at night too.  The index
from KIS' basis does not move at night, so it is used by day only.
"""

from math import isfinite, nan

from msgspec import Struct

from specs.codes import Right
from specs.market.ticker import Ticker, price, trades_at_night, underlying


class Moneyness(Struct, frozen=True, gc=False):
    """Values in points or won; nan if unknown."""

    level: float = nan
    """The price with which the strike is compared."""
    is_forward: bool = False
    """Whether `level` is the forward, not the underlying itself."""
    inside: float = nan
    """The distance into the money; negative out of it."""
    intrinsic: float = nan
    time_value: float = nan


def inside(call: bool, strike: float, level: float) -> float:
    """Return the distance of an option into the money at a level; negative out of it."""
    return level - strike if call else strike - level


def moneyness(row: Ticker) -> Moneyness:
    """Return the moneyness of an option's row.

    Without a forward the underlying is used by day, and nothing at night.
    """
    own, option = row.theoretical, row.instrument
    forward = own.forward if own is not None else nan
    is_forward = isfinite(forward)
    level = forward if is_forward else _underlying_by_day(row)
    deep = inside(option.right is Right.CALL, option.strike, level)
    intrinsic = max(0.0, deep) if isfinite(deep) else nan
    worth = own.price if own is not None and isfinite(own.price) else price(row)
    return Moneyness(level, is_forward, deep, intrinsic, worth - intrinsic)


def _underlying_by_day(row: Ticker) -> float:
    trade = row.trade
    return nan if trade is None or trades_at_night(row) else underlying(trade)
