"""Reads frames together that come shortly after each other.

One wake-up of the loop a frame costs some 65 µs, of which decoding is 3.  After data the
transport is paused for `PAUSE` seconds, and what came meanwhile is read at once.  The first frame
after a silence is not delayed, and nothing is while a PINGPONG is due.
"""

import asyncio

PAUSE = 0.008
"""Seconds; a frame is at most so much older when it is read."""

EARLY = 0.5
"""Seconds before the next PINGPONG is expected from which reading is not paused."""


BACKLOG = 64
"""Frames of one read from which more are assumed to wait, so that the next read is at once."""


class PacedReading:
    """Pauses and resumes the transport of one websocket, if there is one and a pause."""

    def __init__(self, transport: asyncio.Transport | None, pause: float = PAUSE) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport = transport if pause else None
        self._pause_seconds = pause
        self._handle: asyncio.Handle | None = None
        self._frames = 0
        self._pingpong_at = float("-inf")
        self._pingpong_due = float("inf")

    def data_received(self, now: float) -> None:
        """Note a frame; reading pauses once all that were read with it are handled."""
        self._frames += 1
        if self._handle is None and now < self._pingpong_due - EARLY:
            # The reader does not yield before its queue is empty, so this runs after it.
            self._handle = self._loop.call_soon(self._pause)

    def pingpong_received(self, now: float) -> None:
        """Note a PINGPONG; the next one is expected after as long as this one took."""
        self._pingpong_at, self._pingpong_due = now, now + (now - self._pingpong_at)

    def close(self) -> None:
        """Read on without pauses."""
        if self._handle is not None:
            self._handle.cancel()
            self._resume()

    def _pause(self) -> None:
        self._handle = None
        frames, self._frames = self._frames, 0
        if frames < BACKLOG and self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()
            self._handle = self._loop.call_later(self._pause_seconds, self._resume)

    def _resume(self) -> None:
        self._handle = None
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()
