"""The smile of an expiry from its options' quotes: points by strike, and the numbers of it.

Conventions: the options out of the money count, puts below the forward and calls above, both at the
strike next to it.  Deltas are those of the forward, not discounted.  Volatilities between strikes
are linear, at the money in the strike and at 25 delta in the delta; beyond the outermost strike,
and in a gap that is too wide, there are none.

Where the forward is carried from another month, dividends make it a little wrong, and calls and
puts would not meet; then it is taken from the parity of those that are quoted at one strike.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import erfc, exp, inf, isfinite, log, nan, sqrt

from msgspec import Struct
from msgspec.structs import replace

from app.theory.black76 import implied_volatility
from specs.codes import Right
from widgets.curve import Curve, Point
from widgets.row import Row, quote

FEWEST = 3
"""Points that make a smile."""

WIDEST = 0.35
"""The gap between two neighbours, in delta, across which nothing is read."""

WING = 0.25

LONGEST = 100.0
"""Years beyond any expiry."""

PAIRS = 3
"""Strikes, next to the money, whose calls and puts tell a forward."""

PLAUSIBLE = 0.02
"""How far from the carried one it may be, in parts."""

_ROOT_2 = sqrt(2.0)


class Quoted(Struct, frozen=True, gc=False):
    """One option's prices, and the volatility of its last trade in percent where they are none."""

    strike: float
    call: bool
    bid: float = nan
    ask: float = nan
    volatility: float = nan


def quoted(row: Row, since: float = -inf) -> Quoted | None:
    """What an option's row says for a smile; none of what is no option, or says nothing.

    Quotes count while the book is registered and came after `since`, in monotonic seconds: every
    change of them is told.  Without a book our own volatility stands for the last trade.
    """
    option = row.instrument
    if option.right is None or not option.strike > 0:
        return None
    call = option.right is Right.CALL
    source = row.book
    if source is not None and row.book_at >= since:
        newer = row.trade is not None and row.trade_at > row.book_at
        best = row.trade if newer and row.trade is not None else source
        return Quoted(option.strike, call, quote(best.bid), quote(best.ask))
    own = row.own
    if own is None or own.why or own.borrowed or max(row.book_at, row.trade_at) < since:
        return None
    return Quoted(option.strike, call, volatility=own.volatility)


def smile(
    quotes: Iterable[Quoted], forward: float, years: float, rate: float, *, carried: bool = False
) -> Curve:
    """The smile on a forward, `carried` or not; `rate` is a fraction a year.  Never raises."""
    if not (forward > 0 and years > 0 and isfinite(forward)):
        return Curve(why="theory.expired" if years <= 0 else "theory.no_future")
    by_strike: dict[float, list[Quoted]] = {}
    for one in quotes:
        by_strike.setdefault(one.strike, []).append(one)
    parity = _parity(by_strike, forward, exp(rate * min(years, LONGEST))) if carried else nan
    forward = parity if parity > 0 else forward
    at_money = min(by_strike, key=lambda strike: abs(strike - forward), default=nan)
    points = []
    for strike, found in sorted(by_strike.items()):
        out = [q for q in found if strike == at_money or q.call is (strike > forward)]
        point = _point(strike, out, forward, years, rate)
        if point is not None:
            points.append(point)
    curve = _summed(tuple(points), forward, years)
    return replace(curve, parity=True) if parity > 0 else curve


def _parity(by_strike: Mapping[float, Sequence[Quoted]], forward: float, growth: float) -> float:
    """The forward that calls and puts agree on next to the money; nan without such a pair."""
    found = []
    for strike in sorted(by_strike, key=lambda strike: abs(strike - forward)):
        sides = {one.call: (one.bid + one.ask) / 2 for one in by_strike[strike] if _is_sound(one)}
        if len(sides) == 2:
            found.append(strike + (sides[True] - sides[False]) * growth)
    level = _mean(found[:PAIRS])
    return level if abs(level / forward - 1) < PLAUSIBLE else nan


def _is_sound(one: Quoted) -> bool:
    return 0 < one.bid <= one.ask


def _point(
    strike: float, quotes: Sequence[Quoted], forward: float, years: float, rate: float
) -> Point | None:
    bids, asks, middles, old = [], [], [], []
    for one in quotes:

        def implied(price: float, call: bool = one.call) -> float:
            if not price > 0:
                return nan
            return 100 * implied_volatility(call, forward, strike, years, price, rate)

        if one.bid > one.ask:
            continue
        bids.append(implied(one.bid))
        asks.append(implied(one.ask))
        middles.append(implied((one.bid + one.ask) / 2))
        old.append(one.volatility)
    point = Point(strike, _mean(bids), _mean(asks), _mean(middles))
    if any(isfinite(value) for value in (point.bid, point.ask, point.middle)):
        return point
    last = _mean(old)
    return Point(strike, middle=last, old=True) if isfinite(last) else None


def _summed(points: tuple[Point, ...], forward: float, years: float) -> Curve:
    there = [point for point in points if isfinite(point.middle)]
    # Old points stand in as long as too few quotes hold.
    firm = [point for point in there if not point.old]
    line = firm if len(firm) >= FEWEST else there
    if len(line) < FEWEST:
        return Curve(points, forward, why="smile.few")
    strikes = [point.strike for point in line]
    values = [point.middle for point in line]
    deltas = [call_delta(forward, p.strike, years, p.middle / 100) for p in line]
    gaps = [abs(before - after) for before, after in pairwise(deltas)]
    money, _ = _read(strikes, values, gaps, forward, values)
    put, put_strike = _read(deltas, values, gaps, 1 - WING, strikes)
    call, call_strike = _read(deltas, values, gaps, WING, strikes)
    return Curve(
        points,
        forward,
        money,
        call - put,
        (call + put) / 2 - money,
        put_strike,
        call_strike,
    )


def call_delta(forward: float, strike: float, years: float, volatility: float) -> float:
    """The delta of the call at a strike, undiscounted; the put's is 1 less."""
    deviation = volatility * sqrt(years)
    if not deviation > 0:
        return nan
    return erfc(-(log(forward / strike) / deviation + deviation / 2) / _ROOT_2) / 2


def _read(
    places: Sequence[float],
    values: Sequence[float],
    gaps: Sequence[float],
    place: float,
    others: Sequence[float],
) -> tuple[float, float]:
    """The value at a place and what lies beside it, linear between two neighbours.

    Noise can fold deltas over; of several pairs about a place the one closest together counts.
    """
    best, found = inf, (nan, nan)
    for at, (low, high) in enumerate(pairwise(places)):
        if not min(low, high) <= place <= max(low, high) or gaps[at] > WIDEST:
            continue
        if abs(high - low) < best:
            best = abs(high - low)
            share = (place - low) / (high - low) if high != low else 0.5
            found = (
                values[at] + share * (values[at + 1] - values[at]),
                others[at] + share * (others[at + 1] - others[at]),
            )
    return found


def _mean(values: Sequence[float]) -> float:
    there = [value for value in values if isfinite(value)]
    return sum(there) / len(there) if there else nan
