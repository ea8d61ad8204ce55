"""A trade of the session as it is kept and handed over: time, price, size, side, open interest.

The lane of trades hands them over in flat arrays of doubles, `FIELDS` for each trade.
"""

from math import nan
from typing import Literal

from msgspec import Struct

FIELDS = 8
"""Doubles of a handed over trade: time, price, size, accumulated volume, open interest, implied
volatility in percent and delta by KIS (0 for a future), and the sum of its marks."""

BUY, SELL, AUCTION, NIGHT = 1, 2, 4, 8
"""Marks of a trade: the aggressor's side if it is known, an auction's price, a night session."""

Side = Literal[-1, 0, 1]
"""1 if a buyer took the ask, -1 if a seller hit the bid, 0 if that is not known."""


class TradePrint(Struct, frozen=True, gc=False):
    """One trade of a contract."""

    number: int
    """Its place among the trades of its contract; it stays when older ones come or are dropped."""
    time: int
    """Seconds since 1970, by the exchange's time of the trade."""
    price: float
    size: float
    """Contracts; nan if missing."""
    side: Side = 0
    tick: Literal[-1, 0, 1] = 0
    """The direction of the last change of price up to this trade; 0 if there was none."""
    open_interest_change: float = nan
    """Growth of the open interest since the trade before it; nan if it is not known."""
    missed: float = 0.0
    """Contracts that were traded after the trade before it, of which no trade came."""
    is_auction: bool = False
    """Whether it ended a call auction."""
    edge: float = nan
    """Its price minus our own theory's when it came; nan without a theory."""
