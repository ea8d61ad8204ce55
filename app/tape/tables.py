"""Tables that a tape's records are written to: one for a TR, as CSV or as Parquet.

The columns are ``received`` and the fields of the TR's spec under their names, text as text and
numbers as numbers; a missing number is blank in CSV and null in Parquet.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from app.storage.csv_text import delimited
from app.system.errors import KisTuiError
from app.system.platform_files import PRIVATE
from app.tape.csv_cells import CELLS, time_cell
from app.tape.export_rows import ExportRow, decode_again
from specs.catalog import CATALOG
from specs.frame_fast_path import columns_of
from specs.user_message import UserMessage

RECEIVED = "received"
_ZONE = "Asia/Seoul"


class Table(ABC):
    """Rows are put into it; what it made of its file is whole once it is left without an error."""

    MOST = 0
    """Rows that are gathered before they are written."""

    def __init__(self, tr_id: str) -> None:
        self._tr_id = tr_id
        self._columns = columns_of(CATALOG[tr_id].spec)
        self._rows: list[ExportRow] = []
        self.count = 0
        """Rows that were written."""
        self.refused = 0
        """Rows that turned out to be no record when they were to be written."""

    def append(self, row: ExportRow) -> None:
        """Add a row."""
        self._rows.append(row)
        if len(self._rows) >= self.MOST:
            self.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._ending():
            if kind is None:
                self.flush()

    def flush(self) -> None:
        """Write the rows that were gathered."""
        rows = self._rows
        if not rows:
            return
        try:
            self._write(rows, trusted=False)
        except ValueError:
            # One of them is not ordinary: each is decoded by itself.
            again = [decode_again(self._tr_id, row) for row in rows]
            rows = [row for row in again if row is not None]
            self.refused += len(again) - len(rows)
            if rows:
                self._write(rows, trusted=True)
        self.count += len(rows)
        self._rows.clear()

    def _ending(self) -> AbstractContextManager[object]:
        """Return a context to leave last, whether or not the table is complete."""
        return nullcontext()

    @abstractmethod
    def _write(self, rows: list[ExportRow], *, trusted: bool) -> None:
        """Write rows behind those that were written.

        Raises:
            ValueError: a field is none that its column may hold, unless they are `trusted`.
        """


class CsvTable(Table):
    """Comma-separated values; `received` is ISO in KST with microseconds."""

    MOST = 512

    def __init__(self, file: BinaryIO, tr_id: str) -> None:
        super().__init__(tr_id)
        self._file = file
        self._cells = [CELLS[bool(c.fill), c.fill == "0", c.longest] for c in self._columns]
        file.write(delimited([(RECEIVED, *(column.name for column in self._columns))]))

    def _write(self, rows: list[ExportRow], *, trusted: bool) -> None:
        values = zip(*(row.text.split("^") for row in rows), strict=True)
        times = [time_cell(row.received) for row in rows]
        cells = [
            list(map(known.trusted if trusted else known.__getitem__, column))
            for known, column in zip(self._cells, values, strict=True)
        ]
        lines = map(",".join, zip(times, *cells, strict=True))
        self._file.write("".join(f"{line}\n" for line in lines).encode())
        self._file.flush()


class ParquetTable(Table):
    """Parquet with zstd; `received` is a timestamp in µs with its zone."""

    MOST = 16_384

    def __init__(self, file: BinaryIO, tr_id: str) -> None:
        super().__init__(tr_id)
        pa, pq = arrow()
        types = {c.name: pa.float64() if c.fill else pa.string() for c in self._columns}
        self._stamp = pa.field(RECEIVED, pa.timestamp("us", tz=_ZONE))
        self._schema = pa.schema([self._stamp, *types.items()])
        self._options = {
            "read_options": pa.csv.ReadOptions(column_names=list(types), block_size=1 << 26),
            "parse_options": pa.csv.ParseOptions(
                delimiter="^", quote_char=False, double_quote=False, escape_char=False
            ),
            "convert_options": pa.csv.ConvertOptions(
                column_types=types, null_values=["", "nan", "-nan"], strings_can_be_null=False
            ),
        }
        self._writer = pq.ParquetWriter(file, self._schema, compression="zstd")

    def _ending(self) -> AbstractContextManager[object]:
        writer: AbstractContextManager[object] = self._writer
        return writer

    def _write(self, rows: list[ExportRow], *, trusted: bool) -> None:
        pa, _ = arrow()
        text = "\n".join([row.text for row in rows]).encode()
        table = pa.csv.read_csv(pa.BufferReader(text), **self._options)
        if not trusted:
            self._check(table)
        times = pa.array([row.received for row in rows], pa.int64()).cast(self._stamp.type)
        self._put(table.add_column(0, self._stamp, times))

    def _put(self, table: Any) -> None:
        """Write rows that are right."""
        self._writer.write_table(table)

    def _check(self, table: Any) -> None:
        """Refuse negative quantities and texts that are longer than their field.

        Raises:
            ValueError: there is one.
        """
        pa, _ = arrow()
        for column in self._columns:
            values = table.column(column.name)
            if column.fill == "0":
                least = pa.compute.min(values).as_py()
                if least is not None and least < 0:
                    raise ValueError(column.name)
            if column.fill:
                continue
            if pa.compute.max(pa.compute.binary_length(values)).as_py() > column.longest:
                raise ValueError(column.name)


def create(path: Path) -> BinaryIO:
    """A new file for a table, its user's alone.

    Raises:
        OSError: it cannot be made.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | PRIVATE
    return os.fdopen(os.open(path, flags, 0o600), "wb")


FORMATS: dict[str, Callable[[BinaryIO, str], Table]] = {
    "csv": CsvTable,
    "parquet": ParquetTable,
}


@cache
def arrow() -> tuple[Any, Any]:
    """pyarrow and its Parquet half; CSV and compute are loaded too.

    Raises:
        KisTuiError: it is not installed.
    """
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.csv
        import pyarrow.parquet
    except ImportError as error:
        raise KisTuiError("tape.no_parquet", hint=UserMessage("tape.no_parquet_hint")) from error
    return pyarrow, pyarrow.parquet
