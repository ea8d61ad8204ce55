"""Totals of an option chain: put/call ratios, the largest open interest, straddle, expected move.

A ratio counts the strikes whose call and put have both traded since they were registered, so that
neither side is larger because more of it was received.
"""

from collections.abc import Callable, Sequence
from math import isfinite, nan, sqrt

from msgspec import Struct

from app.pricing.market_price import mark_of
from specs.market.instrument import Strike
from specs.market.ticker import Ticker, open_interest

RowOf = Callable[[str], Ticker | None]


class ChainTotals(Struct, frozen=True):
    """Totals of a chain; nan where nothing was received."""

    strikes: int = 0
    """Strikes with a trade of both sides, which the ratios count."""
    volume_ratio: float = nan
    """Volume of the puts over that of the calls."""
    interest_ratio: float = nan
    """Open interest of the puts over that of the calls."""
    most_calls: float = nan
    """The strike whose call has the largest open interest."""
    most_puts: float = nan
    """The strike whose put has the largest open interest."""


class Straddle(Struct, frozen=True):
    """Call and put at one strike, in points or won; `theoretical` if a price is our own."""

    price: float
    theoretical: bool


def chain_totals(strikes: Sequence[Strike], row: RowOf) -> ChainTotals:
    """Return the totals of strikes; `row` returns the ticker of a code, or None."""
    pairs = 0
    volumes, interests = [0.0, 0.0], [0.0, 0.0]
    most: list[tuple[float, float]] = [(0.0, nan), (0.0, nan)]
    for strike in strikes:
        rows = [row(code) if code else None for code in strike.codes]
        trades = [one.trade if one is not None else None for one in rows]
        known = [open_interest(one) if one is not None else nan for one in trades]
        for side in (0, 1):
            if known[side] > most[side][0]:
                most[side] = (known[side], strike.price)
        call, put = trades
        if call is None or put is None:
            continue
        pairs += 1
        volumes[0] += call.accumulated_volume
        volumes[1] += put.accumulated_volume
        if isfinite(known[0]) and isfinite(known[1]):
            interests = [total + one for total, one in zip(interests, known, strict=True)]
    return ChainTotals(pairs, _ratio(volumes), _ratio(interests), most[0][1], most[1][1])


def straddle(strike: Strike, row: RowOf) -> Straddle:
    """Return the price of call and put at a strike: their marks, else our own values; else nan."""
    price, theoretical = 0.0, False
    for code in strike.codes:
        ticker = row(code) if code else None
        mark = mark_of(ticker).price if ticker is not None else nan
        if not isfinite(mark) and ticker is not None and ticker.theoretical is not None:
            mark, theoretical = ticker.theoretical.price, True
        price += mark
    return Straddle(price, theoretical and isfinite(price))


def expected_move(forward: float, volatility: float, years: float) -> float:
    """Return one standard deviation of the underlying at expiry, in points or won.

    `volatility` is that at the money in percent.
    """
    return forward * volatility / 100 * sqrt(years) if years > 0 else nan


def _ratio(totals: Sequence[float]) -> float:
    calls, puts = totals
    return puts / calls if calls > 0 else nan
