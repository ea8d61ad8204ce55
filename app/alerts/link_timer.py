"""How long the link has not been live in a session, for alerts."""

from math import nan

from app.feed.batch import LinkState
from app.krx.calendar import Schedule
from app.system.clock import Clock


class LinkTimer:
    """Counts the seconds for which the link has not been live in a session."""

    def __init__(self, clock: Clock, schedule: Schedule) -> None:
        self._clock = clock
        self._schedule = schedule
        self._live_at = clock.monotonic()

    def down_for(self, link: LinkState) -> float:
        """Return the seconds since the link was live; nan while it is, and between sessions."""
        now = self._clock.monotonic()
        if link.is_live(now) or self._schedule.state_at(self._clock.now()).session is None:
            self._live_at = now
            return nan
        return now - self._live_at
