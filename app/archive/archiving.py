"""Writes the records of a tape to an archive: ``tr=H0MFCNT0/trade_date=2026-11-23/<id>.parquet``.

The files are written beside their names, synced, and renamed once all of them are whole; the index
has the tape after that.  What an interruption leaves is written again under the same names.
"""

import os
from contextlib import ExitStack, suppress
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from app.archive.archive_index import ArchivedTape, load_entry, part_path, save_entry
from app.archive.archive_table import ArchiveTable, known_rows
from app.archive.tape_identity import TapeIdentity, identify
from app.krx.calendar import at
from app.system.clock import KST
from app.system.errors import KisTuiError
from app.system.files import make_folder, sweep, unfinished
from app.system.os_errors import os_reason
from app.system.platform_files import sync_path
from app.tape.check import ProgressCallback, damage_events
from app.tape.entry import EntryKind, TapeEntry
from app.tape.export_rows import ExportRow, decode_again, decoded_rows, plain_row
from app.tape.reader import Tape
from app.tape.tables import arrow, create
from app.tape.times import is_possible
from specs.catalog import CATALOG, Session
from specs.frame import FrameError
from specs.user_message import UserMessage

_HALF_DAY = 12 * 3600 * 10**9
_MIDNIGHT = 15 * 3600 * 10**9
"""A midnight in KST, in ns since 1970 in UTC."""


class ArchiveOutcome(StrEnum):
    """Outcome for one tape."""

    WRITTEN = "written"
    PRESENT = "present"
    """The archive has it already."""


class ArchiveResult(Struct):
    """Counts of an archived tape."""

    outcome: ArchiveOutcome
    rows: int = 0
    refused: int = 0
    """Frames that could not be decoded, or came at no possible time."""
    repeated: int = 0
    """Records that the archive has from another tape."""


def archive_tape(tape: Tape, folder: Path, tick: ProgressCallback | None = None) -> ArchiveResult:
    """Write a tape's records to an archive, unless it has them.

    A tape of which an archive has only what could be read of a damaged file is written again when
    its file has changed and more can be read of it.

    Raises:
        KisTuiError: it cannot be read or written; the archive is as it was, or has a part of the
            tape's files, each of them whole.
    """
    require_pyarrow()
    identity = identify(tape)
    present = load_entry(folder, identity.id)
    about = os.stat(tape.path)
    if present is not None and (
        not present.damaged or (present.size, present.modified) == (tape.size, about.st_mtime_ns)
    ):
        return ArchiveResult(ArchiveOutcome.PRESENT, sum(present.rows.values()))
    archiving = _Archiving(folder, identity)
    try:
        with ExitStack() as stack:
            archiving.read(tape, stack, tick)
        rows = archiving.rows
        if present is not None and sum(rows.values()) <= sum(present.rows.values()):
            return ArchiveResult(ArchiveOutcome.PRESENT, sum(present.rows.values()))
        archiving.give_names()
    except (OSError, ValueError) as error:
        raise KisTuiError("files.unwritable", path=folder, why=os_reason(error)) from error
    finally:
        archiving.remove_unfinished()
    entry = ArchivedTape(
        tape.path.stem,
        identity.first,
        identity.last,
        rows,
        bool(damage_events(tape)),
        tape.size,
        about.st_mtime_ns,
    )
    save_entry(folder, identity.id, entry)
    result = archiving.result
    result.rows = sum(rows.values())
    return result


def require_pyarrow() -> None:
    """Load pyarrow.

    Raises:
        KisTuiError: it is not installed.
    """
    try:
        arrow()
    except KisTuiError as error:
        hint = UserMessage("archive.extra_hint")
        raise KisTuiError("archive.no_pyarrow", hint=hint) from error


class _Archiving:
    """A tape that is being written; its files have no names yet."""

    def __init__(self, folder: Path, identity: TapeIdentity) -> None:
        self._folder, self._identity = folder, identity
        self._tables: dict[str, ArchiveTable] = {}
        """Tables of the half day by TR."""
        self._half_day = range(0)
        """Times (ns since 1970) in which no trade date changes; empty before the first record."""
        self._beside: dict[str, tuple[Path, ArchiveTable]] = {}
        self.result = ArchiveResult(ArchiveOutcome.WRITTEN)

    @property
    def rows(self) -> dict[str, int]:
        """Rows by the path of their file in the archive."""
        return {part: table.written for part, (_, table) in self._beside.items() if table.written}

    def read(self, tape: Tape, stack: ExitStack, tick: ProgressCallback | None) -> None:
        """Write the records to unfinished files, which are whole once the stack is left.

        Raises:
            TapeError: it cannot be read any more.
            OSError: they cannot be written.
        """
        for segment in tape.segments:
            for entry in tape.entries_of(segment):
                if entry.kind == EntryKind.FRAME and entry.payload.startswith(b"0|"):
                    self._put(entry, stack)
            if tick is not None:
                tick(segment.end - segment.start)
        for _, table in self._beside.values():
            table.flush()
            self.result.refused += table.refused
            self.result.repeated += table.repeated

    def give_names(self) -> None:
        """Sync the files and give them their names.

        Raises:
            OSError: that is not possible.
        """
        parts = self.rows
        for part in parts:
            sync_path(self._beside[part][0])
        for part in parts:
            os.replace(self._beside[part][0], self._folder / part)
        for parent in {(self._folder / part).parent for part in parts}:
            sync_path(parent)

    def remove_unfinished(self) -> None:
        """Remove the files that have no name."""
        for beside, _ in self._beside.values():
            with suppress(OSError):
                beside.unlink(missing_ok=True)

    def _put(self, entry: TapeEntry, stack: ExitStack) -> None:
        if entry.wall not in self._half_day and not self._turn(entry.wall):
            self.result.refused += 1
            return
        received = entry.wall // 1000
        plain = plain_row(entry.payload, received)
        if plain is not None:
            tr_id, row = plain
            table = self._tables.get(tr_id)
            if table is not None:
                table.append(row)
            else:
                self._append(tr_id, row, stack)
            return
        try:
            tr_id, rows = decoded_rows(entry.payload.decode(), received)
        except (FrameError, UnicodeError):
            self.result.refused += 1
            return
        for row in rows:
            self._append(tr_id, row, stack)

    def _turn(self, wall: int) -> bool:
        """Begin the half day of a time; return False if no recording can be of that time."""
        if not is_possible(wall):
            return False
        begin = wall - (wall - _MIDNIGHT) % _HALF_DAY
        self._half_day = range(begin, begin + _HALF_DAY)
        self._tables.clear()
        return True

    def _append(self, tr_id: str, row: ExportRow, stack: ExitStack) -> None:
        table = self._tables.get(tr_id)
        if table is None:
            # A file is made for a record, not for what turns out to be none.
            checked = decode_again(tr_id, row)
            if checked is None:
                self.result.refused += 1
                return
            table, row = self._table(tr_id, stack), checked
            self._tables[tr_id] = table
        table.append(row)

    def _table(self, tr_id: str, stack: ExitStack) -> ArchiveTable:
        """Return the table of a TR for the half day; several half days may share one."""
        trade_date = trade_date_of(CATALOG[tr_id].session, self._half_day.start)
        part = part_path(tr_id, trade_date, self._identity.id)
        if part in self._beside:
            return self._beside[part][1]
        path = self._folder / part
        make_folder(path.parent)
        sweep(path.parent)
        known = known_rows(path, self._identity.first, self._identity.last)
        beside = unfinished(path)
        file = stack.enter_context(create(beside))
        table = stack.enter_context(ArchiveTable(file, tr_id, known))
        self._beside[part] = beside, table
        return table


def trade_date_of(session: Session, half_day: int) -> date:
    """Return the trade date of a session's records in a half day in KST that begins at a time (ns).

    A night's records after midnight are of the evening before.  On a day without that session, the
    date is that of the next one.
    """
    begin = datetime.fromtimestamp(half_day // 10**9, KST)
    if session is Session.NIGHT and begin.hour < 12:
        begin -= timedelta(days=1)
    hour = 12 if session is Session.DAY else 21
    return at(begin.replace(hour=hour)).trade_date
