"""Tables that a tape's records are written to: one for a TR, as CSV or as Parquet.

The columns are ``received`` and the fields of the TR's spec under their names, text as text and
numbers as numbers; a missing number is blank in CSV and null in Parquet.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from msgspec.structs import astuple

from app.storage.csv_text import delimited
from app.system.errors import KisTuiError
from specs.frame_fast_path import columns_of
from specs.record import Record
from specs.user_message import UserMessage

RECEIVED = "received"
_ZONE = "Asia/Seoul"


class Table(ABC):
    """Rows are put into it; what it made of its file is whole once it is left without an error."""

    MOST = 0
    """Rows that are gathered before they are written."""

    def __init__(self) -> None:
        self._rows: list[tuple[Any, ...]] = []

    def append(self, received: datetime, record: Record) -> None:
        """Add a row."""
        self._rows.append((self._time_cell(received), *astuple(record)))
        if len(self._rows) >= self.MOST:
            self._flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._ending():
            if kind is None and self._rows:
                self._flush()

    def _flush(self) -> None:
        self._write(self._rows)
        self._rows.clear()

    def _time_cell(self, received: datetime) -> object:
        """The moment as a row holds it."""
        return received

    def _ending(self) -> AbstractContextManager[object]:
        """Return a context to leave last, whether or not the table is complete."""
        return nullcontext()

    @abstractmethod
    def _write(self, rows: list[tuple[Any, ...]]) -> None:
        """Write rows behind those that were written."""


class CsvTable(Table):
    """Comma-separated values; `received` is ISO in KST with microseconds."""

    MOST = 512

    def __init__(self, file: BinaryIO, spec: type[Record]) -> None:
        super().__init__()
        self._file = file
        self._rows.append((RECEIVED, *spec.__struct_fields__))

    def _time_cell(self, received: datetime) -> str:
        return received.isoformat(timespec="microseconds")

    def _write(self, rows: list[tuple[Any, ...]]) -> None:
        self._file.write(delimited(rows))
        self._file.flush()


class ParquetTable(Table):
    """Parquet with zstd; `received` is a timestamp in µs with its zone."""

    MOST = 8_192

    def __init__(self, file: BinaryIO, spec: type[Record]) -> None:
        super().__init__()
        pa, pq = arrow()
        kinds = [
            (column.name, pa.float64() if column.fill else pa.string())
            for column in columns_of(spec)
        ]
        self._schema = pa.schema([(RECEIVED, pa.timestamp("us", tz=_ZONE)), *kinds])
        self._table, self._array = pa.table, pa.array
        self._writer = pq.ParquetWriter(file, self._schema, compression="zstd")

    def _ending(self) -> AbstractContextManager[object]:
        writer: AbstractContextManager[object] = self._writer
        return writer

    def _write(self, rows: list[tuple[Any, ...]]) -> None:
        columns = [
            # From pandas' point of view a nan is a missing value, and so it is here.
            self._array(values, type=field.type, from_pandas=True)
            for field, values in zip(self._schema, zip(*rows, strict=True), strict=True)
        ]
        self._writer.write_table(self._table(columns, schema=self._schema))


def create(path: Path) -> BinaryIO:
    """A new file for a table, its user's alone.

    Raises:
        OSError: it cannot be made.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o600), "wb")


FORMATS: dict[str, Callable[[BinaryIO, type[Record]], Table]] = {
    "csv": CsvTable,
    "parquet": ParquetTable,
}


@cache
def arrow() -> tuple[Any, Any]:
    """pyarrow and its Parquet half.

    Raises:
        KisTuiError: it is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise KisTuiError("tape.no_parquet", hint=UserMessage("tape.no_parquet_hint")) from error
    return pyarrow, pyarrow.parquet
