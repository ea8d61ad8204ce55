"""The segments of a tape: found by their markers, unpacked a piece at a time and within bounds."""

import errno
import io
import os
from collections.abc import Iterator
from typing import IO, Any, cast

import zstandard
from msgspec import Struct

from app.tape.entry import (
    LONGEST,
    MARKER,
    SEGMENT_BYTES,
    SEGMENT_ENTRIES,
    SEGMENT_HEAD,
    WINDOW_LOG,
    Entry,
    unpack,
    unpack_segment,
)

HEAD = len(MARKER) + SEGMENT_HEAD.size
"""Bytes of a segment before its zstd frame."""

MOST = 65_536
"""Segments of a tape that are known; a year of nights has fewer."""

# A writer may overrun by what it writes without asking whether a segment is due.
_MOST_ENTRIES = 2 * SEGMENT_ENTRIES
_MOST_BYTES = 2 * SEGMENT_BYTES + LONGEST
_MOST_WRONG = 16
"""Entries with a wrong checksum after which a segment is given up."""

_CHUNK = 1 << 20
_PIECE = 1 << 16
_BLOCK_HEAD = 3
_RLE = 1
_CHECKSUM = 4
_LONGEST_FRAME_HEAD = 18


class Segment(Struct, frozen=True, gc=False):
    """A part of a tape: where it lies, and what its head says."""

    start: int
    """Where its zstd frame begins."""
    end: int
    number: int
    monotonic: int
    wall: int


class Fault(Struct):
    """What of a segment could not be read."""

    entries: int = 0
    """Entries whose checksum is wrong."""
    broken: bool = False
    """It breaks off in the middle."""


class Ending(Struct, frozen=True):
    """How a segment ends, in bytes of the file."""

    torn: int
    """Bytes of an entry that was not written to its end; with them the segment breaks off."""
    stray: int
    """Bytes behind its end that belong to nothing."""


def find(file: int, begin: int, size: int) -> list[Segment]:
    """The segments between two places of a file.

    Raises:
        OSError: it cannot be read.
    """
    heads: list[tuple[int, tuple[int, int, int]]] = []
    at = begin
    while at < size and len(heads) < MOST:
        at = _behind_hole(file, at, size)
        content = os.pread(file, min(_CHUNK + HEAD, size - at), at)
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


def entries(file: int, segment: Segment, fault: Fault) -> Iterator[Entry]:
    """The entries of a segment, keyframe first; what cannot be read is noted and passed over."""
    content, at, count = bytearray(), 0, 0
    for piece in _unpacked(file, segment, fault):
        del content[:at]
        content += piece
        at = 0
        while True:
            try:
                entry, at = unpack(content, at)
            except IndexError:
                break
            except ValueError:
                fault.broken = True
                return
            count += 1
            if entry is None:
                fault.entries += 1
            else:
                yield entry
            if count >= _MOST_ENTRIES or fault.entries >= _MOST_WRONG:
                fault.broken = True
                return


def ending(file: int, segment: Segment) -> Ending:
    """How a segment ends.

    Raises:
        OSError: it cannot be read.
    """
    unpacker = _decompressor().decompressobj()
    content, whole, at = bytearray(), segment.start, segment.start
    try:
        for piece in _blocks(file, segment):
            at += len(piece)
            content += unpacker.decompress(piece)
            if unpacker.eof:
                return Ending(0, segment.end - at)
            _drop_whole(content)
            if not content:
                whole = at
    except (zstandard.ZstdError, ValueError):
        # Damaged, and not torn: `entries` tells of it.
        return Ending(0, 0)
    return Ending(segment.end - whole, 0)


def _drop_whole(content: bytearray) -> None:
    """Drop the whole entries at the beginning.

    Raises:
        ValueError: something that is no entry stands there.
    """
    at = 0
    try:
        while at < len(content):
            _, at = unpack(content, at)
    except IndexError:
        pass
    del content[:at]


def _decompressor() -> zstandard.ZstdDecompressor:
    return zstandard.ZstdDecompressor(max_window_size=1 << WINDOW_LOG)


def _unpacked(file: int, segment: Segment, fault: Fault) -> Iterator[bytes]:
    left = _MOST_BYTES
    for piece in _pieces(file, segment, fault):
        yield piece
        left -= len(piece)
        if left <= 0:
            fault.broken = True
            return


def _pieces(file: int, segment: Segment, fault: Fault) -> Iterator[bytes]:
    source = cast("IO[bytes]", _Part(file, segment.start, segment.end))
    reader = _decompressor().stream_reader(source)
    given = 0
    try:
        while piece := reader.read(_PIECE):
            yield piece
            given += len(piece)
    except OSError:
        fault.broken = True
    except zstandard.ZstdError:
        # It lies somewhere in a piece, of which the reader gives nothing: nearer, block by block.
        yield from _by_block(file, segment, fault, given)


def _by_block(file: int, segment: Segment, fault: Fault, given: int) -> Iterator[bytes]:
    """What comes after so many bytes, up to the block that is damaged."""
    unpacker = _decompressor().decompressobj()
    try:
        for block in _blocks(file, segment):
            piece = unpacker.decompress(block)
            if len(piece) > given:
                yield piece[given:]
            given = max(0, given - len(piece))
            if unpacker.eof:
                return
    except (zstandard.ZstdError, OSError):
        pass
    fault.broken = True


def _blocks(file: int, segment: Segment) -> Iterator[bytes]:
    """The head of a segment's zstd frame, each of its whole blocks, and its checksum."""
    part = io.BufferedReader(_Part(file, segment.start, segment.end), _PIECE)
    try:
        size = zstandard.frame_header_size(part.peek(_LONGEST_FRAME_HEAD)[:_LONGEST_FRAME_HEAD])
    except zstandard.ZstdError:
        return
    piece, last = part.read(size), False
    while piece:
        yield piece
        if last:
            piece = part.read(_CHECKSUM)
            if len(piece) == _CHECKSUM:
                yield piece
            return
        head = part.read(_BLOCK_HEAD)
        if len(head) < _BLOCK_HEAD:
            return
        told = int.from_bytes(head, "little")
        size, last = 1 if told >> 1 & 3 == _RLE else told >> 3, bool(told & 1)
        body = part.read(size)
        if len(body) < size:
            return
        piece = head + body


def _behind_hole(file: int, at: int, size: int) -> int:
    """The next place of a file that is on the disk: a hole of terabytes costs nothing."""
    if not hasattr(os, "SEEK_DATA"):
        return at
    try:
        return os.lseek(file, at, os.SEEK_DATA)
    except OSError as error:
        return size if error.errno == errno.ENXIO else at


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
