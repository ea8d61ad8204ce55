"""How far an option is in the money, and what of its price is intrinsic and what time value.

All three rest on the forward that the option's own values are computed on, which moves at night
too.  The index that KIS' basis gives stands still at night, so by itself it serves by day only.
"""

from math import isfinite, nan

from msgspec import Struct

from specs.codes import Right
from specs.market.ticker import Ticker, price, trades_at_night, underlying


class Moneyness(Struct, frozen=True, gc=False):
    """In points or won; nan where not known."""

    level: float = nan
    """What the strike is compared with."""
    is_forward: bool = False
    """Whether that is the forward, not the underlying itself."""
    inside: float = nan
    """How far in the money; below 0 out of it."""
    intrinsic: float = nan
    time_value: float = nan


def inside(call: bool, strike: float, level: float) -> float:
    """Return how far an option is in the money at a level; below 0 it is out of it."""
    return level - strike if call else strike - level


def moneyness(row: Ticker) -> Moneyness:
    """Return the moneyness of an option's row.

    Without a forward the underlying stands in by day; at night there is none.
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
