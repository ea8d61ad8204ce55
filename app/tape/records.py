"""The records of a tape, one frame after another, for those who need no screen."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from app.tape.entry import EntryKind
from app.tape.tape_clock import moment
from app.tape.tape_index import TapeIndex
from specs.frame import FrameError, decode
from specs.record import Record


class TimeSpan(Struct, frozen=True):
    """From one wall time to another, both in it, in nanoseconds."""

    begin: int = -(2**63)
    end: int = 2**63 - 1


def records_of(
    tape_index: TapeIndex, span: TimeSpan
) -> Iterator[tuple[str, list[Record], datetime]]:
    """TR, records and arrival (KST) of every data frame; what is refused live is passed over."""
    segments = tape_index.segments
    first = max((at for at, one in enumerate(segments) if one.wall <= span.begin), default=0)
    for at in range(first, len(segments)):
        if segments[at].wall > span.end:
            return
        for passage in tape_index.passages(at, only=True):
            entry = passage.entry
            if entry.kind not in (EntryKind.FRAME, EntryKind.BINARY):
                continue
            if not span.begin <= entry.wall <= span.end:
                continue
            try:
                frame = decode(entry.payload.decode())
            except (FrameError, UnicodeDecodeError):
                continue
            yield frame.tr_id, frame.records, moment(entry.wall)
