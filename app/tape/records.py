"""The records of a tape, one frame after another, for those who need no screen."""

from collections.abc import Iterator
from datetime import datetime

from app.tape.entry import Kind
from app.tape.reel import Reel
from app.tape.tape_clock import moment
from specs.frame import FrameError, decode
from specs.record import Record


def records_of(reel: Reel) -> Iterator[tuple[str, list[Record], datetime]]:
    """TR, records and arrival (KST) of every data frame; what is refused live is passed over."""
    for passage in reel.passages():
        entry = passage.entry
        if entry.kind not in (Kind.FRAME, Kind.BINARY):
            continue
        try:
            frame = decode(entry.payload.decode())
        except (FrameError, UnicodeDecodeError):
            continue
        yield frame.tr_id, frame.records, moment(entry.wall)
