"""Records as lines of JSON or CSV on standard output."""

import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from math import inf
from typing import Any

import msgspec

from app.feed.demand import Reader
from app.storage.csv_text import delimited
from specs.catalog import CATALOG, Absent, Channel, Session, choose_for
from specs.codes import read
from specs.record import Record, elements


def lines_of(
    codes: tuple[str, ...],
    sessions: list[Session],
    asked_for: frozenset[Channel],
    options: dict[str, Any],
    reader: Reader,
) -> "RecordWriter":
    """Return the writer of the records, after writing the heading of a table."""
    names = fields_of if options["names"] == "english" else elements
    shape: Shape = as_json
    if options["format"] == "csv":
        columns = columns_of(codes, sessions, asked_for, names, reader)
        shape = as_csv(columns)
        sys.stdout.buffer.write(delimited([columns]))
        sys.stdout.buffer.flush()
    return RecordWriter(names, shape, options["count"])


Names = Callable[[type[Record]], tuple[str, ...]]
Shape = Callable[[dict[str, Any]], bytes]


def fields_of(spec: type[Record]) -> tuple[str, ...]:
    """The program's names of a record's fields, in wire order."""
    return spec.__struct_fields__


def as_json(entry: dict[str, Any]) -> bytes:
    """One object on a line of its own; missing numbers are null."""
    return msgspec.json.encode(entry) + b"\n"


def as_csv(columns: Iterable[str]) -> Shape:
    """Return the function that turns a record into a line with these columns."""
    order = tuple(columns)
    return lambda entry: delimited([map(entry.get, order)])


def columns_of(
    codes: Iterable[str],
    sessions: Iterable[Session],
    channels: Iterable[Channel],
    names: Names,
    reader: Reader = read,
) -> list[str]:
    """The columns of a run: the fields of every TR that it can bring, in the catalogue's order."""
    channels, sessions = tuple(channels), tuple(sessions)
    entries = {
        entry
        for contract in map(reader, codes)
        for session in sessions
        for channel in channels
        if contract is not None
        and not isinstance(entry := choose_for(contract, session, channel), Absent)
    }
    fields = (name for entry in CATALOG.values() if entry in entries for name in names(entry.spec))
    return list(dict.fromkeys(("tr_id", "received", *fields)))


class RecordWriter:
    """Writes records to standard output until as many as were asked for are out."""

    def __init__(self, names: Names, shape: Shape, count: int | None) -> None:
        self._names = cache(names)
        self._shape = shape
        self.left = count or inf
        self.written = 0

    def write(self, tr_id: str, records: Iterable[Record], at: datetime) -> bool:
        """Write the records of a frame that came at a moment; whether more are asked for."""
        received = at.isoformat(timespec="milliseconds")
        for record in records:
            if self.left <= 0:
                break
            self.left -= 1
            self.written += 1
            named = zip(self._names(type(record)), msgspec.structs.astuple(record), strict=True)
            line = self._shape({"tr_id": tr_id, "received": received, **dict(named)})
            sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
        return self.left > 0
