"""A tape in its own time: positions in seconds from its start, which never decrease.

A hostile or broken tape may hold any time.  What runs backwards stands still, a segment is no
longer than a day and all of them no longer than a week, and wall times are those of a century.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, time
from itertools import pairwise

from msgspec import Struct

from app.tape import keyframe, times
from app.tape.code_order import in_order
from app.tape.entry import EntryKind, Header, TapeEntry, TapeError
from app.tape.keyframe import Keyframe
from app.tape.reader import Segment, Tape
from app.tape.tape_clock import bounded, moment
from specs.frame import FrameError, decode

SECOND = 1_000_000_000
LONGEST_SEGMENT = 86_400.0
LONGEST = 7 * LONGEST_SEGMENT

AHEAD = 1.05
"""Times as fast as the monotonic clock a wall clock may be that only drifts."""

CodePair = tuple[str, str]
"""A TR and a code."""


class IndexedEntry(Struct, frozen=True, gc=False):
    """An entry of a tape and where it lies: the segment, its number in it, seconds."""

    segment: int
    number: int
    position: float
    entry: TapeEntry

    @property
    def sort_key(self) -> tuple[int, int]:
        """Its place among all others."""
        return self.segment, self.number


class TapeIndex:
    """An open tape with facts that do not need all of it to be read."""

    def __init__(self, tape: Tape) -> None:
        """Look at the ends of a tape.

        Raises:
            TapeError: nothing was recorded on it.
        """
        if not tape.segments:
            raise TapeError("replay.empty", path=tape.path)
        self.tape = tape
        self.segments = tape.segments
        self.begins, self._by_wall = _begins(tape)
        self.names: dict[str, str] = {}
        self.pairs: dict[CodePair, None] = {}
        """The TRs and codes that are on the tape, as they came; more may turn up on the way."""
        last = len(self.segments) - 1
        self._end = min(LONGEST, self.begins[last] + LONGEST_SEGMENT)
        monotonic, wall = self.segments[last].monotonic, self.segments[last].wall
        for at in dict.fromkeys((0, last)):
            for entry in tape.entries_of(self.segments[at]):
                self._learn(entry)
                if at == last:
                    monotonic, wall = max(monotonic, entry.monotonic), max(wall, entry.wall)
        self._by_wall.append(goes_by_wall(self.segments[last], monotonic, wall))
        self._end = self.length = min(self._end, self.position_in(last, monotonic, wall))
        """Seconds from the first entry to the last."""

    @property
    def header(self) -> Header:
        """The header of the tape."""
        return self.tape.header

    @property
    def codes(self) -> list[str]:
        """The codes that are on the tape, in the order in which they are listed."""
        return in_order((code for _, code in self.pairs), self.names)

    def passages(self, first: int = 0, *, only: bool = False) -> Iterator[IndexedEntry]:
        """The entries from a segment on, or of this one only."""
        last = first + 1 if only else len(self.segments)
        for at in range(first, last):
            segment, begin = self.segments[at], self.begins[at]
            end = self.begins[at + 1] if at + 1 < len(self.begins) else self._end
            place = begin
            for number, entry in enumerate(self.tape.entries_of(segment)):
                position = self.position_in(at, entry.monotonic, entry.wall)
                place = min(end, max(place, position))
                yield IndexedEntry(at, number, place, entry)

    def position_in(self, at: int, monotonic: int, wall: int) -> float:
        """The place of the two times of an entry of a segment."""
        segment = self.segments[at]
        passed = wall - segment.wall if self._by_wall[at] else monotonic - segment.monotonic
        return self.begins[at] + passed / SECOND

    def keyframe(self, at: int) -> Keyframe:
        """The state before a segment; an empty one where it is damaged."""
        for entry in self.tape.entries_of(self.segments[at]):
            if entry.kind == EntryKind.KEYFRAME:
                return keyframe.read(entry.payload)
            break
        return Keyframe()

    def segment_at(self, place: float) -> int:
        """The segment that a place lies in; where several begin at once, the first of them."""
        at = max(0, bisect_right(self.begins, place) - 1)
        while at and self.begins[at - 1] == self.begins[at]:
            at -= 1
        return at

    def wall_at(self, place: float) -> int:
        """The wall time of a place, by the segment that it lies in."""
        at = max(0, bisect_right(self.begins, place) - 1)
        return bounded(self.segments[at].wall + round((place - self.begins[at]) * SECOND))

    def position_at(self, wall: int) -> float:
        """Return the position of a wall time; the nearest end of the tape where it lies outside."""
        at = 0
        for number, segment in enumerate(self.segments):
            if bounded(segment.wall) <= wall:
                at = number
        place = self.begins[at] + (wall - bounded(self.segments[at].wall)) / SECOND
        end = self.begins[at + 1] if at + 1 < len(self.begins) else self.length
        return max(self.begins[at], min(end, place))

    @property
    def ends(self) -> tuple[datetime, datetime]:
        """The wall times of its two ends."""
        return moment(self.wall_at(0.0)), moment(self.wall_at(self.length))

    def holds(self, when: datetime) -> bool:
        """Whether a moment lies on the tape, to the minute."""
        begin, end = self.ends
        return begin.replace(second=0, microsecond=0) <= when <= end

    def moment_of(self, hours: time) -> datetime:
        """The moment that a time of day means on this tape."""
        begin = self.wall_at(0.0)
        found = times.session_of(begin)
        return times.on(found[1] if found else "", hours, moment(begin))

    def seen_before(self, last: IndexedEntry) -> IndexedEntry | None:
        """Return the visible entry before an entry, or None at the start of the tape."""
        wanted = 2
        for segment in range(last.segment, -1, -1):
            passages = self.passages(segment, only=True)
            seen = [one for one in passages if one.sort_key <= last.sort_key and is_seen(one.entry)]
            if len(seen) >= wanted:
                return seen[-wanted]
            wanted -= len(seen)
        return None

    def _learn(self, entry: TapeEntry) -> None:
        if entry.kind == EntryKind.KEYFRAME:
            state = keyframe.read(entry.payload)
            self.names |= state.names
            for frame in state.frames:
                self._hear(frame.frame)
        elif entry.kind == EntryKind.FRAME:
            self._hear(entry.payload.decode("utf-8", "replace"))

    def _hear(self, frame: str) -> None:
        try:
            decoded = decode(frame)
        except FrameError:
            return
        for record in decoded.records:
            self.pairs.setdefault((decoded.tr_id, record.code))


def is_seen(entry: TapeEntry) -> bool:
    """Whether an entry changes what is on the screen: data, a step of the link, a gap."""
    if entry.kind in (EntryKind.FRAME, EntryKind.BINARY):
        return not entry.payload.lstrip().startswith(b"{")
    return entry.kind in (EntryKind.LINK, EntryKind.GAP)


def goes_by_wall(segment: Segment, monotonic: int, wall: int) -> bool:
    """Return whether a segment's time follows the wall clock, given both end times.

    The wall goes ahead where a demo was sped up, and where the machine slept.
    """
    passed, seen = (monotonic - segment.monotonic) / SECOND, (wall - segment.wall) / SECOND
    return max(0.0, passed) * AHEAD + 1.0 < seen <= LONGEST_SEGMENT


def _begins(tape: Tape) -> tuple[list[float], list[bool]]:
    """Return the start of each segment, and whether each but the last follows the wall clock."""
    begins, by_wall = [0.0], list[bool]()
    for before, after in pairwise(tape.segments):
        by_wall.append(goes_by_wall(before, after.monotonic, after.wall))
        passed = after.wall - before.wall if by_wall[-1] else after.monotonic - before.monotonic
        span = max(0.0, min(LONGEST_SEGMENT, passed / SECOND))
        begins.append(min(LONGEST, begins[-1] + span))
    return begins, by_wall
