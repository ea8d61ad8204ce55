"""The fair value of a contract at a moment: futures by carry, options by Black-76 with a smile.

The market trades around it; KIS' theoretical values are in `kis_pricing`.
"""

from datetime import datetime
from math import erfc, exp, log, sqrt

from app.simulator.hours import SimulatedHours
from app.simulator.instrument import SimulatedInstrument
from app.simulator.price_path import PricePath
from app.simulator.spot import SimulatedSpot
from specs.codes import Right

RATE = 0.027
_YEAR = 365 * 86_400.0
_SHORTEST = 60 / _YEAR

# The smile over log(strike / forward) per root of years.
_SKEW, _CURVE, _WIDEST, _FLATTEST = -0.35, 0.22, 1.6, 0.4


class FairValue:
    """The worth of one contract along the path of its underlying, in units of price."""

    def __init__(
        self,
        instrument: SimulatedInstrument,
        path: PricePath,
        spot: SimulatedSpot,
        hours: SimulatedHours,
        front: datetime,
    ) -> None:
        self._instrument = instrument
        self._path = path
        self.spot = spot.level_at
        self._left = (instrument.last_moment - hours.begin).total_seconds() / _YEAR
        gap = (instrument.last_moment - front).total_seconds() / _YEAR
        carry = instrument.underlying.carry
        self._ahead = exp(carry * gap)
        self._between: float | None = None
        if instrument.far is not None:
            apart = (instrument.far.last_moment - instrument.last_moment).total_seconds() / _YEAR
            self._between = exp(carry * apart) - 1

    @property
    def previous(self) -> float:
        """The worth at the close that changes are measured from."""
        return self._of(self._path.previous, 0.0)

    def value_at(self, seconds: float) -> float:
        """Return the fair value at a moment of the session."""
        return self._of(self._path.forward_at(seconds), seconds)

    def forward(self, seconds: float) -> float:
        """The forward of the contract's own expiry, in points or won."""
        return self._path.forward_at(seconds) * self._ahead

    def trades_at(self, seconds: float) -> bool:
        """Whether the contract still trades; on its last day it stops before the session does."""
        return seconds <= self._left * _YEAR

    def years(self, seconds: float) -> float:
        """The time to expiry."""
        return max(self._left - seconds / _YEAR, _SHORTEST)

    def volatility(self, seconds: float) -> float:
        """The smile at the contract's strike at a moment of the session, a fraction a year."""
        return self._smile(self._path.forward_at(seconds), seconds, self.years(seconds))

    def _smile(self, level: float, seconds: float, years: float) -> float:
        away = log(self._instrument.strike / (level * self._ahead)) / sqrt(years)
        away = max(-_WIDEST, min(_WIDEST, away))
        smile = max(_FLATTEST, 1 + _SKEW * away + _CURVE * away * away)
        return self._path.volatility(seconds, level) * smile

    def _of(self, level: float, seconds: float) -> float:
        instrument = self._instrument
        forward = level * self._ahead
        if self._between is not None:
            return forward * self._between / instrument.unit
        if instrument.right is None:
            return forward / instrument.unit
        years = self.years(seconds)
        deviation = self._smile(level, seconds, years) * sqrt(years)
        call = instrument.right is Right.CALL
        value = exp(-RATE * years) * _undiscounted(call, forward, instrument.strike, deviation)
        return value / instrument.unit


def _undiscounted(call: bool, forward: float, strike: float, deviation: float) -> float:
    d1 = log(forward / strike) / deviation + deviation / 2
    side = 1 if call else -1
    return side * (forward * _normal(side * d1) - strike * _normal(side * (d1 - deviation)))


def _normal(x: float) -> float:
    return erfc(-x / sqrt(2)) / 2
