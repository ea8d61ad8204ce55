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
