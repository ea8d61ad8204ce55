"""The market price of a contract: its best quotes, and its mark.

The mark is the middle of bid and ask, unless the quote is too wide (`app.pricing.quote_width`).
Otherwise it is the last price, clamped to the quotes: no less than a bid, no more than an ask.
"""

from math import inf, nan
from typing import Literal

from msgspec import Struct

from app.pricing.quote_width import is_wide_future, is_wide_option
from specs.codes import is_spread
from specs.market.ticker import Ticker, quoted
from specs.record import BookRecord, TradeRecord

MarkKind = Literal["", "middle", "last", "bid", "ask"]


class BestQuotes(Struct, frozen=True, gc=False):
    """Best quotes and last price in points or won; nan for a missing one."""

    bid: float = nan
    ask: float = nan
    at: float = -inf
    """Arrival of the quotes in monotonic seconds; -inf if unknown."""
    is_standing: bool = False
    """Whether they hold now: every change of a registered book is sent."""
    last: float = nan
    last_at: float = -inf
    """Arrival of the last price."""

    @property
    def middle(self) -> float:
        """The middle of bid and ask; nan where a side is missing."""
        return (self.bid + self.ask) / 2

    @property
    def is_one_sided(self) -> bool:
        """Whether there is a bid without an ask, or an ask without a bid."""
        return (self.bid == self.bid) != (self.ask == self.ask)


class PriceMark(Struct, frozen=True, gc=False):
    """The price that a contract is measured by, in points or won; nan without one."""

    price: float = nan
    at: float = -inf
    """Arrival in monotonic seconds; -inf if unknown."""
    is_standing: bool = False
    """Whether it holds now."""
    kind: MarkKind = ""
    """``middle`` of the quotes, ``last`` price, or the ``bid`` or ``ask`` that the last price lies
    outside of."""
    wide: bool = False
    """Whether the quotes are too wide for their middle to count."""


def quotes(row: Ticker) -> BestQuotes:
    """Return the best quotes of a contract and its last price.

    The later of book and last trade gives the quotes.  Crossed quotes, as in an auction, do not
    count.
    """
    book, trade = row.book, row.trade
    source: BookRecord | TradeRecord | None = book
    last, last_at, at = nan, -inf, row.book_at
    if trade is not None:
        last, last_at = trade.price, row.trade_at
        if not 0 < last < inf:
            last = _checked(row, last)
        if book is None or (last_at > at and _has_quotes(trade)):
            source, at = trade, last_at
    if source is None:
        return BestQuotes()
    bid, ask = source.bid, source.ask
    if not 0 < bid <= ask < inf:
        # KIS writes 0 for a missing quote.
        bid = _checked(row, bid) if bid else nan
        ask = _checked(row, ask) if ask else nan
        if bid > ask:
            bid = ask = nan
    return BestQuotes(bid, ask, at, book is not None, last, last_at)


def _checked(row: Ticker, price: float) -> float:
    """Return a price that may be one of this contract, else nan: a calendar spread's is below 0."""
    lowest = -inf if is_spread(row.code) else 0.0
    return price if lowest < price < inf else nan


def _has_quotes(trade: TradeRecord) -> bool:
    return any(side == side for side in (quoted(trade, "bid"), quoted(trade, "ask")))


def mark(found: BestQuotes, *, wide: bool) -> PriceMark:
    """Return the mark of quotes; `wide` if they are too wide for a middle."""
    bid, ask, last = found.bid, found.ask, found.last
    if not wide and bid == bid and ask == ask:
        return PriceMark((bid + ask) / 2, found.at, found.is_standing, "middle")
    if last > ask:
        return PriceMark(ask, found.at, found.is_standing, "ask", wide)
    if last < bid:
        return PriceMark(bid, found.at, found.is_standing, "bid", wide)
    return PriceMark(last, found.last_at, False, "last" if last == last else "", wide)


def mark_of(row: Ticker, forward: float = nan, years: float = nan, rate: float = 0.0) -> PriceMark:
    """Return the mark of a row.

    `forward`, `years` and `rate` (a fraction a year) bound the width of an option's quote.
    """
    found, instrument = quotes(row), row.instrument
    if found.middle != found.middle:
        wide = False
    elif instrument.right is not None:
        wide = is_wide_option(instrument, found.bid, found.ask, forward, years, rate)
    else:
        wide = is_wide_future(instrument, found.bid, found.ask)
    return mark(found, wide=wide)
