"""New tapes made of old ones: all that can be read of a damaged one, or a part of a whole one."""

from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from app.system.errors import UsageError
from app.system.staging import staged
from app.tape.check import LIKELY, ProgressCallback
from app.tape.entry import EntryKind, TapeEntry
from app.tape.gap import EndEntry, Gap
from app.tape.keyframe import Keyframe, KeyframeBuilder, keys, read
from app.tape.reader import Tape
from app.tape.segments import Segment
from app.tape.writer import TapeWriter


class MissingEntries(Struct, frozen=True):
    """A place at which entries are missing."""

    wall: int
    """Time of the last entry before the gap."""
    count: int | None
    """Number of missing entries; None if unknown."""
    seconds: float | None
    """Seconds until the next entry; None at the end."""
    size: int
    """Bytes that could not be read."""


class CopyResult(Struct):
    """Counts of a copy."""

    entries: int = 0
    """Keyframes left out."""
    messages: int = 0
    """Those of the server among them."""
    holes: list[MissingEntries] = []
    """Gaps in the copied entries."""

    @property
    def lost(self) -> int:
        """Entries that are known to be missing; there may be more."""
        return sum(hole.count or 0 for hole in self.holes)


def repair(tape: Tape, out: Path, tick: ProgressCallback | None = None) -> CopyResult:
    """Write a new tape with everything that can be read of this one.

    Where entries are missing, a gap says how many and for how long, as far as that is known.

    Raises:
        UsageError: there is a file of that name, or there is nothing to be read.
        KisTuiError: it cannot be written.
    """
    copied = CopyResult()
    with staged(out) as beside:
        writing = _Writing(beside, tape)
        try:
            for segment, following in _in_order(tape):
                count = _mend(tape, segment, writing)
                copied.entries += count
                missing = _missing(tape, segment, following, writing.last)
                if missing is not None:
                    copied.holes.append(missing)
                    writing.gap(missing, following)
                if tick is not None:
                    tick(segment.end - segment.start)
            if not copied.entries:
                raise UsageError("tape.nothing", path=tape.path)
            writing.end("repaired")
            copied.messages = writing.messages
        finally:
            writing.close()
    return copied


def cut(
    tape: Tape,
    out: Path,
    begin: int,
    end: int,
    codes: Collection[str],
    tick: ProgressCallback | None = None,
) -> CopyResult:
    """Write a new tape of what came from one wall time to another, of these codes or of all.

    It begins with the state of its first moment.

    Raises:
        UsageError: there is a file of that name, or nothing came meanwhile.
        KisTuiError: it cannot be written.
    """
    wanted = frozenset(code.encode() for code in codes)
    earlier = [at for at, segment in enumerate(tape.segments) if segment.wall <= begin]
    first, copied, heads = max(earlier, default=0), CopyResult(), KeyframeBuilder()
    matched = not wanted
    if tick is not None and tape.segments:
        tick(tape.segments[first].start)
    with staged(out) as beside:
        writing = _Writing(beside, tape, heads)
        try:
            for at, segment in enumerate(tape.segments[first:]):
                if segment.wall > end:
                    break
                for entry in tape.entries_of(segment):
                    if entry.kind == EntryKind.KEYFRAME:
                        writing.know(read(entry.payload), wanted, whole=at == 0)
                    elif entry.wall > end or (wanted and not _is_of(entry, wanted)):
                        continue
                    elif entry.wall < begin:
                        heads.apply(entry)
                    else:
                        writing.write(entry)
                        copied.entries += 1
                        matched = matched or bool(keys(entry.payload))
                if tick is not None:
                    tick(segment.end - segment.start)
            if not copied.entries or not matched:
                if wanted and not any(_is_of(one, wanted, alone=True) for one in tape.entries()):
                    names = ", ".join(sorted(codes))
                    raise UsageError("tape.no_codes", path=tape.path, codes=names)
                raise UsageError("tape.nothing_then", path=tape.path)
            writing.end("cut")
            copied.messages = writing.messages
        finally:
            writing.close()
    return copied


def _in_order(tape: Tape) -> Iterator[tuple[Segment, Segment | None]]:
    """The segments and the one after each, in the order of their numbers where these are clear."""
    segments = tape.segments
    if len({segment.number for segment in segments}) == len(segments):
        segments = sorted(segments, key=lambda segment: segment.number)
    yield from zip(segments, [*segments[1:], None], strict=False)


def _mend(tape: Tape, segment: Segment, writing: "_Writing") -> int:
    """Copy what can be read of a segment; return the entries' number without its keyframe."""
    copied = 0
    for entry in tape.entries_of(segment):
        if entry.kind == EntryKind.KEYFRAME:
            writing.begin(entry)
        else:
            writing.write(entry)
            copied += 1
    return copied


def _missing(
    tape: Tape, segment: Segment, following: Segment | None, last: TapeEntry | None
) -> MissingEntries | None:
    """What is missing between the entries of a segment that were read and the one that follows."""
    fault = tape.faults.get(segment)
    before: TapeEntry | Segment = last or segment
    if following is None:
        if fault is None:
            return None
        count, seconds = None if fault.broken else fault.entries, None
    else:
        lost = following.number - segment.number - tape.counts[segment]
        if lost <= 0:
            return None
        count = lost if lost < LIKELY else None
        seconds = max(0.0, (following.monotonic - before.monotonic) / 1e9)
    size = 0
    if fault is not None and fault.broken:
        ending = tape.ending(segment)
        size = segment.end - (ending.damaged or segment.end - ending.torn)
    return MissingEntries(before.wall, count, seconds, size)


def _is_of(entry: TapeEntry, codes: Collection[bytes], *, alone: bool = False) -> bool:
    """Whether an entry is about one of the codes, or about no code (not if these `alone`)."""
    if entry.kind != EntryKind.FRAME:
        return not alone
    found = keys(entry.payload)
    return (not found and not alone) or any(code in codes for _, code in found)


class _Writing:
    """A tape that is being written, with its keyframes."""

    def __init__(self, path: Path, like: Tape, heads: KeyframeBuilder | None = None) -> None:
        self._heads = heads or KeyframeBuilder()
        self._writer = TapeWriter(path, like.header)
        self.messages = 0
        """Messages that were written."""
        self.last: TapeEntry | None = None
        """The newest entry that was written."""

    def begin(self, keyframe: TapeEntry) -> None:
        """Begin a segment with a keyframe that is known."""
        self._heads.restore(read(keyframe.payload))
        self._writer.begin_segment(keyframe.payload, keyframe.monotonic, keyframe.wall)
        self.last = keyframe

    def know(self, keyframe: Keyframe, codes: Collection[bytes], *, whole: bool) -> None:
        """Take a keyframe that was come by, as a whole or only what no frame tells."""
        if whole:
            self._heads.restore(keyframe, codes)
        else:
            self._heads.name(keyframe.names)
            self._heads.miss(keyframe.missed)

    def write(self, entry: TapeEntry) -> None:
        """Write an entry, in a new segment where one is due."""
        if self._writer.is_due(entry.monotonic):
            self._writer.begin_segment(self._heads.pack(), entry.monotonic, entry.wall)
        self._writer.write(entry)
        self.messages += entry.kind in (EntryKind.FRAME, EntryKind.BINARY)
        self._heads.apply(entry)
        self.last = entry

    def gap(self, missing: MissingEntries, following: Segment | None) -> None:
        """Say that entries are missing here, up to the segment that follows."""
        if self.last is not None:
            if following is not None and following.monotonic >= self.last.monotonic:
                at = TapeEntry(EntryKind.GAP, following.monotonic, following.wall, b"")
            else:
                at = self.last
            self._say(
                EntryKind.GAP, Gap("tape.why_damaged", missing.seconds or 0.0, missing.count), at
            )

    def end(self, why: str) -> None:
        """Write the reason for the end, unless the copied entries have one."""
        if self.last is not None and self.last.kind != EntryKind.END:
            self._say(EntryKind.END, EndEntry(why), self.last)
        self._writer.sync()

    def close(self) -> None:
        """Close the file."""
        self._writer.close()

    def _say(self, kind: EntryKind, what: Struct, at: TapeEntry) -> None:
        self.write(TapeEntry(kind, at.monotonic, at.wall, msgspec.json.encode(what)))
