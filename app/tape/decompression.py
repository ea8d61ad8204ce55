"""Unpacks a zstd frame that lies in a file, a piece at a time, up to what is damaged of it."""

import io
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any, cast

import zstandard

from app.system.platform_files import read_at
from app.tape.entry import LONGEST, SEGMENT_BYTES, WINDOW_LOG

# A writer may overrun by what it writes without asking whether a segment is due.
_MOST_BYTES = 2 * SEGMENT_BYTES + LONGEST
_PIECE = 1 << 16
_BLOCK_HEAD = 3
_RLE = 1
_CHECKSUM = 4
_LONGEST_HEAD = 18


def decompressor() -> zstandard.ZstdDecompressor:
    """One that takes no more memory than a tape may ask for."""
    return zstandard.ZstdDecompressor(max_window_size=1 << WINDOW_LOG)


def pieces(file: int, start: int, end: int) -> Iterator[bytes]:
    """Return the unpacked bytes of a frame between two positions; of a cut frame what is there.

    Raises:
        ZstdError: what comes next is damaged.
        ValueError: it unpacks to more than a segment holds.
        OSError: it cannot be read.
    """
    reader = decompressor().stream_reader(cast("IO[bytes]", _Part(file, start, end)))
    given = 0
    while given < _MOST_BYTES:
        try:
            piece = reader.read(_PIECE)
        except zstandard.ZstdError:
            # Of the piece that the damage lies in the reader gives nothing.
            yield from _by_block(file, start, end, given)
            return
        if not piece:
            if given % _PIECE == 0:
                # At the end of what there is the reader keeps to itself what no piece had room for.
                with suppress(zstandard.ZstdError):
                    yield from _by_block(file, start, end, given)
            return
        yield piece
        given += len(piece)
    raise ValueError(given)


def blocks(file: int, start: int, end: int) -> Iterator[bytes]:
    """The head of a frame, each of its whole blocks, and its checksum, as they lie there.

    Raises:
        OSError: they cannot be read.
    """
    part = io.BufferedReader(_Part(file, start, end), _PIECE)
    try:
        size = zstandard.frame_header_size(part.peek(_LONGEST_HEAD)[:_LONGEST_HEAD])
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
        header = int.from_bytes(head, "little")
        size, last = 1 if header >> 1 & 3 == _RLE else header >> 3, bool(header & 1)
        body = part.read(size)
        if len(body) < size:
            return
        piece = head + body


def _by_block(file: int, start: int, end: int, given: int) -> Iterator[bytes]:
    """Yield the bytes after an offset, up to the damaged block.

    Raises:
        ZstdError: there it is.
    """
    unpacker = decompressor().decompressobj()
    for block in blocks(file, start, end):
        piece = unpacker.decompress(block)
        if len(piece) > given:
            yield piece[given:]
        given = max(0, given - len(piece))
        if unpacker.eof:
            return
    raise zstandard.ZstdError


class _Part(io.RawIOBase):
    """A part of a file, as something to be read."""

    def __init__(self, file: int, start: int, end: int) -> None:
        self._file, self._at, self._end = file, start, end

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any, /) -> int:
        content = read_at(self._file, min(len(into), self._end - self._at), self._at)
        into[: len(content)] = content
        self._at += len(content)
        return len(content)
