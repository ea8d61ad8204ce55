"""Comma-separated values as everybody's spreadsheet reads them: RFC 4180, missing numbers blank.

A text that a spreadsheet would take for a formula gets an apostrophe in front.
"""

import csv
import io
from collections.abc import Iterable
from math import isfinite

from specs.clean import clean

Value = str | float | int | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST = 1000
_DIGITS = 12
"""Significant digits: more than KIS sends, fewer than a float has."""


def delimited(rows: Iterable[Iterable[Value]]) -> bytes:
    """The rows as UTF-8, a line each."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(cell, row) for row in rows)
    return text.getvalue().encode()


def cell(value: Value) -> str:
    """Return a value as CSV text before quoting; numbers with all digits."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = clean(value, LONGEST)
        return f"'{value}" if value.startswith(_FORMULA) else value
    if not isfinite(value):
        return ""
    return repr(value).removesuffix(".0")


def whole(value: float) -> float | int:
    """A count as the integer that it is; as it stands where it is none."""
    return int(value) if isfinite(value) and value == int(value) else value


def exact(value: float) -> float:
    """A number without what the arithmetic of floats adds to it."""
    return value if value.is_integer() else float(f"{value:.{_DIGITS}g}")
