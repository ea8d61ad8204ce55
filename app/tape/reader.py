"""Reads one tape, however damaged it is: header, segments, and the entries of each.

Nothing in a file is trusted: lengths and windows are bounded, a wrong checksum costs its entry, and
what cannot be read at all costs the rest of its segment.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from msgspec import Struct

from app.errors import UsageError
from app.files import open_regular
from app.tape.entry import (
    LONGEST_HEADER,
    MAGIC,
    MARKER,
    VERSION,
    Entry,
    Header,
    TapeError,
    unpack_header,
    unpack_segment,
)
from app.tape.segments import HEAD, Ending, Fault, Segment, ending, entries, find
from app.tape.times import session_of
from specs.clean import clean
from widgets.texts import t

__all__ = ["Damage", "Segment", "Tape"]


class Damage(Struct, frozen=True):
    """What could not be read, of what was asked for so far."""

    entries: int
    """Entries whose checksum is wrong."""
    segments: int
    """Segments that cannot be read to their end."""
    header: bool


class Tape:
    """An open tape; a file that is still being recorded is read as far as it is."""

    def __init__(self, path: Path) -> None:
        """Open a file.

        Raises:
            TapeError: it cannot be read, is no tape, or was written by a newer program.
        """
        self.path = path
        self.faults: dict[Segment, Fault] = {}
        """What was wrong with the segments that were read, where something was."""
        self.counts: dict[Segment, int] = {}
        """The entries of the segments that were read to their end."""
        try:
            self._file = open_regular(path)
        except UsageError as error:
            raise TapeError(error.message, error.hint) from error
        except FileNotFoundError as error:
            raise TapeError(t("tape.no_such", name=path), t("tape.no_such_hint")) from error
        try:
            self.size = os.fstat(self._file).st_size
            header = self._read_header()
            self.begin = header[1] if header else 0
            """Where the first segment is expected."""
            self.segments = find(self._file, self.begin, self.size)
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
        """What could not be read so far, in all."""
        faults = self.faults.values()
        wrong = sum(fault.entries for fault in faults)
        return Damage(wrong, sum(fault.broken for fault in faults), not self.has_header)

    def entries(self, first: int = 0) -> Iterator[Entry]:
        """All entries from a segment on, keyframes included."""
        for segment in self.segments[first:]:
            yield from self.entries_of(segment)

    def entries_of(self, segment: Segment) -> Iterator[Entry]:
        """The entries of one segment; what is damaged in it is noted and passed over."""
        fault, count = Fault(), 0
        for entry in entries(self._file, segment, fault):
            count += 1
            yield entry
        self.counts[segment] = count
        if fault.entries or fault.broken:
            self.faults[segment] = fault

    def ending(self, segment: Segment) -> Ending:
        """How a segment ends.

        Raises:
            TapeError: it cannot be read.
        """
        try:
            return ending(self._file, segment)
        except OSError as error:
            raise self._unreadable(error) from error

    def torn(self) -> int:
        """Bytes at the end that belong to an entry which was never written to its end.

        Raises:
            TapeError: they cannot be read.
        """
        return self.ending(self.segments[-1]).torn if self.segments else 0

    def _read_header(self) -> tuple[Header, int] | None:
        """The header and where it ends; None where it is damaged.

        Raises:
            TapeError: it is none that this program reads.
            OSError: it cannot be read.
        """
        start = os.pread(self._file, len(MAGIC) + 8 + LONGEST_HEADER, 0)
        if not start.startswith(MAGIC):
            if not start:
                raise TapeError(t("tape.empty", path=self.path), t("tape.no_tape_hint"))
            if start.startswith(MAGIC[:-1]) and len(start) >= len(MAGIC):
                raise self._newer(start[len(MAGIC) - 1])
            # The segments stand for themselves: a damaged header costs what it says, no more.
            place = start.find(MARKER)
            if place < 0 or unpack_segment(start[place : place + HEAD]) is None:
                raise TapeError(t("tape.no_tape", path=self.path), t("tape.no_tape_hint"))
            return None
        found = unpack_header(start)
        if found is not None and found[0].version > VERSION:
            raise self._newer(found[0].version)
        return found

    def _guessed(self) -> Header:
        """A header of what the first segment says, in place of one that is damaged."""
        found = session_of(self.segments[0].wall) if self.segments else None
        return Header("", "") if found is None else Header(str(found[0]), str(found[1]))

    def _newer(self, version: int) -> TapeError:
        return TapeError(t("tape.newer", path=self.path, version=version), t("tape.newer_hint"))

    def _unreadable(self, error: OSError) -> TapeError:
        return TapeError(t("files.unreadable", path=self.path, why=clean(error.strerror or "")))
