"""Black-76: the price of an option on a future, its five greeks, and its implied volatility.

Units: delta and gamma per point of the future, theta per calendar day, vega per volatility point
(1 %p), rho per percentage point of the rate (1 %p).  Time is in years, volatility and rate are
fractions.
"""

from math import erfc, exp, inf, isfinite, log, nan, pi, sqrt

from msgspec import Struct

DAYS = 365.0
_ROOT_2 = sqrt(2.0)
_ROOT_2_PI = sqrt(2.0 * pi)
_STEPS = 60
_CLOSE = 1e-12


class Greeks(Struct, frozen=True, gc=False):
    """Price and greeks of one option."""

    price: float
    delta: float
    gamma: float
    vega: float
    theta: float
    rho: float


def price(
    call: bool, forward: float, strike: float, years: float, volatility: float, rate: float
) -> float:
    """The option's price; nan where an argument makes no sense."""
    if not (forward > 0 and strike > 0 and years >= 0 and volatility >= 0):
        return nan
    discount = exp(-rate * years)
    deviation = volatility * sqrt(years)
    if deviation == 0:
        return discount * max(0.0, forward - strike if call else strike - forward)
    d1 = log(forward / strike) / deviation + deviation / 2
    d2 = d1 - deviation
    if call:
        return discount * (forward * _normal(d1) - strike * _normal(d2))
    return discount * (strike * _normal(-d2) - forward * _normal(-d1))


def greeks(
    call: bool, forward: float, strike: float, years: float, volatility: float, rate: float
) -> Greeks:
    """Price and greeks; all nan where an argument makes no sense or no time is left."""
    if not (forward > 0 and strike > 0 and years > 0 and volatility > 0):
        return Greeks(nan, nan, nan, nan, nan, nan)
    discount = exp(-rate * years)
    root = sqrt(years)
    deviation = volatility * root
    d1 = log(forward / strike) / deviation + deviation / 2
    d2 = d1 - deviation
    density = exp(-d1 * d1 / 2) / _ROOT_2_PI
    if call:
        value = discount * (forward * _normal(d1) - strike * _normal(d2))
        delta = discount * _normal(d1)
    else:
        value = discount * (strike * _normal(-d2) - forward * _normal(-d1))
        delta = -discount * _normal(-d1)
    decay = rate * value - discount * forward * density * volatility / (2 * root)
    return Greeks(
        value,
        delta,
        discount * density / (forward * deviation),
        discount * forward * density * root / 100,
        decay / DAYS,
        -years * value / 100,
    )


def implied_volatility(
    call: bool, forward: float, strike: float, years: float, value: float, rate: float
) -> float:
    """The volatility that the price implies; nan outside the no-arbitrage bounds.

    Newton's method from the inflection point, where it cannot overshoot, kept in a bracket by
    bisection.
    """
    if not (forward > 0 and strike > 0 and years > 0 and isfinite(value)):
        return nan
    discount = exp(-rate * years)
    intrinsic = discount * max(0.0, forward - strike if call else strike - forward)
    ceiling = discount * (forward if call else strike)
    if not intrinsic < value < ceiling:
        return nan
    root = sqrt(years)
    moneyness = log(forward / strike)
    volatility = max(sqrt(2 * abs(moneyness)) / root, 0.01)
    low, high = 0.0, inf
    for _ in range(_STEPS):
        deviation = volatility * root
        d1 = moneyness / deviation + deviation / 2
        d2 = d1 - deviation
        if call:
            found = discount * (forward * _normal(d1) - strike * _normal(d2))
        else:
            found = discount * (strike * _normal(-d2) - forward * _normal(-d1))
        miss = found - value
        if miss > 0:
            high = volatility
        else:
            low = volatility
        slope = discount * forward * exp(-d1 * d1 / 2) / _ROOT_2_PI * root
        step = miss / slope if slope > 0 else inf
        following = volatility - step
        if not low < following < high:
            following = (low + high) / 2 if high < inf else volatility * 2
        if abs(following - volatility) <= _CLOSE * volatility:
            return following
        volatility = following
    return volatility


def _normal(x: float) -> float:
    """The cumulative normal distribution."""
    return erfc(-x / _ROOT_2) / 2
