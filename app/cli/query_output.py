"""Rows of a query as an aligned table, CSV or JSON, written as they come."""

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from app.storage.csv_text import delimited
from specs.clean import clean

FORMATS = ("table", "csv", "json")

_LONGEST_CELL = 200
_LONGEST_TEXT = 100_000
_DIGITS = 12
_GAP = "  "
_ENCODER = msgspec.json.Encoder(decimal_format="number", enc_hook=str)

Chunks = Iterator[list[tuple[Any, ...]]]


def output(names: Sequence[str], chunks: Chunks, shape: str) -> Iterator[str]:
    """Yield the text of a result in pieces; the widths of a table are those of its first rows."""
    if shape == "csv":
        yield delimited([names]).decode()
        for rows in chunks:
            yield delimited([[_csv_value(value) for value in row] for row in rows]).decode()
    elif shape == "json":
        yield from _json(names, chunks)
    else:
        yield from _table(names, chunks)


def _table(names: Sequence[str], chunks: Chunks) -> Iterator[str]:
    """Yield lines; a later cell that is wider than its column moves what follows in its line."""
    from rich.cells import cell_len

    header = [clean(name, _LONGEST_CELL) for name in names]
    widths: list[int] = []
    right: list[bool] = []
    for rows in chunks:
        lines = [[_cell(value) for value in row] for row in rows]
        if not widths:
            widths = [max(map(cell_len, column)) for column in zip(header, *lines, strict=True)]
            columns = list(zip(*rows, strict=True))
            right = [any(_is_number(value) for value in column) for column in columns]
            lines.insert(0, header)
        yield "".join(f"{_line(line, widths, right)}\n" for line in lines)
    if not widths:
        yield _GAP.join(header) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    from rich.cells import cell_len

    padded = []
    for text, width, is_right in zip(cells, widths, right, strict=True):
        blank = " " * (width - cell_len(text))
        padded.append(blank + text if is_right else text + blank)
    return _GAP.join(padded).rstrip()


def _json(names: Sequence[str], chunks: Chunks) -> Iterator[str]:
    """Yield one array with an object a line."""
    keys, first = unique_names(names), True
    yield "["
    for rows in chunks:
        objects = [_ENCODER.encode(dict(zip(keys, row, strict=True))).decode() for row in rows]
        yield ("\n" if first else ",\n") + ",\n".join(objects)
        first = False
    yield "\n]\n"


def unique_names(names: Sequence[str]) -> list[str]:
    """Return names of which each occurs once: a second ``a`` becomes ``a_2``."""
    found: list[str] = []
    for name in names:
        unique, number = name, 2
        while unique in found:
            unique, number = f"{name}_{number}", number + 1
        found.append(unique)
    return found


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return f"{value:.{_DIGITS}g}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "milliseconds" if value.microsecond else "seconds")
    return clean(_text(value), _LONGEST_CELL)


def _csv_value(value: Any) -> str | float | int | None:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return float(value)
    return _text(value)


def _text(value: Any) -> str:
    """Return a value that is no number as text; lists and structs are JSON."""
    if isinstance(value, str):
        return value[:_LONGEST_TEXT]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | dict | bytes):
        return _ENCODER.encode(value).decode()
    return str(value)
