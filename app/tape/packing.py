"""Replaces an ended tape by a smaller one with the same entries: zstd's level 19 in long blocks.

The packed tape is written beside the tape, compared with it entry by entry, synced, and only then
gets its name: at any moment one whole tape is there.  Segments, keyframes, times and the format
are the same, so that every command reads both.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path

from msgspec import Struct

from app.system.errors import KisTuiError, UsageError
from app.system.files import sweep, unfinished
from app.system.os_errors import os_reason
from app.system.platform_files import sync_path
from app.tape.check import ProgressCallback, check
from app.tape.entry import EntryKind, TapeEntry
from app.tape.reader import Tape
from app.tape.segments import Segment
from app.tape.writer import TapeWriter
from specs.user_message import UserMessage

LEVEL = 19

PASSES = 3
"""How often a tape is read; the progress adds up to so many times its size."""


class PackResult(Struct, frozen=True):
    """Sizes in bytes; equal where a tape cannot be made smaller and stays as it is."""

    before: int
    after: int


def pack_tape(path: Path, tick: ProgressCallback | None = None) -> PackResult:
    """Put the packed form of an ended tape in its place, under its name.

    A link is followed: the file that it leads to is replaced.  Mode and time of change stay.

    Raises:
        UsageError: it is damaged, has no end, or was changed meanwhile; it is as it was.
        KisTuiError: it cannot be read or written; it is as it was.
    """
    path = Path(os.path.realpath(path))
    sweep(path.parent)
    beside = unfinished(path)
    try:
        with Tape(path) as tape:
            before = os.stat(path)
            _refuse_unfit(tape, tick)
            _copy(tape, beside, tick)
            with Tape(beside) as packed:
                _compare(tape, packed, tick)
                after = packed.size
        if after >= tape.size:
            return PackResult(tape.size, tape.size)
        os.chmod(beside, stat.S_IMODE(before.st_mode))
        os.utime(beside, ns=(before.st_atime_ns, before.st_mtime_ns))
        sync_path(beside)
        if _identity(os.stat(path)) != _identity(before):
            raise UsageError("tape.pack_changed", path=path)
        # Both are closed: Windows gives no open file another name.
        os.replace(beside, path)
        sync_path(path.parent)
    except (OSError, ValueError) as error:
        raise KisTuiError("files.unwritable", path=path, why=os_reason(error)) from error
    finally:
        with suppress(OSError, ValueError):
            beside.unlink(missing_ok=True)
    return PackResult(tape.size, after)


def _refuse_unfit(tape: Tape, tick: ProgressCallback | None) -> None:
    """Read a tape and refuse one that is damaged, or may still be written to.

    Raises:
        UsageError: it is.
    """
    ended = False

    def note_end(_: Segment, entry: TapeEntry) -> None:
        nonlocal ended
        ended = entry.kind == EntryKind.END

    if check(tape, note_end, tick):
        hint = UserMessage("tape.mend", name=tape.path)
        raise UsageError("tape.pack_damaged", path=tape.path, hint=hint)
    if not ended:
        hint = UserMessage("tape.pack_open_hint", name=tape.path)
        raise UsageError("tape.pack_open", path=tape.path, hint=hint)


def _copy(tape: Tape, beside: Path, tick: ProgressCallback | None) -> None:
    """Write all entries of a tape to a new file.

    Raises:
        OSError: it cannot be written.
    """
    writer = TapeWriter(beside, tape.header, LEVEL)
    try:
        for segment in tape.segments:
            for number, entry in enumerate(tape.entries_of(segment)):
                if number == 0:
                    writer.begin_segment(entry.payload, entry.monotonic, entry.wall)
                else:
                    writer.write(entry)
            if tick is not None:
                tick(segment.end - segment.start)
    finally:
        writer.close()


def _compare(tape: Tape, packed: Tape, tick: ProgressCallback | None) -> None:
    """Read a packed tape as a whole beside the one that it is to replace.

    Raises:
        KisTuiError: they differ.
    """
    pairs = zip_longest(_entries(tape, tick), _entries(packed, None))
    same = tape.header == packed.header and all(mine == its for mine, its in pairs)
    if not same or check(packed):
        raise KisTuiError("tape.pack_differs", path=tape.path)


def _entries(
    tape: Tape, tick: ProgressCallback | None
) -> Iterator[tuple[int, int, int, TapeEntry]]:
    """Yield number and times of each segment with each of its entries."""
    for segment in tape.segments:
        for entry in tape.entries_of(segment):
            yield segment.number, segment.monotonic, segment.wall, entry
        if tick is not None:
            tick(segment.end - segment.start)


def _identity(about: os.stat_result) -> tuple[int, int, int, int]:
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns
