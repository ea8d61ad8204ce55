"""Reads what came before a place of a tape in the background, segment by segment backwards.

A player that was wound to a place begins with the segment there; what was traded before it comes
from here, while the screen already shows the place.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from app.feed.trade_lane import LaneRecords, TradeLane
from app.system.clock import ManualClock
from app.tape.entry import EntryKind
from app.tape.tape_clock import moment
from app.tape.tape_index import TapeIndex
from specs.catalog import CATALOG, Channel
from specs.frame import FrameError, decode

SLICE, REST = 0.008, 0.008
"""Seconds of work, and of standing aside after it."""

_BREATHE_AFTER = 64
"""Entries after which the clock is read."""

_READ = frozenset(
    entry.tr_id.encode()
    for entry in CATALOG.values()
    if entry.channel in (Channel.TRADE, Channel.EXPECTED)
)
_SECOND = 10**9
DATE_BEGINS = timedelta(hours=17)


class EarlierTrades:
    """The trades and indications of a tape's trade date before a segment."""

    def __init__(
        self, tape_index: TapeIndex, seconds: Callable[[], float], notify: Callable[[], None]
    ) -> None:
        """`notify` is called when there is something to collect."""
        self._index = tape_index
        self._seconds = seconds
        self._notify = notify
        self._began = seconds()
        self._next, self._date = -1, date.min
        self._wanted = asyncio.Event()
        self._found: list[LaneRecords] = []
        self._epoch = 0

    def restart(self, segment: int) -> None:
        """Read what comes before a segment, and discard what was found before another one."""
        self._epoch += 1
        self._found.clear()
        self._next, self._date = segment - 1, self._date_of(segment)
        self._wanted.set()

    def collect(self) -> tuple[LaneRecords, ...]:
        """Return what was found since the last time, the latest first."""
        found, self._found = tuple(self._found), []
        return found

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            await self._wanted.wait()
            while self._next >= 0:
                epoch, at = self._epoch, self._next
                found = await self._read(at)
                if epoch != self._epoch:
                    continue
                if any(found):
                    self._found.append(found)
                    self._notify()
                # What precedes a segment that began on another trade date is of that one, too.
                self._next = at - 1 if self._date_of(at) == self._date else -1
            self._wanted.clear()

    def _date_of(self, segment: int) -> date:
        return trade_date_of(self._index, segment)

    async def _read(self, at: int) -> LaneRecords:
        epoch = self._epoch
        return await segment_records(self._index, at, lambda: self._rest(epoch))

    async def _rest(self, epoch: int) -> bool:
        if self._seconds() - self._began >= SLICE:
            await asyncio.sleep(REST)
            self._began = self._seconds()
        return epoch == self._epoch


def trade_date_of(tape_index: TapeIndex, segment: int) -> date:
    """Return the date that begins at 17:00 KST in which a segment begins."""
    return (moment(tape_index.segments[segment].wall) - DATE_BEGINS).date()


async def segment_records(
    tape_index: TapeIndex, at: int, rest: Callable[[], Awaitable[bool]]
) -> LaneRecords:
    """Return trades and indications of a segment.

    Return none if `rest`, called now and then, says to stop.
    """
    moved = tape_index.segments[at].wall
    clock = ManualClock(moment(moved))
    lane = TradeLane(clock)
    lane.keeps = False
    for received in tape_index.keyframe(at).frames:
        moved = received.wall
        clock.move_to(moment(moved))
        _apply(lane, received.frame.encode())
    lane.keeps = True
    for count, entry in enumerate(tape_index.tape.entries_of(tape_index.segments[at]), 1):
        if entry.kind == EntryKind.FRAME:
            # The clock tells days apart and stands in for an unreadable time: seconds are enough.
            if abs(entry.wall - moved) >= _SECOND:
                moved = entry.wall
                clock.move_to(moment(moved))
            _apply(lane, entry.payload)
        if count % _BREATHE_AFTER == 0 and not await rest():
            return LaneRecords({}, {})
    return lane.collect()


def _apply(lane: TradeLane, frame: bytes) -> None:
    """Keep what a frame of trades or indications has that can be read."""
    if frame[2:10] not in _READ:
        return
    try:
        decoded = decode(frame.decode("utf-8", "replace"))
    except FrameError:
        return
    lane.apply(decoded.tr_id, decoded.records)
