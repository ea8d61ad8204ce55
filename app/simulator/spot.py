"""The index or stock that contracts derive from, as KIS' frames imply it.

KRX computes an index while its stock market is open: it begins a quarter of an hour after the
futures and stops a quarter of an hour before them.  Outside of these hours, and all night, it stays
at its last close.
"""

from math import exp

from app.simulator.hours import SimulatedHours
from app.simulator.instrument import SimulatedUnderlying
from app.simulator.price_path import PricePath
from specs.catalog import Session

_YEAR = 365 * 86_400.0
_APART = 900


class SimulatedSpot:
    """The spot of an underlying through one session; all levels are rounded to its grid."""

    def __init__(
        self,
        path: PricePath,
        hours: SimulatedHours,
        underlying: SimulatedUnderlying,
        front_left: float,
        previous: float | None,
    ) -> None:
        """`front_left` is the years from the session's begin to the expiry of the path's future.

        `previous` is the close before the session, None where no session came before.
        """
        self._path = path
        self._digits = 2 if underlying.unit < 1 else 0
        self._front_left = front_left
        self._carry = underlying.carry
        self._open, self._close = hours.open + _APART, hours.end - _APART
        self._stands = hours.session is Session.NIGHT
        implied = path.previous * exp(-self._carry * front_left)
        self.previous = round(implied if previous is None else previous, self._digits)
        """The close before the session."""

    def level_at(self, seconds: float) -> float:
        """Return the level at a moment of the session, in points or won."""
        if self._stands or seconds < self._open:
            return self.previous
        moment = min(seconds, self._close)
        left = self._front_left - moment / _YEAR
        return round(self._path.forward_at(moment) * exp(-self._carry * left), self._digits)

    @property
    def last(self) -> float:
        """The level at the session's end."""
        return self.level_at(self._close)
