"""The queue of entries to write, between the feed's thread and the tape's.

It is bounded by the bytes in it.  Beyond them messages are dropped and counted, and an entry at
their place says how many, why and for how long.
"""

import threading
from collections import deque
from collections.abc import Callable
from math import inf

import msgspec
from msgspec import Struct

from app.system.clock import Clock
from app.tape.entry import EntryKind
from app.tape.gap import Gap
from app.tape.keyframe import KeyframeBuilder
from app.tape.times import nanoseconds

MOST = 64 * 1024 * 1024
"""Maximum size of the backlog in bytes, with the overhead per message."""

SAMPLE = 0.01
"""Seconds in which the wall clock is asked once; in between it goes with the monotonic one."""

_KEEPING = 250
_ROOM = 3 / 4
"""After messages were dropped: how full it may be for the next to be taken."""


class StateNote(Struct, frozen=True):
    """Something for the next keyframe alone, which is due at once or when it comes."""

    apply: Callable[[KeyframeBuilder], None]
    at_once: bool = False


Message = str | bytes | StateNote
Waiting = tuple[EntryKind, Message, float, int]
"""Kind, message, when it came in monotonic seconds, and what the wall is ahead of that, in ns."""


class Backlog:
    """Filled by one thread and emptied by another, neither of which ever waits for the other.

    `speed` is how many seconds of wall time go by in a monotonic one of the clock.
    """

    def __init__(self, clock: Clock, most: int = MOST, speed: float = 1.0) -> None:
        self._clock = clock
        self._rate = speed * 1e9
        self._most = most
        self._limit: float = most
        # Each is written by one of the two threads alone.
        self._put = 0
        self._got = 0
        self._missed = 0
        self._missing_since = 0.0
        self._missing_why = ""
        self._sampled_at = -inf
        self._ahead = 0
        self._stirred = False
        self._wake = threading.Event()
        self.waiting: deque[Waiting] = deque()
        """Return the entries that have not been dropped, oldest first."""
        self.dropped = 0
        """Messages that found no room."""
        self.trouble = ""
        """Why nothing is written at the moment, by whoever empties this; a key of the catalogue."""

    # --- whoever fills it; once a message, so nothing is called that need not be

    def add(self, kind: EntryKind, message: Message, monotonic: float) -> None:
        """Have something wait that came at so many monotonic seconds."""
        if not 0 <= monotonic - self._sampled_at < SAMPLE:
            self._sampled_at = monotonic
            self._ahead = nanoseconds(self._clock.now()) - self.ticks(monotonic)
        if self._put - self._got > self._limit:
            self._miss(monotonic)
            return
        if self._missed:
            self._tell_missed(monotonic)
        self._put += _KEEPING if isinstance(message, StateNote) else _KEEPING + len(message)
        self.waiting.append((kind, message, monotonic, self._ahead))
        if not self._stirred:
            self._stirred = True
            self._wake.set()

    def close(self, kind: EntryKind, message: bytes, monotonic: float) -> None:
        """Have a last thing wait, whether or not there is room."""
        self._limit = inf
        self.add(kind, message, monotonic)
        self._wake.set()

    def _miss(self, monotonic: float) -> None:
        if not self._missed:
            self._missing_since = monotonic
            self._missing_why = self.trouble or "record.why_slow"
            self._limit = self._most * _ROOM
        self._missed += 1
        self.dropped += 1

    def _tell_missed(self, monotonic: float) -> None:
        seconds = self.ticks(monotonic - self._missing_since) / 1e9
        gap = Gap(self._missing_why, round(seconds, 3), self._missed)
        self._missed = 0
        self._limit = max(self._most, self._limit)
        self.add(EntryKind.GAP, msgspec.json.encode(gap), monotonic)

    # --- whoever empties it

    def wait(self, seconds: float) -> None:
        """Until something waits, or so long."""
        self._wake.wait(seconds)
        self._wake.clear()

    def settle(self) -> None:
        """Wake the waiting thread at the next entry."""
        self._stirred = False

    def ticks(self, seconds: float) -> int:
        """Monotonic seconds of the clock in ns of the tape, which run as its wall time does."""
        return int(seconds * self._rate)

    def drop_first(self) -> None:
        """Be done with what has waited longest."""
        message = self.waiting.popleft()[1]
        self._got += _KEEPING if isinstance(message, StateNote) else _KEEPING + len(message)
