"""Tables that a tape's records are written to: one for a TR, as CSV or as Parquet.

The columns are ``received`` and the fields of the TR's spec under their names, text as text and
numbers as numbers; a missing number is blank in CSV and null in Parquet.
"""

import os
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

from msgspec.structs import astuple

from app.delimited import delimited
from app.errors import KisTuiError
from specs.plain import columns_of
from specs.record import Record
from widgets.texts import t

RECEIVED = "received"
_LINES = 512
_ROWS = 8_192
"""Rows of a row group: what is held in memory of one TR."""
_ZONE = "Asia/Seoul"


class Table(Protocol):
    """Rows are put into it; what it made of its file is whole once it is left."""

    def put(self, received: datetime, record: Record) -> None:
        """Add a row."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class CsvTable:
    """Comma-separated values; `received` is ISO in KST with microseconds."""

    def __init__(self, file: BinaryIO, spec: type[Record]) -> None:
        self._file = file
        self._rows: list[tuple[Any, ...]] = [(RECEIVED, *spec.__struct_fields__)]

    def put(self, received: datetime, record: Record) -> None:
        """Add a row."""
        self._rows.append((received.isoformat(timespec="microseconds"), *astuple(record)))
        if len(self._rows) >= _LINES:
            self._flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._flush()

    def _flush(self) -> None:
        self._file.write(delimited(self._rows))
        self._file.flush()
        self._rows.clear()


class ParquetTable:
    """Parquet with zstd; `received` is a timestamp in µs with its zone."""

    def __init__(self, file: BinaryIO, spec: type[Record]) -> None:
        pa, pq = arrow()
        kinds = [
            (column.name, pa.float64() if column.fill else pa.string())
            for column in columns_of(spec)
        ]
        self._schema = pa.schema([(RECEIVED, pa.timestamp("us", tz=_ZONE)), *kinds])
        self._table, self._rows = pa.table, list[tuple[Any, ...]]()
        self._array = pa.array
        self._writer = pq.ParquetWriter(file, self._schema, compression="zstd")

    def put(self, received: datetime, record: Record) -> None:
        """Add a row."""
        self._rows.append((received, *astuple(record)))
        if len(self._rows) >= _ROWS:
            self._flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._writer:
            if kind is None and self._rows:
                self._flush()

    def _flush(self) -> None:
        columns = [
            # From pandas' point of view a nan is a missing value, and so it is here.
            self._array(values, type=field.type, from_pandas=True)
            for field, values in zip(self._schema, zip(*self._rows, strict=True), strict=True)
        ]
        self._writer.write_table(self._table(columns, schema=self._schema))
        self._rows.clear()


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
        raise KisTuiError(t("tape.no_parquet"), t("tape.no_parquet_hint")) from error
    return pyarrow, pyarrow.parquet
