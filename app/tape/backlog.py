"""What waits to be written: one queue between the feed's thread and the tape's.

It is bounded by the bytes in it.  Beyond them messages are dropped and counted, and an entry at
their place says how many, why and for how long.
"""

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime

import msgspec
from msgspec import Struct

from app.tape.entry import Kind
from app.tape.gap import Gap
from app.tape.keyframe import Heads

MOST = 64 * 1024 * 1024
"""Bytes that wait at the most, with what keeping a message costs."""

_KEEPING = 250
_ROOM = 3 / 4
"""After messages were dropped: how full it may be for the next to be taken."""


class Note(Struct, frozen=True):
    """Something for the next keyframe alone, which is due at once or when it comes."""

    tell: Callable[[Heads], None]
    at_once: bool = False


Message = str | bytes | Note
Waiting = tuple[Kind, Message, float, datetime]
"""Kind, message, and when it came: monotonic seconds and wall time."""


class Backlog:
    """Filled by one thread and emptied by another, neither of which ever waits for the other."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._waiting: deque[Waiting] = deque()
        # Each is written by one of the two threads alone.
        self._put = 0
        self._got = 0
        self._missed = 0
        self._missing_since = 0.0
        self._stirred = False
        self._wake = threading.Event()
        self.dropped = 0
        """Messages that found no room."""
        self.trouble = ""
        """Why nothing is written at the moment, by whoever empties this; a key of the catalogue."""

    # --- whoever fills it

    def put(self, kind: Kind, message: Message, monotonic: float, wall: datetime) -> None:
        """Have something wait."""
        if self._put - self._got > self._most * (_ROOM if self._missed else 1):
            if not self._missed:
                self._missing_since = monotonic
            self._missed += 1
            self.dropped += 1
            return
        if self._missed:
            self._tell_missed(monotonic, wall)
        self._append((kind, message, monotonic, wall))

    def close(self, kind: Kind, message: bytes, monotonic: float, wall: datetime) -> None:
        """Have a last thing wait, whether or not there is room."""
        if self._missed:
            self._tell_missed(monotonic, wall)
        self._append((kind, message, monotonic, wall))
        self._wake.set()

    def _append(self, waiting: Waiting) -> None:
        self._put += _cost(waiting[1])
        self._waiting.append(waiting)
        if not self._stirred:
            self._stirred = True
            self._wake.set()

    def _tell_missed(self, monotonic: float, wall: datetime) -> None:
        seconds = round(monotonic - self._missing_since, 3)
        gap = Gap(self.trouble or "record.why_slow", seconds, self._missed)
        self._missed = 0
        self._append((Kind.GAP, msgspec.json.encode(gap), monotonic, wall))

    # --- whoever empties it

    def wait(self, seconds: float) -> None:
        """Until something waits, or so long."""
        self._wake.wait(seconds)
        self._wake.clear()

    def settle(self) -> None:
        """What comes from here on wakes whoever waits."""
        self._stirred = False

    @property
    def first(self) -> Waiting | None:
        """What has waited longest; it stays."""
        return self._waiting[0] if self._waiting else None

    def drop_first(self) -> None:
        """Be done with what has waited longest."""
        _, message, _, _ = self._waiting.popleft()
        self._got += _cost(message)

    def __len__(self) -> int:
        return len(self._waiting)


def _cost(message: Message) -> int:
    return _KEEPING if isinstance(message, Note) else _KEEPING + len(message)
