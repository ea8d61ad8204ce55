"""The segments of a tape: found by their markers, and the entries of each, within bounds."""

import errno
import os
from collections.abc import Iterable, Iterator

import zstandard
from msgspec import Struct

from app.system.platform_files import read_at
from app.tape.decompression import blocks, decompressor, pieces
from app.tape.entry import (
    MAGIC,
    MARKER,
    SEGMENT_ENTRIES,
    SEGMENT_HEAD,
    TapeEntry,
    unpack,
    unpack_header,
    unpack_segment,
)

HEAD = len(MARKER) + SEGMENT_HEAD.size
"""Bytes of a segment before its zstd frame."""

MOST = 65_536
"""Segments of a tape that are known; a year of nights has fewer."""

# A writer may overrun by what it writes without asking whether a segment is due.
_MOST_ENTRIES = 2 * SEGMENT_ENTRIES
_MOST_WRONG = 16
"""Entries with a wrong checksum after which a segment is given up."""

_CHUNK = 1 << 20
_USUAL_HEADER = 4096
"""Bytes before a segment in which the header of another tape is looked for."""


class Segment(Struct, frozen=True, gc=False):
    """A part of a tape: its offsets, and the fields of its head."""

    start: int
    """Offset of its zstd frame."""
    end: int
    number: int
    monotonic: int
    wall: int


class Fault(Struct):
    """The unreadable part of a segment."""

    entries: int = 0
    """Entries whose checksum is wrong."""
    broken: bool = False
    """Whether a part up to its end cannot be read."""
    wall: int = 0
    monotonic: int = 0
    """Times of the newest entry before all of that."""

    def begin(self, segment: Segment, before: TapeEntry | None) -> None:
        """Something cannot be read after an entry, or from the beginning on."""
        if not self.entries and not self.broken:
            self.wall = segment.wall if before is None else before.wall
            self.monotonic = segment.monotonic if before is None else before.monotonic


class SegmentTail(Struct, frozen=True):
    """The end of a segment, in offsets of the file."""

    torn: int
    """Bytes of an entry that was not written to its end; with them the segment breaks off."""
    stray: int
    """Bytes behind its end that belong to nothing."""
    damaged: int | None = None
    """The place of the block that is damaged, where one is."""


def find(file: int, begin: int, size: int) -> list[Segment]:
    """The segments between two places of a file.

    Raises:
        OSError: it cannot be read.
    """
    heads: list[tuple[int, tuple[int, int, int]]] = []
    at = begin
    while at < size and len(heads) < MOST:
        at = _behind_hole(file, at, size)
        content = read_at(file, min(_CHUNK + HEAD, size - at), at)
        place = content.find(MARKER)
        while 0 <= place < _CHUNK and len(heads) < MOST:
            head = unpack_segment(content[place : place + HEAD])
            if head is not None:
                heads.append((at + place, head))
            place = content.find(MARKER, place + 1)
        at += _CHUNK
    ends = [*(start for start, _ in heads[1:]), size][: len(heads)]
    return [
        Segment(start + HEAD, end, *head) for (start, head), end in zip(heads, ends, strict=True)
    ]


def find_second_header(file: int, begin: int, segments: Iterable[Segment]) -> int | None:
    """Where the header of another tape lies behind a place, for two were put into one file.

    Raises:
        OSError: it cannot be read.
    """
    for segment in segments:
        head = segment.start - HEAD
        if segment.number == 0 and head > begin:
            start = max(begin, head - _USUAL_HEADER)
            content = read_at(file, head - start, start)
            place = content.rfind(MAGIC)
            found = unpack_header(content[place:]) if place >= 0 else None
            if found is not None and place + found[1] == len(content):
                return start + place
    return None


def entries(file: int, segment: Segment, fault: Fault) -> Iterator[TapeEntry]:
    """The entries of a segment, keyframe first; what cannot be read is noted and passed over."""
    content = bytearray()
    at = count = 0
    newest: TapeEntry | None = None
    try:
        for piece in pieces(file, segment.start, segment.end):
            del content[:at]
            content += piece
            at = 0
            while True:
                try:
                    entry, at = unpack(content, at)
                except IndexError:
                    break
                count += 1
                if entry is None:
                    fault.begin(segment, newest)
                    fault.entries += 1
                else:
                    newest = entry
                    yield entry
                if count >= _MOST_ENTRIES or fault.entries >= _MOST_WRONG:
                    fault.begin(segment, newest)
                    fault.broken = True
                    return
    except (zstandard.ZstdError, OSError, ValueError):
        fault.begin(segment, newest)
        fault.broken = True


def ending(file: int, segment: Segment) -> SegmentTail:
    """How a segment ends.

    Raises:
        OSError: it cannot be read.
    """
    unpacker, left = decompressor().decompressobj(), _MOST_ENTRIES
    content, whole, at, begin = bytearray(), segment.start, segment.start, segment.start
    try:
        for piece in blocks(file, segment.start, segment.end):
            begin, at = at, at + len(piece)
            content += unpacker.decompress(piece)
            if unpacker.eof:
                return SegmentTail(0, segment.end - at)
            left -= _drop_whole(content, left)
            if not content:
                whole = at
    except (zstandard.ZstdError, ValueError):
        # Damaged, and not torn.
        return SegmentTail(0, 0, begin)
    return SegmentTail(segment.end - whole, 0)


def _drop_whole(content: bytearray, most: int) -> int:
    """Drop the whole entries at the beginning, and say how many.

    Raises:
        ValueError: something that is no entry stands there, or more of them than there can be.
    """
    at = count = 0
    try:
        while at < len(content):
            entry, at = unpack(content, at)
            count += 1
            if entry is None or count > most:
                raise ValueError(count)
    except IndexError:
        pass
    del content[:at]
    return count


def _behind_hole(file: int, at: int, size: int) -> int:
    """The next place of a file that is on the disk: a hole of terabytes costs nothing."""
    if not hasattr(os, "SEEK_DATA"):
        return at
    try:
        return os.lseek(file, at, os.SEEK_DATA)
    except OSError as error:
        return size if error.errno == errno.ENXIO else at
