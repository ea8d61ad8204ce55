"""The one clock: Korean wall time and a monotonic counter, handed to all who ask for time."""

import sys
import time
from datetime import datetime, timedelta, timezone
from typing import Protocol

KST = timezone(timedelta(hours=9), "KST")


class Clock(Protocol):
    """The clock of a run; demo, tape and tests have their own."""

    def now(self) -> datetime:
        """Wall time in KST, aware."""
        ...

    def monotonic(self) -> float:
        """Seconds that never step."""
        ...

    def suspended(self) -> float:
        """Seconds that the machine has slept; only their growth means anything."""
        ...


if sys.platform == "win32":
    import ctypes

    def _suspended() -> float:
        """Return the seconds that the machine has slept since its start."""
        awake = ctypes.c_ulonglong()
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(awake))
        ctypes.windll.kernel32.GetTickCount64.restype = ctypes.c_ulonglong
        return float(ctypes.windll.kernel32.GetTickCount64()) / 1e3 - awake.value / 1e7

elif sys.platform == "darwin":

    def _suspended() -> float:
        """Return the seconds that the machine has slept since its start."""
        whole = time.clock_gettime(time.CLOCK_MONOTONIC_RAW)
        return whole - time.clock_gettime(time.CLOCK_UPTIME_RAW)

else:

    def _suspended() -> float:
        """Return the seconds that the machine has slept since its start."""
        return time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()


class SystemClock:
    """The machine's own clock."""

    def suspended(self) -> float:
        return _suspended()

    def now(self) -> datetime:
        return datetime.now(KST)

    def monotonic(self) -> float:
        return time.monotonic()


class ScaledClock(SystemClock):
    """A clock that starts at a given moment and runs `speed` times as fast as real time.

    Only the wall time is scaled; timers and ages stay in real seconds.
    """

    def __init__(self, start: datetime, speed: float = 1.0) -> None:
        self._start = start
        self._speed = speed
        self._origin = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._origin) * self._speed)


class ManualClock:
    """A clock that changes only by `move_to`."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._monotonic = 1000.0
        self._suspended = 0.0

    def suspended(self) -> float:
        return self._suspended

    def sleep(self, seconds: float) -> None:
        """Let the machine sleep: wall time goes on, the monotonic counter does not."""
        self._now += timedelta(seconds=seconds)
        self._suspended += seconds

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def move_to(self, moment: datetime) -> None:
        """Move on to `moment`; never back."""
        gone = (moment - self._now).total_seconds()
        if gone > 0:
            self._now, self._monotonic = moment, self._monotonic + gone
