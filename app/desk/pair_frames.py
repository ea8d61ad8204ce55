"""The frames of one registration in their order: held, joined to the last value, then as they come.

A screen subscribes first and asks for the last value then.  What comes meanwhile is held; what is
not newer than the last value is dropped.
"""

from collections import deque
from typing import NamedTuple

from app.desk.desk_messages import FrameStamp
from app.feed.registration_state import RegistrationKey

MOST_HELD = 5000


class StampedFrame(NamedTuple):
    """A frame of KIS, and the stamp of the hub."""

    stamp: FrameStamp
    data: bytes


class PairFrames:
    """Decides which frames of a registration are delivered, and when; of one epoch."""

    def __init__(self) -> None:
        self._held: deque[StampedFrame] | None = None
        self._last = 0
        self.older = 0
        """Frames that were dropped because a newer one was known."""

    def hold(self) -> None:
        """Deliver nothing until the last value is known."""
        self._held = deque(maxlen=MOST_HELD)

    def accept(self, frame: StampedFrame) -> tuple[StampedFrame, ...]:
        """Return what of it is to be delivered now."""
        if self._held is not None:
            self._held.append(frame)
            return ()
        if frame.stamp.sequence <= self._last:
            self.older += 1
            return ()
        self._last = frame.stamp.sequence
        return (frame,)

    def join(self, last: StampedFrame | None) -> tuple[StampedFrame, ...]:
        """Return the last value, if any, and what was held, where they are newer than known."""
        held, self._held = self._held or (), None
        first = () if last is None else self.accept(last)
        return (*first, *(one for frame in held for one in self.accept(frame)))


class FollowedEpoch:
    """What is known of the run of a hub; it outlives a connection."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        """Empty before the first word of a hub."""
        self.pairs: dict[RegistrationKey, PairFrames] = {}
        self.recalled: set[str] = set()
        """The codes whose trades the hub was asked for."""

    def hold(self, key: RegistrationKey) -> PairFrames:
        """Return the frames of a registration, holding them from now on."""
        pair = self.pairs.setdefault(key, PairFrames())
        pair.hold()
        return pair
