"""Estimate how far the server's clock is ahead of ours from the ``datetime`` of its PINGPONG.

A PINGPONG that was held up on its way, or behind a machine that slept, makes the server look late
and never early.  The estimate is therefore the largest of the last three; a backlog that is read at
once counts as one.
"""

from collections import deque
from datetime import datetime
from math import inf, nan

NOTICEABLE = 5.0
"""Seconds from which a difference is shown: registrations change with the session."""

ALARMING = 60.0

REMEMBERED = 3
APART = 2.0
"""The least number of seconds between two PINGPONGs that were not held up."""


class ServerClock:
    """Compares PINGPONGs with the local clock."""

    def __init__(self) -> None:
        self._differences: deque[float] = deque(maxlen=REMEMBERED)
        self._last = -inf

    def apply(self, sent: str, now: datetime, at: float) -> None:
        """Apply a PINGPONG's yyyymmddHHMMSS that came at `now` and `at` (monotonic seconds)."""
        difference = _difference(sent, now)
        if difference != difference:
            return
        if at - self._last < APART and self._differences:
            difference = max(difference, self._differences.pop())
        self._last = at
        self._differences.append(difference)

    @property
    def skew(self) -> float:
        """Return the seconds that the server's clock is ahead of ours; nan while unknown.

        That it is far behind is not believed before three PINGPONGs say so.
        """
        skew = max(self._differences, default=nan)
        return skew if len(self._differences) == REMEMBERED or skew > -NOTICEABLE else nan


def _difference(sent: str, now: datetime) -> float:
    try:
        moment = datetime.strptime(sent, "%Y%m%d%H%M%S").replace(tzinfo=now.tzinfo)
    except ValueError:
        return nan
    return (moment - now).total_seconds()
