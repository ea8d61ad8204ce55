"""Read a recording, and wait for it to be written."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import msgspec

from app.tape.entry import EntryKind, TapeEntry
from app.tape.gap import Gap
from app.tape.reader import Tape

PATIENCE = 5.0


def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds, at most `PATIENCE` seconds."""
    end = monotonic() + PATIENCE
    while not condition():
        assert monotonic() < end, "condition not met"
        sleep(0.005)


def entries(path: Path, *kinds: EntryKind) -> list[TapeEntry]:
    """Return the entries of an undamaged tape: of these kinds, or of all but keyframes."""
    with Tape(path) as tape:
        found = list(tape.entries())
        assert (tape.damage.entries, tape.damage.segments, tape.torn()) == (0, 0, 0)
    return [e for e in found if (e.kind in kinds if kinds else e.kind != EntryKind.KEYFRAME)]


def gaps(path: Path) -> list[Gap]:
    """Return the gaps of a tape."""
    return [msgspec.json.decode(e.payload, type=Gap) for e in entries(path, EntryKind.GAP)]


def frames(path: Path) -> list[str]:
    """Return the frames of a tape."""
    return [e.payload.decode() for e in entries(path, EntryKind.FRAME)]
