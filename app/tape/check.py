"""Looks through a whole tape for what is damaged, and lets others hear its entries meanwhile."""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from app.tape.entry import Entry
from app.tape.reader import Tape
from app.tape.segments import HEAD, Fault, Segment

MOST = 1000
"""Findings that are kept; a tape with so many is told to be damaged by the first of them."""


class What(StrEnum):
    """What can be wrong."""

    HEADER = "header"
    """The header cannot be read."""
    WRONG = "wrong"
    """Entries have a wrong checksum; the count is theirs."""
    BROKEN = "broken"
    """A segment breaks off in the middle."""
    LOST = "lost"
    """Entries are missing, as the numbers of the segments say; the count is theirs."""
    ORDER = "order"
    """A segment does not belong where it lies."""
    STRAY = "stray"
    """Bytes belong to nothing; the count is theirs."""
    TORN = "torn"
    """The last entry was not written to its end; the count is of its bytes."""


class Finding(Struct, frozen=True):
    """Something that is wrong, and where: a byte of the file, and its segment's wall time."""

    what: What
    at: int
    wall: int = 0
    count: int = 0


Hear = Callable[[Segment, Entry], None]
Tick = Callable[[int], None]
"""Told how many bytes more are done."""


def check(tape: Tape, hear: Hear | None = None, tick: Tick | None = None) -> list[Finding]:
    """Read all of a tape; what is wrong with it, in its order.

    Raises:
        TapeError: it cannot be read any more.
    """
    found: list[Finding] = []
    if not tape.has_header:
        found.append(Finding(What.HEADER, 0))
    begin, done = tape.begin, 0
    first = tape.segments[0].start - HEAD if tape.segments else tape.size
    if tape.has_header and first > begin:
        found.append(Finding(What.STRAY, begin, count=first - begin))
    for at, segment in enumerate(tape.segments):
        count = 0
        for entry in tape.entries_of(segment):
            count += 1
            if hear is not None:
                hear(segment, entry)
        found += _wrong_in(tape, at, count)
        del found[MOST:]
        if tick is not None:
            tick(segment.end - done)
            done = segment.end
    return found


def _wrong_in(tape: Tape, at: int, count: int) -> list[Finding]:
    """What is wrong with a segment of which so many entries were read."""
    segment, fault = tape.segments[at], tape.faults.get(tape.segments[at], Fault())
    is_last = at + 1 == len(tape.segments)
    start, wall, found = segment.start - HEAD, segment.wall, list[Finding]()
    if fault.entries:
        found.append(Finding(What.WRONG, start, wall, fault.entries))
    if fault.broken:
        found.append(Finding(What.BROKEN, start, wall))
    else:
        ending = tape.ending(segment)
        if ending.torn:
            what = What.TORN if is_last else What.BROKEN
            found.append(Finding(what, segment.end - ending.torn, wall, ending.torn))
        if ending.stray:
            found.append(Finding(What.STRAY, segment.end - ending.stray, wall, ending.stray))
    if not is_last:
        following = tape.segments[at + 1]
        missing = following.number - segment.number - count - fault.entries
        if missing > 0 and following.number < 1 << 62:
            found.append(Finding(What.LOST, following.start - HEAD, wall, missing))
        elif missing:
            found.append(Finding(What.ORDER, following.start - HEAD, following.wall))
    return found
