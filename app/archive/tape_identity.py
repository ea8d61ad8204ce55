"""The identity of a tape by its content, whatever its name, place and compression are."""

from hashlib import blake2b

import msgspec

from app.tape.entry import SEGMENT_HEAD
from app.tape.reader import Tape

_DIGITS = 16


class TapeIdentity(msgspec.Struct, frozen=True):
    """Identity of a tape, and the times between which its records came (ns since 1970)."""

    id: str
    first: int
    last: int


def identify(tape: Tape) -> TapeIdentity:
    """Return the identity of a tape: a hash of its header, the heads of its segments and its end.

    A packed tape has the same heads and entries.  Only the last segment is unpacked, so that a tape
    is recognised without being read.

    Raises:
        TapeError: it cannot be read any more.
    """
    content = blake2b(msgspec.json.encode(tape.header), digest_size=_DIGITS // 2)
    walls = [0]
    for segment in tape.segments:
        walls.append(segment.wall)
        content.update(SEGMENT_HEAD.pack(0, segment.number, segment.monotonic, segment.wall))
    for entry in tape.entries(max(len(tape.segments) - 1, 0)):
        walls.append(entry.wall)
        content.update(b"%d %d %d " % (entry.kind, entry.monotonic, entry.wall))
        content.update(entry.payload)
    known = walls[1:] or walls
    return TapeIdentity(content.hexdigest(), min(known), max(known))
