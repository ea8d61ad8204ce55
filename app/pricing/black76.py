"""Black-76: the price of an option on a future, its five greeks, and its implied volatility.

Units: delta and gamma per point of the future, theta per calendar day, vega per volatility point
(1 %p), rho per percentage point of the rate (1 %p).  Time is in years, volatility and rate are
fractions.  Rho and theta are for a constant future, so rho comes from the discount alone.

No argument raises an error: invalid ones give nan.
"""

from math import erfc, exp, inf, isfinite, log, nan, pi, sqrt

from msgspec import Struct

from specs.market.greek_units import PERCENTAGE_POINTS, THETA_DAYS

_ROOT_2 = sqrt(2.0)
_ROOT_2_PI = sqrt(2.0 * pi)
_STEPS = 60
# Halley's method trebles the digits: a step this small, relative to where it leads, is the last.
_CLOSE = 1e-6
# Below this share of a price its time value is what rounding left of it.
_ROUNDING = 1e-15


class Greeks(Struct, frozen=True, gc=False):
    """Price and greeks of one option."""

    price: float
    delta: float
    gamma: float
    vega: float
    theta: float
    rho: float


NONE = Greeks(nan, nan, nan, nan, nan, nan)


def price(
    call: bool, forward: float, strike: float, years: float, volatility: float, rate: float
) -> float:
    """The option's price; nan where an argument makes no sense."""
    if not (forward > 0 and strike > 0 and years >= 0 and volatility >= 0):
        return nan
    try:
        discount = exp(-rate * years)
        deviation = volatility * sqrt(years)
        if deviation == 0:
            return discount * max(0.0, forward - strike if call else strike - forward)
        d1 = log(forward / strike) / deviation + deviation / 2
    except (ValueError, OverflowError):
        return nan
    d2 = d1 - deviation
    if call:
        return discount * (forward * erfc(-d1 / _ROOT_2) - strike * erfc(-d2 / _ROOT_2)) / 2
    return discount * (strike * erfc(d2 / _ROOT_2) - forward * erfc(d1 / _ROOT_2)) / 2


def greeks(
    call: bool, forward: float, strike: float, years: float, volatility: float, rate: float
) -> Greeks:
    """Price and greeks; all nan where an argument makes no sense or no time is left."""
    if not (forward > 0 and strike > 0 and years > 0 and volatility > 0):
        return NONE
    try:
        discount = exp(-rate * years)
        root = sqrt(years)
        deviation = volatility * root
        d1 = log(forward / strike) / deviation + deviation / 2
        density = discount * exp(-d1 * d1 / 2) / _ROOT_2_PI
        gamma = density / (forward * deviation)
    except (ValueError, OverflowError, ZeroDivisionError):
        return NONE
    d2 = d1 - deviation
    if call:
        delta = discount * erfc(-d1 / _ROOT_2) / 2
        value = forward * delta - discount * strike * erfc(-d2 / _ROOT_2) / 2
    else:
        delta = -discount * erfc(d1 / _ROOT_2) / 2
        value = forward * delta + discount * strike * erfc(d2 / _ROOT_2) / 2
    vega = forward * density * root
    return Greeks(
        value,
        delta,
        gamma,
        vega / PERCENTAGE_POINTS,
        (rate * value - vega * volatility / (2 * years)) / THETA_DAYS,
        -years * value / PERCENTAGE_POINTS,
    )


def vega(forward: float, strike: float, years: float, volatility: float, rate: float) -> float:
    """The vega of call and put alike; 0 where an argument makes no sense or no time is left."""
    if not (forward > 0 and strike > 0 and years > 0 and volatility > 0):
        return 0.0
    try:
        root = sqrt(years)
        deviation = volatility * root
        d1 = log(forward / strike) / deviation + deviation / 2
        return forward * root * exp(-rate * years - d1 * d1 / 2) / _ROOT_2_PI / PERCENTAGE_POINTS
    except (ValueError, OverflowError, ZeroDivisionError):
        return 0.0


def implied_volatility(
    call: bool, forward: float, strike: float, years: float, value: float, rate: float
) -> float:
    """The volatility that the price implies; nan outside the no-arbitrage bounds.

    Solved on the out-of-the-money side of put-call parity, in the deviation s (volatility by root
    of years), for b = price / sqrt(forward strike) undiscounted.  b has one inflection, at
    sqrt(2 |log(forward / strike)|).  Below it 1 / log(b) is nearly linear in s², above it b, or
    the log of what is missing to its bound, in s; Halley's method on these, held in a bracket.
    """
    if not (forward > 0 and strike > 0 and years > 0 and isfinite(value)):
        return nan
    try:
        value *= exp(rate * years)
        spread = forward - strike if call else strike - forward
        wanted = value - spread if spread > 0 else value
        if not wanted > _ROUNDING * value:
            return nan
        wanted /= sqrt(forward) * sqrt(strike)
        x = -abs(log(forward / strike))
        return _deviation(x, wanted) / sqrt(years)
    except (ValueError, OverflowError, ZeroDivisionError):
        return nan


def why_none(
    call: bool, forward: float, strike: float, years: float, value: float, rate: float
) -> str:
    """Return why a price has no implied volatility: the text key of the nearer bound."""
    spread = max(0.0, forward - strike if call else strike - forward)
    try:
        above = value * exp(rate * years) - spread > min(forward, strike) / 2
    except OverflowError:
        above = True
    return "above_bound" if above else "below_intrinsic"


def _deviation(x: float, wanted: float) -> float:
    """Return the total deviation s at which an option with log-moneyness x <= 0 costs `wanted`.

    Return nan if `wanted` is not below the upper bound.

    Raises:
        ValueError, OverflowError, ZeroDivisionError: the arguments are beyond the range of floats.
    """
    up, down = exp(x / 2), exp(-x / 2)
    if not wanted < up:
        return nan
    s = sqrt(-2 * x)
    if x:
        h, t = x / s, s / 2
        worth = (up * erfc(-(h + t) / _ROOT_2) - down * erfc(-(h - t) / _ROOT_2)) / 2
        tail = wanted < worth
    else:
        worth, tail = 0.0, False
    low, high = 0.0, inf
    log_wanted = missing = 0.0
    if tail:
        high, log_wanted = s, log(wanted)
        s = -x / sqrt(-x / 2 + 2 * (log(worth) - log_wanted))
    else:
        low, missing = s, up - wanted
        s += (wanted - worth) * _ROOT_2_PI
    head = not tail and wanted > up / 2
    for _ in range(_STEPS):
        h, t = x / s, s / 2
        above = erfc(-(h + t) / _ROOT_2) / 2
        below = down * erfc(-(h - t) / _ROOT_2) / 2
        worth = up * above - below
        if worth > wanted:
            high = s
        else:
            low = s
        slope = exp(-(h * h + t * t) / 2) / _ROOT_2_PI
        bend = h * h / s - s / 4
        if slope <= 0 or worth <= 0:
            step, curve = inf, 0.0
        elif tail:
            log_worth, relative = log(worth), slope / worth
            step = log_worth * (log_wanted - log_worth) / (log_wanted * relative)
            curve = bend - relative - 2 * relative / log_worth
        elif head:
            left = up * erfc((h + t) / _ROOT_2) / 2 + below
            step, curve = left * log(left / missing) / slope, bend + slope / left
        else:
            step, curve = (wanted - worth) / slope, bend
        damp = 1 + step * curve / 2
        step = step / damp if damp > 0.5 else step
        if abs(step) <= _CLOSE * s:
            return s + step
        s += step
        if not low < s < high:
            s = (low + high) / 2 if high < inf else low * 2
    return s
