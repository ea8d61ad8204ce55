"""Looks through a whole tape for what is damaged, and lets others see its entries meanwhile."""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from app.tape.entry import TapeEntry
from app.tape.reader import Tape
from app.tape.segments import HEAD, Segment

MOST = 1000
"""Findings that are kept; a tape with so many is told to be damaged by the first of them."""

LIKELY = 1 << 40
"""More entries than this are missing only where the numbers of segments were made up."""

BACK = 1_000_000_000
"""Nanoseconds by which a segment may begin before the end of the one before it."""


class DamageKind(StrEnum):
    """Kinds of damage."""

    HEADER = "header"
    """The header cannot be read."""
    WRONG = "wrong"
    """Entries have a wrong checksum; the count is theirs."""
    DAMAGED = "damaged"
    """What follows in the segment cannot be read; the count is of its entries, where known."""
    BROKEN = "broken"
    """A segment breaks off in the middle; the count is of its entries, where known."""
    LOST = "lost"
    """Entries are missing, as the numbers of the segments say; the count is theirs."""
    ORDER = "order"
    """A segment does not belong where it lies."""
    BACK = "back"
    """The times of a segment are before those of the one before it."""
    STRAY = "stray"
    """Bytes belong to nothing; the count is theirs."""
    SECOND = "second"
    """Another tape begins here, which is no part of this one."""
    TORN = "torn"
    """The last entry was not written to its end; the count is of its bytes."""


MISSING = frozenset({DamageKind.WRONG, DamageKind.DAMAGED, DamageKind.BROKEN, DamageKind.LOST})
"""Findings of entries that were recorded and cannot be had."""


class Finding(Struct, frozen=True):
    """A kind of damage and its position: a byte of the file, and the times there.

    The times are those of the newest entry before it; `until` is the monotonic time from which on
    all is there again, none where nothing follows.
    """

    what: DamageKind
    at: int
    wall: int = 0
    count: int | None = 0
    size: int = 0
    """Bytes that cannot be read."""
    segment: int = 0
    """Index of its segment in the tape."""
    monotonic: int = 0
    until: int | None = None


EntryCallback = Callable[[Segment, TapeEntry], None]
ProgressCallback = Callable[[int], None]
"""Told how many bytes more are done."""


def check(
    tape: Tape, on_entry: EntryCallback | None = None, tick: ProgressCallback | None = None
) -> list[Finding]:
    """Read all of a tape; what is wrong with it, in its order.

    Raises:
        TapeError: it cannot be read any more.
    """
    done, newest, back = tape.begin, 0, list[Finding]()
    for at, segment in enumerate(tape.segments):
        if at and segment.monotonic < newest - BACK:
            back.append(Finding(DamageKind.BACK, segment.start - HEAD, segment.wall, segment=at))
            del back[MOST:]
        for entry in tape.entries_of(segment):
            newest = entry.monotonic
            if on_entry is not None:
                on_entry(segment, entry)
        if tick is not None:
            tick(segment.end - done)
            done = segment.end
    found = damage_events(tape, closely=True)
    misplaced = {one.at for one in found if one.what is DamageKind.ORDER}
    found += [one for one in back if one.at not in misplaced]
    return sorted(found, key=lambda one: one.at)[:MOST]


def damage_events(tape: Tape, *, closely: bool = False) -> list[Finding]:
    """Return the damage of all segments that were read to their end, in order.

    Where a finding's kind is in `MISSING`, entries are.  Only if looked at closely, bytes that
    belong to nothing are told too, for which every segment is unpacked once more.

    Raises:
        TapeError: it cannot be read any more.
    """
    found: list[Finding] = []
    if not tape.has_header:
        found.append(Finding(DamageKind.HEADER, 0))
    first = tape.segments[0].start - HEAD if tape.segments else tape.size
    if tape.has_header and first > tape.begin:
        found.append(Finding(DamageKind.STRAY, tape.begin, count=first - tape.begin))
    for at, segment in enumerate(tape.segments):
        if segment in tape.counts:
            found += damage_in(tape, at, closely=closely)
            del found[MOST:]
    if tape.second is not None:
        found.append(Finding(DamageKind.SECOND, tape.second, size=tape.rest))
    return found


def damage_in(tape: Tape, at: int, *, closely: bool = False) -> list[Finding]:
    """Yield the damage of a segment that was read to its end, and gaps before the next one.

    Raises:
        TapeError: it cannot be read any more.
    """
    segment, fault = tape.segments[at], tape.faults.get(tape.segments[at])
    following = tape.segments[at + 1] if at + 1 < len(tape.segments) else None
    missing, until = 0, None
    if following is not None:
        wrong = fault.entries if fault is not None else 0
        missing = following.number - segment.number - tape.counts[segment] - wrong
        until = following.monotonic
    known = missing if following is not None and 0 <= missing < LIKELY else None
    found: list[Finding] = []

    def find(what: DamageKind, place: int, count: int | None, size: int = 0) -> None:
        wall, monotonic = segment.wall, segment.monotonic
        if fault is not None:
            wall, monotonic = fault.wall, fault.monotonic
        found.append(Finding(what, place, wall, count, size, at, monotonic, until))

    if closely or fault is not None or following is None:
        ending = tape.ending(segment)
        place = segment.start if ending.damaged is None else ending.damaged
        if fault is not None and fault.broken:
            if ending.torn and ending.damaged is None:
                place = segment.end - ending.torn
            count = None if known is None else known + fault.entries
            find(DamageKind.DAMAGED, place, count, segment.end - place)
            missing = min(missing, 0)
        elif fault is not None:
            find(DamageKind.WRONG, place, fault.entries)
        elif ending.torn:
            what, count = (
                (DamageKind.TORN, ending.torn) if following is None else (DamageKind.BROKEN, known)
            )
            find(what, segment.end - ending.torn, count, ending.torn)
            missing = min(missing, 0)
        if ending.stray:
            find(DamageKind.STRAY, segment.end - ending.stray, ending.stray)
    if following is not None and known and missing > 0:
        found.append(_between(tape, at, DamageKind.LOST, missing))
    elif following is not None and missing:
        found.append(_between(tape, at, DamageKind.ORDER, 0))
    return found


def _between(tape: Tape, at: int, what: DamageKind, count: int) -> Finding:
    """Something that is wrong where the segment after this one begins."""
    segment, following = tape.segments[at : at + 2]
    wall, monotonic = tape.lasts.get(segment, (segment.wall, segment.monotonic))
    if what is DamageKind.ORDER:
        wall, monotonic = following.wall, following.monotonic
    place = following.start - HEAD
    return Finding(what, place, wall, count, 0, at, monotonic, following.monotonic)
