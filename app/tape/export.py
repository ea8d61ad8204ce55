"""A tape's records as tables for other programs: a file for every TR."""

from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from app.system.errors import UsageError
from app.system.staging import staged
from app.tape.check import ProgressCallback
from app.tape.entry import EntryKind, TapeEntry
from app.tape.export_rows import ExportRow, decode_again, decoded_rows, plain_row
from app.tape.reader import Tape
from app.tape.tables import FORMATS, Table, arrow, create
from app.tape.times import is_possible
from specs.frame import FrameError


class ExportResult(Struct):
    """Counts of an export."""

    rows: dict[Path, int] = {}
    refused: int = 0
    """Frames that could not be decoded, or came at no possible time."""


class ExportFilter(Struct, frozen=True):
    """Filter of an export: all records, or those of one TR or some codes."""

    tr_id: str = ""
    codes: frozenset[str] = frozenset()


class ExportTarget(Struct, frozen=True):
    """Target of the tables: `folder` and a name prefix, one file, or a pipe."""

    folder: Path
    stem: str
    shape: str
    file: Path | None = None
    pipe: BinaryIO | None = None
    """Takes the one table; it stays open."""

    def path_of(self, tr_id: str) -> Path:
        """The file of a TR."""
        return self.file or self.folder / f"{self.stem}-{tr_id}.{self.shape}"


def export(
    tape: Tape,
    places: ExportTarget,
    wanted: ExportFilter,
    *,
    replacing: bool,
    tick: ProgressCallback | None = None,
) -> ExportResult:
    """Write the tables.

    Raises:
        UsageError: a file is there already, or no record is asked for.
        KisTuiError: they cannot be written; none of them is there.
    """
    if places.shape == "parquet":
        arrow()
    result = ExportResult()
    with ExitStack() as stack:
        export = _Exporting(stack, places, wanted, result, replacing=replacing)
        for segment in tape.segments:
            for entry in tape.entries_of(segment):
                if entry.kind == EntryKind.FRAME and entry.payload.startswith(b"0|"):
                    export.put(entry)
            if tick is not None:
                tick(segment.end - segment.start)
        export.finish()
        if not result.rows:
            raise UsageError("tape.no_records", path=tape.path)
    return result


class _Exporting:
    """An export under way; its tables get their names when the stack is left."""

    def __init__(
        self,
        stack: ExitStack,
        places: ExportTarget,
        wanted: ExportFilter,
        result: ExportResult,
        *,
        replacing: bool,
    ) -> None:
        self._stack, self._places, self._wanted = stack, places, wanted
        self._result, self._replacing = result, replacing
        self._takes_all = not (wanted.tr_id or wanted.codes)
        self._tables: dict[str, Table] = {}

    def put(self, entry: TapeEntry) -> None:
        """Write the records of a data frame."""
        received = entry.wall // 1000
        if not is_possible(entry.wall):
            self._result.refused += 1
            return
        plain = plain_row(entry.payload, received)
        if plain is not None:
            tr_id, row = plain
            table = self._tables.get(tr_id)
            if table is not None and self._takes_all:
                table.append(row)
            else:
                self._append(tr_id, row)
            return
        try:
            tr_id, rows = decoded_rows(entry.payload.decode(), received)
        except (FrameError, UnicodeError):
            self._result.refused += 1
            return
        for row in rows:
            self._append(tr_id, row)

    def finish(self) -> None:
        """Write what the tables have gathered, and count their rows."""
        for tr_id, table in self._tables.items():
            table.flush()
            self._result.rows[self._places.path_of(tr_id)] = table.count
            self._result.refused += table.refused

    def _append(self, tr_id: str, row: ExportRow) -> None:
        wanted = self._wanted
        if wanted.tr_id not in ("", tr_id) or (wanted.codes and row.code not in wanted.codes):
            return
        table = self._tables.get(tr_id)
        if table is None:
            # A table is made for a record, not for what turns out to be none.
            checked = decode_again(tr_id, row)
            if checked is None:
                self._result.refused += 1
                return
            table, row = self._make(tr_id), checked
        table.append(row)

    def _make(self, tr_id: str) -> Table:
        path = self._places.path_of(tr_id)
        file = self._places.pipe
        if file is None:
            beside = self._stack.enter_context(staged(path, replacing=self._replacing))
            file = self._stack.enter_context(create(beside))
        made = FORMATS[self._places.shape](file, tr_id)
        table = self._tables[tr_id] = self._stack.enter_context(made)
        return table
