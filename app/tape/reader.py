"""Reads one tape, however damaged it is: header, segments, and the entries of each.

Nothing in a file is trusted: lengths and windows are bounded, a wrong checksum costs its entry, and
what cannot be read at all costs the rest of its segment.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType

from msgspec import Struct
from msgspec.structs import replace

from app.system.errors import UsageError
from app.system.files import open_regular
from app.system.os_errors import os_reason
from app.system.platform_files import read_at
from app.tape.entry import (
    LONGEST_HEADER,
    MAGIC,
    MARKER,
    VERSION,
    EntryKind,
    Header,
    TapeEntry,
    TapeError,
    unpack_header,
    unpack_segment,
)
from app.tape.segments import (
    HEAD,
    Fault,
    Segment,
    SegmentTail,
    ending,
    entries,
    find,
    find_second_header,
)
from app.tape.times import session_of
from specs.user_message import UserMessage

__all__ = ["Damage", "Segment", "Tape"]

RECENT = 60.0
"""Seconds in which a recording is written once at least: KIS sends a PINGPONG more often."""


class Damage(Struct, frozen=True):
    """Damage found in the entries that were read so far."""

    entries: int
    """Entries whose checksum is wrong."""
    segments: int
    """Segments that cannot be read to their end."""
    header: bool


class Tape:
    """An open tape; a file that is still being recorded is read as far as it is."""

    def __init__(self, path: Path, begin: int = 0) -> None:
        """Open a tape, optionally from a byte offset of the file.

        Raises:
            TapeError: it cannot be read, is no tape, or was written by a newer program.
        """
        self.path = path
        self.faults: dict[Segment, Fault] = {}
        """Faults of the segments that were read, if any."""
        self.counts: dict[Segment, int] = {}
        """The entries of the segments that were read to their end."""
        self.lasts: dict[Segment, tuple[int, int]] = {}
        """Wall and monotonic time of the last entry of each of them."""
        try:
            self._file = open_regular(path)
        except UsageError as error:
            raise TapeError(error.message, hint=error.hint) from error
        except FileNotFoundError as error:
            raise TapeError(
                "tape.no_such", name=path, hint=UserMessage("tape.no_such_hint")
            ) from error
        try:
            about = os.fstat(self._file)
            self.size = about.st_size
            """End offset in the file."""
            self.written = about.st_mtime
            """Modification time of the file, in seconds since 1970 in UTC."""
            header = self._read_header(begin)
            self.begin = begin + header[1] if header else begin
            """Expected offset of the first segment."""
            self.segments = find(self._file, self.begin, self.size)
            self.second = find_second_header(self._file, self.begin, self.segments)
            """Offset of another tape in the same file, which does not belong to this one."""
            self.rest = 0
            """Bytes of the file from there on."""
            if self.second is not None:
                self._end_at(self.second)
            self.has_header = header is not None
            self.header = header[0] if header else self._guessed()
        except OSError as error:
            os.close(self._file)
            raise self._unreadable(error) from error
        except BaseException:
            os.close(self._file)
            raise

    def close(self) -> None:
        """Read no more."""
        os.close(self._file)

    def __enter__(self) -> "Tape":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def damage(self) -> Damage:
        """Return the damage found so far."""
        faults = self.faults.values()
        wrong = sum(fault.entries for fault in faults)
        return Damage(wrong, sum(fault.broken for fault in faults), not self.has_header)

    def entries(self, first: int = 0) -> Iterator[TapeEntry]:
        """All entries from a segment on, keyframes included."""
        for segment in self.segments[first:]:
            yield from self.entries_of(segment)

    def entries_of(self, segment: Segment) -> Iterator[TapeEntry]:
        """The entries of one segment; what is damaged in it is noted and passed over."""
        fault, count, newest = Fault(), 0, None
        for entry in entries(self._file, segment, fault):
            count, newest = count + 1, entry
            yield entry
        self.counts[segment] = count
        if newest is not None:
            self.lasts[segment] = newest.wall, newest.monotonic
        if fault.entries or fault.broken:
            self.faults[segment] = fault

    def ending(self, segment: Segment) -> SegmentTail:
        """How a segment ends.

        Raises:
            TapeError: it cannot be read.
        """
        try:
            return ending(self._file, segment)
        except OSError as error:
            raise self._unreadable(error) from error

    def is_growing(self, now: datetime) -> bool:
        """Return whether the tape seems to be still recorded.

        It has no end, and was written within `RECENT` before now (by the system's clock).
        """
        if not -RECENT < now.timestamp() - self.written < RECENT:
            return False
        last = self.entries(len(self.segments) - 1)
        return all(entry.kind != EntryKind.END for entry in last)

    def torn(self) -> int:
        """Bytes at the end that belong to an entry which was never written to its end.

        Raises:
            TapeError: they cannot be read.
        """
        return self.ending(self.segments[-1]).torn if self.segments else 0

    def _end_at(self, place: int) -> None:
        self.rest, self.size = self.size - place, place
        kept = [one for one in self.segments if one.start < place]
        self.segments = [replace(one, end=min(one.end, place)) for one in kept]

    def _read_header(self, begin: int) -> tuple[Header, int] | None:
        """Return the header and its end offset, or None if it is damaged.

        Raises:
            TapeError: it is none that this program reads.
            OSError: it cannot be read.
        """
        start = read_at(self._file, len(MAGIC) + 8 + LONGEST_HEADER, begin)
        if not start.startswith(MAGIC):
            if not start:
                raise TapeError("tape.empty", path=self.path, hint=UserMessage("tape.no_tape_hint"))
            if start.startswith(MAGIC[:-1]) and len(start) >= len(MAGIC):
                raise self._newer(start[len(MAGIC) - 1])
            # The segments stand for themselves: a damaged header costs what it says, no more.
            place = start.find(MARKER)
            if place < 0 or unpack_segment(start[place : place + HEAD]) is None:
                raise TapeError(
                    "tape.no_tape", path=self.path, hint=UserMessage("tape.no_tape_hint")
                )
            return None
        found = unpack_header(start)
        if found is not None and found[0].version > VERSION:
            raise self._newer(found[0].version)
        return found

    def _guessed(self) -> Header:
        """Return a header made from the first segment, to replace a damaged one."""
        found = session_of(self.segments[0].wall) if self.segments else None
        return Header("", "") if found is None else Header(str(found[0]), str(found[1]))

    def _newer(self, version: int) -> TapeError:
        return TapeError(
            "tape.newer", path=self.path, version=version, hint=UserMessage("tape.newer_hint")
        )

    def _unreadable(self, error: OSError) -> TapeError:
        return TapeError("files.unreadable", path=self.path, why=os_reason(error))
