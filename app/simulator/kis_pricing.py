"""KIS' conventions for option prices, implied volatility and greeks.

Black-Scholes on the spot, without dividends.  The rate is CD91.  Time is counted in whole calendar
days, the expiry day included, over 365: an option has one day left from the first to the last
second of its expiry day.  Source: inferred from KIS' own frames of stock options; the day that a
night counts from is not documented [?], here it is the evening's, with which KIS stamps a night.

Units: volatility and rate are fractions, theta is per calendar day, vega per 1 %p of volatility,
rho per 1 %p of the rate.  Nothing is shared with `app.pricing`, which this is to check.
"""

from datetime import date
from math import erfc, exp, log, nan, pi, sqrt
from typing import NamedTuple

CD91 = 0.0355
DIVIDENDS = 0.0235
"""The dividend yield in KIS' theoretical futures prices, a fraction a year; options use 0."""

_DAYS = 365
_LOWEST, _HIGHEST = 1e-4, 10.0
_STEPS = 100
_PRECISION = 1e-9


class SpotGreeks(NamedTuple):
    """The greeks of an option by its spot."""

    delta: float
    gamma: float
    vega: float
    theta: float
    rho: float


class KisOption(NamedTuple):
    """An option on one day, as KIS computes it."""

    call: bool
    strike: float
    years: float

    @classmethod
    def on(cls, day: date, call: bool, strike: float, expiry: date) -> "KisOption":
        """Return the option as of `day`, its expiry day counted as a whole one."""
        return cls(call, strike, years(day, expiry))

    def price(self, spot: float, volatility: float) -> float:
        """Return the theoretical price in the unit of the spot."""
        d1, d2 = self._distances(spot, volatility)
        side = 1 if self.call else -1
        return side * (spot * _normal(side * d1) - self._discounted * _normal(side * d2))

    def implied_volatility(self, spot: float, traded: float) -> float:
        """Return the volatility that a traded price implies; nan outside of its bounds."""
        low, high = _LOWEST, _HIGHEST
        if not self.price(spot, low) < traded < self.price(spot, high):
            return nan
        volatility = 0.3
        for _ in range(_STEPS):
            missing = traded - self.price(spot, volatility)
            if missing > 0:
                low = volatility
            else:
                high = volatility
            vega = 100 * self.greeks(spot, volatility).vega
            step = missing / vega if vega > 0 else 0.0
            following = volatility + step
            if not low < following < high:
                following = (low + high) / 2
            if abs(following - volatility) < _PRECISION:
                return following
            volatility = following
        return volatility

    def greeks(self, spot: float, volatility: float) -> SpotGreeks:
        """Return the greeks at a volatility."""
        d1, d2 = self._distances(spot, volatility)
        side = 1 if self.call else -1
        density = exp(-d1 * d1 / 2) / sqrt(2 * pi)
        root = sqrt(self.years)
        bond = side * self._discounted * _normal(side * d2)
        decay = -spot * density * volatility / (2 * root) - CD91 * bond
        return SpotGreeks(
            delta=side * _normal(side * d1),
            gamma=density / (spot * volatility * root),
            vega=spot * density * root / 100,
            theta=decay / _DAYS,
            rho=self.years * bond / 100,
        )

    @property
    def _discounted(self) -> float:
        return self.strike * exp(-CD91 * self.years)

    def _distances(self, spot: float, volatility: float) -> tuple[float, float]:
        deviation = volatility * sqrt(self.years)
        d1 = log(spot / self._discounted) / deviation + deviation / 2
        return d1, d1 - deviation


def years(day: date, expiry: date) -> float:
    """Return the time from `day` to an expiry; one day on the expiry day itself and after it."""
    return (max((expiry - day).days, 0) + 1) / _DAYS


def future_price(spot: float, day: date, expiry: date) -> float:
    """Return the theoretical price of a future: the spot carried to the expiry."""
    return spot * exp((CD91 - DIVIDENDS) * years(day, expiry))


def _normal(x: float) -> float:
    return erfc(-x / sqrt(2)) / 2
