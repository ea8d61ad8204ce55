"""What tests read of a recording, and how they wait for it."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import msgspec

from app.tape.entry import EntryKind, TapeEntry
from app.tape.gap import Gap
from app.tape.reader import Tape

PATIENCE = 5.0


def until(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = monotonic() + PATIENCE
    while not condition():
        assert monotonic() < end, "not so"
        sleep(0.005)


def entries(path: Path, *kinds: EntryKind) -> list[TapeEntry]:
    """The entries of a sound tape, of these kinds or of all but keyframes."""
    with Tape(path) as tape:
        found = list(tape.entries())
        assert (tape.damage.entries, tape.damage.segments, tape.torn()) == (0, 0, 0)
    return [e for e in found if (e.kind in kinds if kinds else e.kind != EntryKind.KEYFRAME)]


def gaps(path: Path) -> list[Gap]:
    return [msgspec.json.decode(e.payload, type=Gap) for e in entries(path, EntryKind.GAP)]


def frames(path: Path) -> list[str]:
    return [e.payload.decode() for e in entries(path, EntryKind.FRAME)]
