"""The clock of a tape that is played: the player starts, stops and moves it."""

from datetime import UTC, datetime
from math import inf, isfinite

from msgspec import Struct

from app.system.clock import Clock, SystemClock
from app.tape import times
from app.tape.times import nanoseconds

_FIRST = nanoseconds(datetime(2000, 1, 2, tzinfo=UTC))
_LAST = nanoseconds(datetime(2099, 12, 1, tzinfo=UTC))


class PlaybackPace(Struct, frozen=True):
    """Position of a tape at a real time, and its pace since then."""

    real: float = 0.0
    """That moment; monotonic seconds of the machine."""
    position: float = 0.0
    """Seconds of the tape."""
    until: float = 0.0
    """The place at which the clock waits for the player."""
    wall: int = 0
    """Wall time at the place: nanoseconds since 1970 in UTC."""
    shift: float = 0.0
    """Offset of the monotonic seconds from the position: the sum of all jumps back."""
    speed: float = 1.0
    """Seconds of the tape in a real one; infinite as fast as can be."""
    playing: bool = False
    ended: bool = False
    """Whether nothing comes any more."""

    def position_at(self, real: float) -> float:
        """Return the position at a later time."""
        if not self.playing or not isfinite(self.speed):
            return self.position
        return min(self.until, self.position + max(0.0, real - self.real) * self.speed)


class TapeClock:
    """Tells the tape's time.

    The player's thread alone replaces `pace`, a frozen struct that all others only read.
    """

    def __init__(self, real: Clock | None = None) -> None:
        self._real = real or SystemClock()
        self.pace = PlaybackPace()

    @property
    def real(self) -> float:
        """Monotonic seconds of the machine."""
        return self._real.monotonic()

    @property
    def position(self) -> float:
        """Return the position in seconds from the start of the tape."""
        pace = self.pace
        return pace.position_at(self.real)

    def now(self) -> datetime:
        """The tape's wall time in KST."""
        pace = self.pace
        return moment(pace.wall + round((pace.position_at(self.real) - pace.position) * 1e9))

    def monotonic(self) -> float:
        """Seconds that go by as the tape does, and on where it is wound back."""
        pace = self.pace
        return pace.position_at(self.real) + pace.shift

    def suspended(self) -> float:
        return 0.0


def bounded(wall: int) -> int:
    """A wall time of a tape that is one."""
    return max(_FIRST, min(_LAST, wall))


def moment(wall: int) -> datetime:
    """A wall time of a tape in KST, whatever the tape says; to the nearest µs."""
    found = times.moment(bounded(wall) + 500)
    assert found is not None
    return found


SPEEDS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, inf)
"""The speeds that the keys choose from."""
