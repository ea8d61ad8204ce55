"""Values of positions for alerts: the delta or the profit of one contract, or of all."""

from collections.abc import Callable, Iterable
from datetime import datetime
from math import nan

from app.alerts.alert import Condition
from app.market.market import Market
from app.portfolio.positions import Position
from app.portfolio.valuation import nets, value


def position_value(
    condition: Condition,
    market: Market,
    positions: Iterable[Position],
    now: Callable[[], datetime],
    rate: float,
    seconds: float = nan,
) -> float:
    """Return a position's delta, in futures of its underlying, or its profit in won.

    Without a code it is the sum over all positions; a sum that lacks a contract is nan, and so
    is the delta of more than one underlying.  `rate` and `seconds` as in `valuation.value`.
    """
    code, book = condition.code, market.book
    held = [one for one in positions if code in ("", one.code)]
    holdings = value(held, book.row, market.instrument, now(), rate, book.is_day_only, seconds)
    if not holdings:
        return nan
    if condition.quantity == "pnl":
        return sum(one.exposure.profit for one in holdings)
    sums = [one for one in nets(holdings) if one.underlying and one.expiry is None]
    return sums[0].exposure.futures if len(sums) == 1 and not sums[0].unknown else nan
