"""Profits of positions by the underlying's price: now, some days from now, and at an expiry.

The underlying's price is the forward of the options of the chosen expiry, of stock options the
stock's own price.  Forwards of other expiries keep their distance in points from it, as futures do;
a stock's forward keeps its ratio to the stock, which shrinks with the time left.

A living contract gains its profit by the marks of now, plus the change of its model value: an
option's is Black-76 at its own volatility, a future's moves one for one.  At its last trading
moment a contract is settled at the underlying's price: an option pays its intrinsic value.
Expired contracts and calendar spreads keep the profit that they have.

A line of a contract without a price or volatility would be an invention: it has no values, and
names the contract with the reason.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from datetime import date, datetime
from math import exp, fsum, inf, isfinite, nan, sqrt

from msgspec import Struct

from app.portfolio.scenario import reference
from app.pricing.black76 import price
from app.pricing.year_fraction import years_left
from specs.codes import Family, Right, is_spread
from specs.market.holding import Holding
from specs.market.payoff import PayoffCurve, PayoffGap, PayoffLine
from specs.market.theoretical import DAYS_PER_YEAR

DAYS = (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90)
"""Days from now that a user can choose."""

SAMPLES = 96
"""Steps of a curve from its lowest to its highest price."""

_WIDTH = 2.5
"""Standard deviations that a curve reaches to either side at least."""

_LEAST_WIDTH = 0.03
_USUAL_WIDTH = 0.08
_MOST_WIDTH = 0.3
"""Parts of the underlying's price that a curve reaches: at least, without a volatility, at most."""

_AIR = 0.05
"""Room beyond the outermost strike or break-even, in parts of a curve's width."""

_STEPS = 60
_FAR = 8.0
"""A price this many times the underlying's is beyond all strikes."""


class _Moment(Struct, frozen=True):
    """A time in years from now; an expiry settles the contracts that end until then."""

    passed: float
    expiry: date | None = None

    def settles(self, held: Holding) -> bool:
        """Return whether a contract's life has ended by then."""
        ends = held.instrument.expiry
        if self.expiry is not None:
            return ends is not None and ends <= self.expiry
        own = held.theoretical
        return own is not None and own.years <= self.passed


class _Leg:
    """One position's profit by the underlying's price.

    `level` is where the underlying is now: its price for `expiry`.
    """

    def __init__(self, held: Holding, level: float, expiry: date, rate: float) -> None:
        self.held = held
        self._rate = rate
        known = held.instrument
        self._contracts = held.quantity * known.multiplier
        own = held.theoretical
        self._own = own
        self._call = known.right is Right.CALL
        self._apart, self._growth = 0.0, 1.0
        if own is not None and isfinite(own.forward):
            if known.family is Family.STOCK_OPTION and own.spot > 0:
                self._growth = own.forward / own.spot
            else:
                self._apart = own.forward - level
        elif known.right is None and known.expiry != expiry and isfinite(held.price):
            self._apart = held.price - level
        self._now = self._model(level, 0.0)

    def gap(self, moment: _Moment) -> PayoffGap | None:
        """Return why the profit at a moment is unknown, or None if it is known."""
        known, held = self.held.instrument, self.held
        if not isfinite(self._contracts):
            return PayoffGap(known, "positions.no_multiplier")
        if self._is_still:
            is_known = isfinite(held.exposure.profit)
        elif moment.settles(held):
            return None
        else:
            is_known = isfinite(held.exposure.profit) and isfinite(self._now)
        return None if is_known else PayoffGap(known, held.why or "positions.no_values")

    def profit(self, level: float, moment: _Moment) -> float:
        """Return the profit at a price of the underlying."""
        held = self.held
        if self._is_still:
            return held.exposure.profit
        if moment.settles(held):
            return self._contracts * (self._settlement(level) - held.average)
        return held.exposure.profit + self._contracts * (
            self._model(level, moment.passed) - self._now
        )

    @property
    def kink(self) -> float:
        """The underlying's price at which the option is at its strike; nan for a future."""
        known = self.held.instrument
        return known.strike - self._apart if known.right is not None else nan

    @property
    def slope(self) -> float:
        """Won per point of the underlying at its highest prices, once it is settled."""
        known = self.held.instrument
        moves = known.right is not Right.PUT and not self._is_still
        return self._contracts if moves else 0.0

    @property
    def _is_still(self) -> bool:
        return self.held.is_over or is_spread(self.held.code)

    def _settlement(self, level: float) -> float:
        known = self.held.instrument
        final = level + self._apart
        if known.right is None:
            return final
        return max(0.0, final - known.strike if self._call else known.strike - final)

    def _model(self, level: float, passed: float) -> float:
        """Return the model value of one contract in its own points; nan if unknown."""
        known, own = self.held.instrument, self._own
        if known.right is None:
            return level
        if own is None:
            return nan
        years = max(0.0, own.years - passed)
        growth = self._growth ** (years / own.years) if own.years > 0 else 1.0
        forward = level * growth + self._apart
        return price(self._call, forward, known.strike, years, own.volatility / 100, self._rate)


def payoff_curve(
    holdings: Sequence[Holding],
    *,
    now: datetime,
    rate: float,
    days: int = 0,
    expiry: date | None = None,
    money_volatility: Callable[[Holding], float] = lambda held: nan,
) -> PayoffCurve:
    """Return the curve of the positions in one underlying, whose holdings these are.

    `rate` is a fraction a year.  `expiry` is one of the positions', else it is their nearest.
    `money_volatility` returns the volatility at the money of an option's expiry in percent, or
    nan.
    """
    alive = [held for held in holdings if not held.is_over]
    expiries = _expiries(alive)
    chosen = expiry if expiry in expiries else next(iter(expiries), None)
    level = _level(alive, chosen)
    curve = PayoffCurve(
        holdings[0].underlying if holdings else "",
        level,
        expiry=chosen,
        expiries=tuple(expiries),
        days=days,
    )
    if not isfinite(level) or chosen is None:
        return curve
    legs = [_Leg(held, level, chosen, rate) for held in holdings]
    options = (held for held in alive if _expires(held, chosen))
    volatility = next(filter(isfinite, map(money_volatility, options)), nan)
    left = years_left(chosen, now)
    share = volatility / 100 * sqrt(left) if left > 0 else nan
    moment = _Moment(left, chosen)
    kinks = sorted({leg.kink for leg in legs if isfinite(leg.kink) and leg.kink > 0})
    known = all(leg.gap(moment) is None for leg in legs)
    ends = _break_evens(legs, moment, kinks, level) if known else ()
    low, high = _range(level, share, (*kinks, *ends))
    levels = _levels(low, high, (*kinks, level))
    least, most = _extremes(legs, moment, kinks) if known else (nan, nan)
    moments = _Moment(0.0), _Moment(days / DAYS_PER_YEAR), moment
    now_line, later, at_expiry = (_line(legs, one, levels, level) for one in moments)
    return PayoffCurve(
        curve.underlying,
        level,
        tuple(levels),
        chosen,
        curve.expiries,
        days,
        now_line,
        later,
        at_expiry,
        ends,
        least,
        most,
        volatility,
        (level * exp(-share), level * exp(share)),
    )


def _expiries(alive: Sequence[Holding]) -> list[date]:
    """Return the expiries of options, or of futures without options, the nearest first."""
    days = [(held.instrument.right is not None, held.instrument.expiry) for held in alive]
    found = {day for option, day in days if option and day is not None}
    return sorted(found or {day for _, day in days if day is not None})


def _expires(held: Holding, expiry: date) -> bool:
    return held.instrument.right is not None and held.instrument.expiry == expiry


def _level(alive: Sequence[Holding], expiry: date | None) -> float:
    """Return the underlying's price by the options of an expiry, otherwise by a future."""
    for held in alive:
        own = held.theoretical
        if expiry is not None and _expires(held, expiry) and own is not None:
            stock = held.instrument.family is Family.STOCK_OPTION
            level = own.spot if stock and isfinite(own.spot) else own.forward
            if isfinite(level) and level > 0:
                return level
    return reference(alive)


def _line(
    legs: Sequence[_Leg], moment: _Moment, levels: Sequence[float], level: float
) -> PayoffLine:
    gaps = tuple(gap for leg in legs if (gap := leg.gap(moment)) is not None)
    if gaps:
        return PayoffLine(gaps=gaps)
    return PayoffLine(
        tuple(_profit(legs, one, moment) for one in levels), _profit(legs, level, moment)
    )


def _profit(legs: Sequence[_Leg], level: float, moment: _Moment) -> float:
    return fsum(leg.profit(level, moment) for leg in legs)


def _range(level: float, share: float, marks: Sequence[float]) -> tuple[float, float]:
    """Return the lowest and the highest price: around `level`, with the marks near it."""
    reach = level * min(
        _MOST_WIDTH, max(_LEAST_WIDTH, _WIDTH * share if isfinite(share) else _USUAL_WIDTH)
    )
    near = [one for one in marks if abs(one - level) <= level * _MOST_WIDTH]
    low, high = min([level - reach, *near]), max([level + reach, *near])
    air = _AIR * (high - low)
    return low - air * (low < level - reach), high + air * (high > level + reach)


def _levels(low: float, high: float, marks: Sequence[float]) -> list[float]:
    """Return evenly spaced prices, with those at which a line bends."""
    levels = [low + (high - low) * step / SAMPLES for step in range(SAMPLES + 1)]
    for one in marks:
        at = bisect_left(levels, one)
        if low < one < high and levels[at] != one:
            insort(levels, one)
    return levels


def _break_evens(
    legs: Sequence[_Leg], moment: _Moment, kinks: Sequence[float], level: float
) -> tuple[float, ...]:
    """Return the prices at which the profit changes its sign."""
    even = [level * (0.5 + step / SAMPLES) for step in range(SAMPLES + 1)]
    points = sorted({level * 1e-6, *kinks, *even, level * _FAR})
    values = [_profit(legs, point, moment) for point in points]
    found, before = [], None
    for point, value in zip(points, values, strict=True):
        if not value or not isfinite(value):
            continue
        if before is not None and (before[1] > 0) is not (value > 0):
            found.append(_root(legs, moment, before[0], point))
        before = point, value
    return tuple(found)


def _root(legs: Sequence[_Leg], moment: _Moment, low: float, high: float) -> float:
    """Return the price between two others, of profits of different signs, at which it is 0."""
    rising = _profit(legs, high, moment) > 0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        value = _profit(legs, middle, moment)
        if not value:
            return middle
        if (value > 0) is rising:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def _extremes(legs: Sequence[_Leg], moment: _Moment, kinks: Sequence[float]) -> tuple[float, float]:
    """Return the largest loss and profit at any price; nan if a contract lives on."""
    if not all(leg.held.is_over or moment.settles(leg.held) for leg in legs):
        return nan, nan
    ends = [_profit(legs, point, moment) for point in (0.0, *kinks)]
    slope = fsum(leg.slope for leg in legs)
    return -inf if slope < 0 else min(ends), inf if slope > 0 else max(ends)
