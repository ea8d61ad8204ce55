"""The one clock: Korean wall time and a monotonic counter, handed to all who ask for time."""

import time
from datetime import datetime, timedelta, timezone
from typing import Protocol

KST = timezone(timedelta(hours=9), "KST")


class Clock(Protocol):
    """What tells the time; demo, tape and tests bring their own."""

    def now(self) -> datetime:
        """Wall time in KST, aware."""
        ...

    def monotonic(self) -> float:
        """Seconds that never step."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(KST)

    def monotonic(self) -> float:
        return time.monotonic()


class ScaledClock:
    """A clock that starts at a given moment and runs `speed` times as fast as real time.

    Only the wall time is scaled; timers and ages stay in real seconds.
    """

    def __init__(self, start: datetime, speed: float = 1.0) -> None:
        self._start = start
        self._speed = speed
        self._origin = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._origin) * self._speed)

    def monotonic(self) -> float:
        return time.monotonic()


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def move_to(self, moment: datetime) -> None:
        """Move on to `moment`; never back."""
        gone = (moment - self._now).total_seconds()
        if gone > 0:
            self._now, self._monotonic = moment, self._monotonic + gone
