"""Reads one tape, however damaged it is: header, segments, and the entries of each.

Nothing in a file is trusted: lengths and windows are bounded, a wrong checksum costs its entry, and
what cannot be read at all costs the rest of its segment.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, cast

import zstandard
from msgspec import Struct

from app.tape.entry import (
    LONGEST_HEADER,
    MAGIC,
    MARKER,
    SEGMENT_HEAD,
    VERSION,
    WINDOW_LOG,
    Entry,
    Header,
    TapeError,
    unpack,
    unpack_header,
    unpack_segment,
)
from specs.clean import clean
from widgets.texts import t

_CHUNK = 1 << 20
_HEAD = len(MARKER) + SEGMENT_HEAD.size
_BLOCK_HEAD = 3
_RLE = 1


class Segment(Struct, frozen=True, gc=False):
    """A part of a tape: where it lies, and what its head says."""

    start: int
    """Where its zstd frame begins."""
    end: int
    number: int
    monotonic: int
    wall: int


class Damage(Struct):
    """What could not be read."""

    entries: int = 0
    """Entries whose checksum is wrong."""
    segments: int = 0
    """Segments that break off in the middle."""
    torn: int = 0
    """Bytes of an entry at the very end that was never written to its end."""
    header: bool = False


class Tape:
    """An open tape; a file that is still being recorded is read as far as it is."""

    def __init__(self, path: Path) -> None:
        """Open a file.

        Raises:
            TapeError: it cannot be read, is no tape, or was written by a newer program.
        """
        self.path = path
        self.damage = Damage()
        try:
            self._file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except (OSError, ValueError) as error:
            why = clean(getattr(error, "strerror", None) or str(error))
            raise TapeError(t("files.unreadable", path=path, why=why)) from error
        try:
            self.header, begin = self._read_header()
            self.size = os.fstat(self._file).st_size
            self.segments = self._find_segments(begin)
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

    def entries(self, first: int = 0) -> Iterator[Entry]:
        """All entries from a segment on, keyframes included."""
        for segment in self.segments[first:]:
            yield from self.entries_of(segment)

    def entries_of(self, segment: Segment) -> Iterator[Entry]:
        """The entries of one segment; what is damaged in it is counted and passed over."""
        content, at = bytearray(), 0
        for piece in self._unpacked(segment):
            del content[:at]
            content += piece
            at = 0
            while True:
                try:
                    entry, at = unpack(content, at)
                except IndexError:
                    break
                except ValueError:
                    self.damage.segments += 1
                    return
                if entry is None:
                    self.damage.entries += 1
                else:
                    yield entry

    def torn(self) -> int:
        """Bytes at the end that belong to an entry which was never written to its end."""
        if not self.segments:
            return 0
        segment = self.segments[-1]
        content = self._read(segment.start, segment.end - segment.start)
        at = zstandard.frame_header_size(content) if len(content) >= 6 else 0
        last = at
        while at + _BLOCK_HEAD <= len(content):
            head = int.from_bytes(content[at : at + _BLOCK_HEAD], "little")
            at += _BLOCK_HEAD + (1 if head >> 1 & 3 == _RLE else head >> 3)
            if at > len(content):
                break
            last = at
            if head & 1:
                return 0
        return len(content) - last

    def _read_header(self) -> tuple[Header, int]:
        try:
            start = os.pread(self._file, len(MAGIC) + 8 + LONGEST_HEADER, 0)
        except OSError as error:
            why = clean(error.strerror or "")
            raise TapeError(t("files.unreadable", path=self.path, why=why)) from error
        if not start.startswith(MAGIC):
            raise TapeError(t("tape.no_tape", path=self.path), t("tape.no_tape_hint"))
        found = unpack_header(start)
        if found is None:
            # The segments stand for themselves: a damaged header costs what it says, no more.
            self.damage.header = True
            return Header("", ""), len(MAGIC)
        if found[0].version > VERSION:
            raise TapeError(t("tape.newer", path=self.path, version=found[0].version))
        return found

    def _find_segments(self, begin: int) -> list[Segment]:
        heads: list[tuple[int, tuple[int, int, int]]] = []
        at = begin
        while at < self.size:
            content = os.pread(self._file, _CHUNK + _HEAD, at)
            place = content.find(MARKER)
            while place >= 0:
                head = unpack_segment(content[place : place + _HEAD])
                if head is not None and place < _CHUNK:
                    heads.append((at + place, head))
                place = content.find(MARKER, place + 1)
            at += _CHUNK
        ends = [start for start, _ in heads[1:]] + [self.size]
        return [
            Segment(start + _HEAD, end, *head)
            for (start, head), end in zip(heads, ends, strict=True)
        ]

    def _unpacked(self, segment: Segment) -> Iterator[bytes]:
        unpacker = zstandard.ZstdDecompressor(max_window_size=1 << WINDOW_LOG)
        source = cast("IO[bytes]", _Part(self._file, segment.start, segment.end))
        reader = unpacker.stream_reader(source, read_across_frames=False)
        while True:
            try:
                piece = reader.read(_CHUNK)
            except (zstandard.ZstdError, OSError):
                self.damage.segments += 1
                return
            if not piece:
                return
            yield piece

    def _read(self, start: int, length: int) -> bytes:
        return os.pread(self._file, length, start)


class _Part(io.RawIOBase):
    """A part of a file, as something to be read."""

    def __init__(self, file: int, start: int, end: int) -> None:
        self._file, self._at, self._end = file, start, end

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any, /) -> int:
        content = os.pread(self._file, min(len(into), self._end - self._at), self._at)
        into[: len(content)] = content
        self._at += len(content)
        return len(content)
