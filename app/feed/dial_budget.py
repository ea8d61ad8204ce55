"""The dial budget: the number of connection attempts allowed per window of time.

KIS blocks keys that connect in endless loops and tells no figures, so the ceilings are low ones.
"""

from msgspec import Struct

WINDOWS = ((600.0, 12), (3600.0, 30), (43_200.0, 150))
"""Seconds, and the most dials within them."""

LONGEST = max(seconds for seconds, _ in WINDOWS)


class DialBudget(Struct, frozen=True):
    """The dials of the last twelve hours: monotonic seconds, oldest first."""

    spent: tuple[float, ...] = ()

    def next_at(self, now: float) -> float:
        """The first moment from `now` on at which a dial is within the budget."""
        at = now
        for seconds, most in WINDOWS:
            within = [moment for moment in self.spent if moment > now - seconds]
            if len(within) >= most:
                at = max(at, within[-most] + seconds)
        return at

    def spend(self, now: float) -> "DialBudget":
        """One dial more."""
        kept = tuple(moment for moment in self.spent if moment > now - LONGEST)
        return DialBudget((*kept, now))

    def refund(self) -> "DialBudget":
        """The last dial never reached KIS."""
        return DialBudget(self.spent[:-1])
