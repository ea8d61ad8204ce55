"""The tape's format, version 1: the layout of a ``.ktape`` file, byte by byte.

A file is a header and any number of segments, all integers little-endian:

    header   MAGIC (8 bytes) | u32 length | u32 crc32 | JSON (`Header`)
    segment  MARKER (16) | u32 crc32 of what follows | u64 number of its first entry
             | i64 monotonic | i64 wall of its first entry | one zstd frame
    entry    u32 length of the payload | u32 crc32 of what follows | u8 kind
             | i64 monotonic | i64 wall | payload            (inside the zstd frame)

A payload has at most `LONGEST` bytes; a segment ends after `SEGMENT_ENTRIES` entries, keyframe
included, or `SEGMENT_BYTES` unpacked bytes, and a reader gives up one of twice as much.

Times are nanoseconds, the wall's since 1970 in UTC.  A recorder flushes the entries of a beat as
zstd blocks of their own, in one write: however it dies, what it wrote can be read, and what it
loses is of the last 100 ms.  Copies and packed tapes have longer blocks; a reader needs to know
neither.  A segment can be read without those before it, for its first entry is a
keyframe: the newest frames of every registration at that moment.  Segments are found by their
markers, so that there is no index to lose, and damage costs no more than the segment it lies in.
"""

import struct
import zlib
from enum import IntEnum

import msgspec
from msgspec import Struct

from app.system.errors import UsageError

MAGIC = b"KISTAPE\x01"
MARKER = b"\x00\xffKIS-SEGMENT\xff\x00\n"
VERSION = 1

LONGEST_HEADER = 64 * 1024
LONGEST = 1024 * 1024
"""Bytes of the longest payload: a keyframe of long frames."""

SEGMENT_ENTRIES = 16_384
SEGMENT_BYTES = 16 * 1024 * 1024
"""Unpacked bytes after which a segment ends; only its last entry goes beyond."""

WINDOW_LOG = 20
"""Binary logarithm of zstd's window: what a reader must have in memory."""

SEGMENT_HEAD = struct.Struct("<IQqq")
_HEADER_HEAD = struct.Struct("<II")
_LENGTH = struct.Struct("<II")
_BODY = struct.Struct("<Bqq")
_ENTRY = struct.Struct("<IIBqq")
ENTRY_HEAD = _LENGTH.size + _BODY.size


class EntryKind(IntEnum):
    """Kind of an entry."""

    FRAME = ord("F")
    """A text message as it came, data or PINGPONG or answer; secrets are masked."""
    BINARY = ord("B")
    """A binary message as it came, but that no marker of a segment stands in it."""
    LINK = ord("L")
    """The connection took a step: JSON of phase, reason, detail, epoch, used and limit."""
    GAP = ord("G")
    """The recorder missed something: JSON of why, and how many messages where that is known."""
    KEYFRAME = ord("K")
    """The state before the entries that follow."""
    END = ord("E")
    """The recording ended in good order: JSON of why."""


class TapeEntry(Struct, frozen=True, gc=False):
    """One entry; times in nanoseconds, `kind` a number that may be newer than `EntryKind`."""

    kind: int
    monotonic: int
    wall: int
    payload: bytes


class Header(Struct, frozen=True):
    """Header of a tape: the trade date (ISO) and session of its first moment."""

    trade_date: str
    session: str
    demo: bool = False
    program: str = ""
    version: int = VERSION


# Cached: each access to an enumeration member costs a lookup.
_BINARY = int(EntryKind.BINARY)


class TapeError(UsageError):
    """A file that is no tape, or none that can be read."""


def pack_header(header: Header) -> bytes:
    """The bytes that a file begins with."""
    body = msgspec.json.encode(header)
    return MAGIC + _HEADER_HEAD.pack(len(body), zlib.crc32(body)) + body


def unpack_header(start: bytes) -> tuple[Header, int] | None:
    """The header and where it ends; None where it is torn or damaged."""
    at = len(MAGIC) + _HEADER_HEAD.size
    if not start.startswith(MAGIC) or len(start) < at:
        return None
    length, crc = _HEADER_HEAD.unpack_from(start, len(MAGIC))
    body = start[at : at + length]
    if length > LONGEST_HEADER or len(body) < length or zlib.crc32(body) != crc:
        return None
    try:
        header = msgspec.json.decode(body, type=Header)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    return header, at + length


def pack(entry: TapeEntry) -> bytes:
    """An entry as it is compressed.

    Raises:
        ValueError: its payload is longer than any that is read.
    """
    payload = entry.payload
    if len(payload) > LONGEST:
        raise ValueError(len(payload))
    if entry.kind == _BINARY:
        # Text has no marker in it: none of its bytes is UTF-8.
        payload = payload.replace(MARKER, bytes(len(MARKER)))
    body = _BODY.pack(entry.kind, entry.monotonic, entry.wall) + payload
    return _LENGTH.pack(len(payload), zlib.crc32(body)) + body


def unpack(content: bytes | bytearray, at: int) -> tuple[TapeEntry | None, int]:
    """Return the entry at an offset and the offset of the next one.

    None where its checksum is wrong.

    Raises:
        IndexError: it goes on behind what there is.
        ValueError: its length is none that an entry has.
    """
    if at + ENTRY_HEAD > len(content):
        raise IndexError(at)
    length, crc, kind, monotonic, wall = _ENTRY.unpack_from(content, at)
    if length > LONGEST:
        raise ValueError(length)
    following = at + ENTRY_HEAD + length
    if following > len(content):
        raise IndexError(at)
    body = bytes(content[at + _LENGTH.size : following])
    if zlib.crc32(body) != crc:
        return None, following
    return TapeEntry(kind, monotonic, wall, body[_BODY.size :]), following


def pack_segment(number: int, monotonic: int, wall: int) -> bytes:
    """The head of a segment whose first entry has this number and these times."""
    rest = struct.pack("<Qqq", number, monotonic, wall)
    return MARKER + struct.pack("<I", zlib.crc32(rest)) + rest


def unpack_segment(content: bytes) -> tuple[int, int, int] | None:
    """Number, monotonic and wall of a head that begins with its marker; None for a false one."""
    start = len(MARKER)
    if len(content) < start + SEGMENT_HEAD.size:
        return None
    crc, number, monotonic, wall = SEGMENT_HEAD.unpack_from(content, start)
    if zlib.crc32(content[start + 4 : start + SEGMENT_HEAD.size]) != crc:
        return None
    return number, monotonic, wall
