"""The smile of an expiry from its options' quotes: points by strike, and its key figures.

Conventions: only options out of the money are used, puts below the forward and calls above, both at
the strike next to it.  Deltas are to the forward, not discounted.  A quote that is too wide
(`app.pricing.quote_width`) gives no point.  The figures come from a line through the two to four
points around a strike, each weighted by the inverse square of its width in volatility; they are
missing beyond the outermost strike, and in a gap that is too wide.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import erfc, inf, isfinite, log, nan, sqrt

from msgspec import Struct

from app.pricing.black76 import implied_volatility, vega
from app.pricing.market_price import quotes
from app.pricing.quote_width import exceeds, floor
from specs.codes import Right
from specs.market.smile import Curve, SmilePoint
from specs.market.ticker import Ticker

FEWEST = 3
"""Points that make a smile."""

WIDEST = 0.35
"""The gap between two neighbours, in delta, across which nothing is read."""

WING = 0.25

SHARPEST = 0.25
"""Volatility points below which a narrower quote does not weigh more."""

WIDTH_OF_TRADE = 4.0
"""Volatility points of width that a last trade weighs as."""

REACH = 1.6
"""Gaps between strikes over which the weight of a point falls to nothing."""

_ROOT_2 = sqrt(2.0)


class QuotedOption(Struct, frozen=True, gc=False):
    """One option's quotes, or without quotes the volatility of its last trade in percent."""

    strike: float
    call: bool
    bid: float = nan
    ask: float = nan
    volatility: float = nan
    floor: float = 0.0
    """The width in points or won that is never too wide."""
    at: float = inf
    """Arrival of the quotes, or of the inputs of the volatility, in monotonic seconds."""


def quoted(row: Ticker, since: float = -inf) -> QuotedOption | None:
    """Return the quotes of an option's row for a smile, or None for other rows or without data.

    Quotes are used if they came from a registered book after `since`, in monotonic seconds: KIS
    sends every change of it.  Without a book our own volatility of the last trade is used.
    """
    option = row.instrument
    if option.right is None or not option.strike > 0:
        return None
    call = option.right is Right.CALL
    if row.book is not None and row.book_at >= since:
        best = quotes(row)
        return QuotedOption(
            option.strike, call, best.bid, best.ask, floor=floor(option, best.middle), at=best.at
        )
    own = row.theoretical
    if own is None or own.why or own.borrowed or max(row.book_at, row.trade_at) < since:
        return None
    return QuotedOption(option.strike, call, volatility=own.volatility, at=own.at)


def smile(quotes: Iterable[QuotedOption], forward: float, years: float, rate: float) -> Curve:
    """Return the smile on a forward; `rate` is a fraction a year.  Never raises."""
    if not (forward > 0 and years > 0 and isfinite(forward)):
        return Curve(why="theory.expired" if years <= 0 else "theory.no_future")
    by_strike: dict[float, list[QuotedOption]] = {}
    for one in quotes:
        by_strike.setdefault(one.strike, []).append(one)
    at_money = min(by_strike, key=lambda strike: abs(strike - forward), default=nan)
    points = []
    for strike, found in sorted(by_strike.items()):
        out = [q for q in found if strike == at_money or q.call is (strike > forward)]
        point = _point(strike, out, forward, years, rate)
        if point is not None:
            points.append(point)
    return _summed(tuple(points), forward, years)


def _point(
    strike: float, options: Sequence[QuotedOption], forward: float, years: float, rate: float
) -> SmilePoint | None:
    """Return the point of a strike, several options weighed by width; None without any.

    A point that is `wide` alone has no volatilities.
    """
    parts, last, wide = [], [], False
    ages = []
    for one in options:

        def implied(price: float, call: bool = one.call) -> float:
            if not price > 0:
                return nan
            return 100 * implied_volatility(call, forward, strike, years, price, rate)

        if one.bid > one.ask:
            continue
        last.append(one.volatility)
        ages.append(one.at)
        width, middle = one.ask - one.bid, implied((one.bid + one.ask) / 2)
        if width > one.floor and exceeds(width, forward, strike, years, middle / 100, rate):
            wide = True
            continue
        slope = vega(forward, strike, years, middle / 100, rate)
        size = width / slope if slope > 0 else nan
        sides = implied(one.bid), implied(one.ask)
        parts.append(SmilePoint(strike, *sides, middle, width=size, at=one.at))
    found = _merged(strike, parts)
    if any(isfinite(value) for value in (found.bid, found.ask, found.middle)):
        return found
    middle = _mean(last)
    if isfinite(middle):
        at = min(ages)
        return SmilePoint(strike, middle=middle, width=WIDTH_OF_TRADE, old=True, at=at)
    return SmilePoint(strike, wide=True) if wide else None


def _merged(strike: float, parts: Sequence[SmilePoint]) -> SmilePoint:
    """Return one point of call and put, the narrower of which counts for more."""
    firm = [part for part in parts if isfinite(part.middle)]
    if len(firm) < 2:
        return SmilePoint(
            strike,
            _mean([part.bid for part in parts]),
            _mean([part.ask for part in parts]),
            firm[0].middle if firm else nan,
            width=firm[0].width if firm else nan,
            at=min((part.at for part in firm or parts), default=inf),
        )
    weights = [_weight(part) for part in firm]
    whole = sum(weights)

    def mean(values: Iterable[float]) -> float:
        return sum(w * v for w, v in zip(weights, values, strict=True)) / whole

    return SmilePoint(
        strike,
        _mean([part.bid for part in firm]),
        _mean([part.ask for part in firm]),
        mean(part.middle for part in firm),
        width=mean(part.width for part in firm),
        at=min(part.at for part in firm),
    )


def _weight(point: SmilePoint) -> float:
    width = point.width if isfinite(point.width) else WIDTH_OF_TRADE
    return 1 / (SHARPEST * SHARPEST + width * width)


def _summed(points: tuple[SmilePoint, ...], forward: float, years: float) -> Curve:
    wide = sum(point.wide for point in points)
    points = tuple(point for point in points if not point.wide)
    there = [point for point in points if isfinite(point.middle)]
    # Old points are used while there are too few current quotes.
    firm = [point for point in there if not point.old]
    line = firm if len(firm) >= FEWEST else there
    if len(line) < FEWEST:
        return Curve(points, forward, wide=wide, why="smile.wide" if wide else "smile.few")
    strikes = [point.strike for point in line]
    deltas = [call_delta(forward, p.strike, years, p.middle / 100) for p in line]
    gaps = [abs(before - after) for before, after in pairwise(deltas)]
    put_strike = _strike_at(1 - WING, deltas, strikes, gaps)
    call_strike = _strike_at(WING, deltas, strikes, gaps)
    where = forward, put_strike, call_strike
    money, put, call = (_level(line, gaps, at) for at in where)
    ages = [_oldest(line, gaps, at) for at in where]
    return Curve(
        points,
        forward,
        money,
        call - put,
        (call + put) / 2 - money,
        put_strike,
        call_strike,
        ages[0],
        min(ages),
        wide=wide,
    )


def _strike_at(
    delta: float, deltas: Sequence[float], strikes: Sequence[float], gaps: Sequence[float]
) -> float:
    """Return the strike of a call delta, linear between two neighbours; nan outside of them.

    Noise can fold deltas over; of several pairs about the delta the closest together counts.
    """
    best, found = inf, nan
    for at, (before, after) in enumerate(pairwise(deltas)):
        if not min(before, after) <= delta <= max(before, after) or gaps[at] > WIDEST:
            continue
        if abs(after - before) < best:
            best = abs(after - before)
            share = (delta - before) / (after - before) if after != before else 0.5
            found = strikes[at] + share * (strikes[at + 1] - strikes[at])
    return found


def _level(line: Sequence[SmilePoint], gaps: Sequence[float], strike: float) -> float:
    """Return the volatility at a strike, off a weighed line through the points about it.

    It is nan beyond the outermost strike and in a gap that is too wide.
    """
    about, reach = _about(line, gaps, strike)
    total = across = square = value = product = 0.0
    for point in about:
        away = point.strike - strike
        weight = _weight(point) * max(0.0, 1 - abs(away) / reach)
        total += weight
        across += weight * away
        square += weight * away * away
        value += weight * point.middle
        product += weight * away * point.middle
    spread = total * square - across * across
    return (square * value - across * product) / spread if spread > 0 else nan


def _oldest(line: Sequence[SmilePoint], gaps: Sequence[float], strike: float) -> float:
    """Return the arrival of the oldest quote behind the volatility at a strike; inf without any."""
    return min((point.at for point in _about(line, gaps, strike)[0]), default=inf)


def _about(
    line: Sequence[SmilePoint], gaps: Sequence[float], strike: float
) -> tuple[Sequence[SmilePoint], float]:
    """Return the two to four points about a strike, and how far their weight reaches from it.

    There are none beyond the outermost strike and in a gap that is too wide.
    """
    last = len(line) - 2
    at = next((n for n in range(last + 1) if line[n].strike <= strike <= line[n + 1].strike), -1)
    if at < 0 or gaps[at] > WIDEST:
        return (), nan
    first = at - 1 if at > 0 and gaps[at - 1] <= WIDEST else at
    end = at + 3 if at < last and gaps[at + 1] <= WIDEST else at + 2
    return line[first:end], REACH * (line[at + 1].strike - line[at].strike)


def call_delta(forward: float, strike: float, years: float, volatility: float) -> float:
    """The delta of the call at a strike, undiscounted; the put's is 1 less."""
    deviation = volatility * sqrt(years)
    if not deviation > 0:
        return nan
    return erfc(-(log(forward / strike) / deviation + deviation / 2) / _ROOT_2) / 2


def _mean(values: Sequence[float]) -> float:
    there = [value for value in values if isfinite(value)]
    return sum(there) / len(there) if there else nan
