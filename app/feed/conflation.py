"""Conflation: the newest record of each registration, handed over once a beat.

It lives on the I/O thread.  The first change arms a beat; no beat is sent while the last
one has not been taken, so a screen that stands still costs nothing and wakes to the present.
"""

import asyncio
from collections.abc import Callable

from app.feed.batch import Received
from specs.record import Record

BEAT = 0.1
"""Seconds between two beats."""


class Conflation:
    """Keeps the newest record per (TR, code) between beats."""

    def __init__(self, send: Callable[[tuple[Received, ...]], None], beat: float = BEAT) -> None:
        self._send = send
        self._beat = beat
        self._newest: dict[tuple[str, str], Received] = {}
        self._armed: asyncio.TimerHandle | None = None
        self._in_flight = False
        self._dirty = False
        self._last_beat = float("-inf")

    def accept(self, tr_id: str, records: list[Record], at: float) -> None:
        """Keep the records of one frame that arrived at `at` (monotonic seconds)."""
        newest = self._newest
        for record in records:
            newest[tr_id, record.code] = Received(tr_id, record, at)
        if not self._dirty:
            self.touch()

    def touch(self) -> None:
        """Arm a beat though no record changed: the state of the link did."""
        self._dirty = True
        if self._armed is None and not self._in_flight:
            loop = asyncio.get_running_loop()
            due = max(loop.time(), self._last_beat + self._beat)
            self._armed = loop.call_at(due, self._ring)

    def clear(self) -> None:
        """Discard records that have not been delivered."""
        self._newest.clear()

    def acknowledge_batch(self) -> None:
        """The screen has taken the last beat."""
        self._in_flight = False
        if self._dirty:
            self.touch()

    def close(self) -> None:
        """Send nothing more."""
        self._in_flight = True
        if self._armed is not None:
            self._armed.cancel()
            self._armed = None

    def _ring(self) -> None:
        self._armed = None
        self._dirty = False
        self._in_flight = True
        self._last_beat = asyncio.get_running_loop().time()
        newest, self._newest = self._newest, {}
        self._send(tuple(newest.values()))
