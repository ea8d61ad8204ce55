"""The clock of a hub, as moments of this program."""

from math import inf

WINDOW = 60
"""Seconds of the hub's time after which its offset is measured anew: two clocks drift apart."""


class HubTime:
    """Converts times of a hub into monotonic seconds here.

    The offset is the least one of the last minutes: a message is never early, but may be late.
    """

    def __init__(self) -> None:
        self._window = -1
        self._least = self._before = inf

    def apply(self, time: int, now: float) -> None:
        """Measure by a message that was sent at `time` (nanoseconds) and came at `now`."""
        seconds = time / 1e9
        if int(seconds) // WINDOW != self._window:
            self._window = int(seconds) // WINDOW
            self._before, self._least = self._least, inf
        self._least = min(self._least, now - seconds)

    def moment(self, time: int, now: float) -> float:
        """Return when `time` was, at the latest `now`; `now` before the first measurement."""
        offset = min(self._least, self._before)
        return now if offset == inf else min(now, time / 1e9 + offset)

    def reset(self) -> None:
        """Measure anew: another hub has another clock."""
        self._window = -1
        self._least = self._before = inf
