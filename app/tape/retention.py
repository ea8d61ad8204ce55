"""Removal of old tapes by age and by total size, the oldest first.

Only the program's own are touched, told by their names; none that was written to of late, which
another kis-tui may be recording, and never anything else that a user keeps in the folder.
"""

import os
import stat
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from app.tape.destination import is_tape_name

GIGABYTE = 1_000_000_000
_DAY = 86_400.0
STILL = 600.0
"""Seconds without a write after which nobody is recording: KIS' PINGPONG alone is an entry."""


class Retention(Struct, frozen=True):
    """Limits on the age and the total size of tapes; 0 means no limit."""

    days: int = 0
    bytes: int = 0


def make_room(folder: Path, keep: Retention, now: datetime, spare: Path) -> list[Path]:
    """Remove what is too old or too much; what was removed.  What cannot be removed stays."""
    tapes, moment = _tapes(folder), now.timestamp()
    total = sum(size for _, size, _ in tapes)
    removed = []
    for written, size, path in tapes:
        old = bool(keep.days) and moment - written > keep.days * _DAY
        much = bool(keep.bytes) and total > keep.bytes
        if not (old or much) or path == spare or moment - written < STILL:
            continue
        try:
            path.unlink()
        except OSError:
            continue
        total -= size
        removed.append(path)
    return removed


def _tapes(folder: Path) -> list[tuple[float, int, Path]]:
    """Return modification time, size and path of each tape, the oldest first."""
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if is_tape_name(entry.name):
                    state = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(state.st_mode):
                        found.append((state.st_mtime, state.st_size, folder / entry.name))
    except OSError:
        return []
    return sorted(found)
