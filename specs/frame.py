"""Data frames: ``flag|tr_id|count|field^field^…`` to record structs.

A frame holds `count` records, their fields simply joined by ``^``.  KIS appends fields to the end
of a record now and then, so a record's stride is the number of fields divided by the count;
surplus fields are ignored and missing trailing ones take their default.  Each record must begin
with a code and a time, or the whole frame is refused: a shifted column is never shown.
"""

import re
from math import nan

from msgspec import Struct, ValidationError, convert
from msgspec.structs import force_setattr

from specs.catalog import CATALOG
from specs.frame_fast_path import (
    CODE,
    ENDLESS,
    LAYOUTS,
    ODD,
    SHAPES,
    SHORTEST_RECORD,
    columns_of,
    read,
)
from specs.record import Record

# KIS has appended up to eight fields; far more of them are records beyond the count.
MOST_SURPLUS = 32

_START = re.compile(CODE.pattern + r"\^[0-9]{6}\^")
_SHORTEST_CODE = 6

# Numbers are checked one by one if the body holds something that only msgspec accepts as one.
_NUMBER = re.compile(r"-?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})")
_MISSING = frozenset(("", "nan", "-nan"))

# KIS documents two orders of these three fields and no way to distinguish them: with a price in
# the place of the flag, all three are left out.
_LIMITS = ("dynamic_upper_limit", "dynamic_limit_flag", "dynamic_lower_limit")


class FrameError(ValueError):
    """A frame that is refused; `reason` is one word from `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


REASONS = (
    "empty",
    "html",
    "short",
    "flag",
    "encrypted",
    "tr",
    "count",
    "empty_body",
    "unprintable",
    "layout_mismatch",
    "number",
    "json",
    "control",
    "oversize",
)


class Frame(Struct, frozen=True, gc=False):
    """One data frame: its records in order, and how many undocumented fields each carried."""

    tr_id: str
    records: list[Record]
    surplus: int


def decode(raw: str) -> Frame:
    """Decode one data frame.

    Raises:
        FrameError: the frame is invalid; no other exception leaves this function.
    """
    head = raw.split("|", 3)
    if len(head) != 4:
        raise FrameError(_shapeless(raw))
    flag, tr_id, count_text, body = head
    if flag != "0":
        raise FrameError(_flagged(flag))
    try:
        layout = LAYOUTS[tr_id]
    except KeyError:
        raise FrameError("tr") from None
    try:
        records = read(body, count_text, layout)
    except (UnicodeEncodeError, ValidationError):
        records = []
    return Frame(tr_id, records, 0) if records else _carefully(tr_id, count_text, body)


def _carefully(tr_id: str, count_text: str, body: str) -> Frame:
    """Decode a frame that the fast path did not accept.

    Raises:
        FrameError: it is invalid.
    """
    if not body:
        raise FrameError("empty_body")
    if not _START.match(body):
        raise FrameError("layout_mismatch" if body.isprintable() else "unprintable")
    try:
        shape = body.encode().translate(SHAPES)
    except UnicodeEncodeError:
        raise FrameError("unprintable") from None
    # The first code is not checked: the code of a weekly option often has an E or I.
    strict = ODD in shape[_SHORTEST_CODE:] or shape.rfind(ENDLESS) != -1
    values = body.split("^")
    spec, width = CATALOG[tr_id].spec, CATALOG[tr_id].width
    count = _count(count_text)
    stride = _stride(values, count, width)
    starts = range(0, stride * count, stride)
    if strict:
        if not body.isprintable():
            raise FrameError("unprintable")
        shape = "^".join("^".join(values[at + 1 : at + stride]) for at in starts).encode()
        shape = shape.translate(SHAPES)
        strict = ODD in shape or ENDLESS in shape
    repair = _repair_strictly if strict else _record
    records = [repair(values[at : at + stride], spec) for at in starts]
    return Frame(tr_id, records, max(0, stride - width))


def _record(values: list[str], spec: type[Record]) -> Record:
    try:
        return convert(values, spec, strict=False)
    except ValidationError:
        return _repair(values, spec)


def _shapeless(raw: str) -> str:
    if not raw:
        return "empty"
    return "html" if raw.lstrip()[:1] == "<" else "short"


def _flagged(flag: str) -> str:
    if flag == "1":
        return "encrypted"
    return "html" if flag.lstrip()[:1] == "<" else "flag"


def _count(text: str) -> int:
    if not (1 <= len(text) <= 4 and text.isascii() and text.isdigit()) or int(text) == 0:
        raise FrameError("count")
    return int(text)


def _stride(values: list[str], count: int, width: int) -> int:
    total = len(values)
    stride, rest = divmod(total, count)
    if rest:
        stride = width
    end = stride * count
    if stride < min(SHORTEST_RECORD, width) or end > total:
        raise FrameError("layout_mismatch")
    if stride - width > MOST_SURPLUS or total - end > MOST_SURPLUS:
        raise FrameError("layout_mismatch")
    for at in range(stride, end, stride):
        if not _START.match(f"{values[at]}^{values[at + 1]}^"):
            raise FrameError("layout_mismatch")
    if stride > width or total > end:
        # A record beyond the count must not pass for appended fields.
        appended = [*range(end, total)]
        for at in range(0, end, stride):
            appended.extend(range(at + width, at + stride))
        if any(_START.match("^".join(values[at : at + 2]) + "^") for at in appended):
            raise FrameError("layout_mismatch")
    return stride


def _repair(values: list[str], spec: type[Record]) -> Record:
    """Return a record with blanks filled; a quantity is decoded as 0, as its bound refuses nan."""
    filled, blank = [], []
    for value, column in zip(values, columns_of(spec), strict=False):
        if column.fill and value.lower() in _MISSING:
            filled.append(column.fill)
            if column.fill == "0":
                blank.append(column.name)
        else:
            filled.append(value)
    try:
        record = convert(filled, spec, strict=False)
    except ValidationError:
        return _repair_strictly(values, spec)
    for name in blank:
        force_setattr(record, name, nan)
    return record


def _repair_strictly(values: list[str], spec: type[Record]) -> Record:
    """Return a record that is read field by field."""
    parsed: dict[str, str | float] = {}
    unsure = False
    for value, column in zip(values, columns_of(spec), strict=False):
        figure = value.strip()
        if figure.lower() in _MISSING:
            continue
        if column.fill:
            parsed[column.name] = _number(figure, column.fill)
        elif len(figure) <= column.longest:
            parsed[column.name] = figure
        elif column.name == "dynamic_limit_flag":
            unsure = True
        else:
            raise FrameError("layout_mismatch")
    if unsure:
        for name in _LIMITS:
            parsed.pop(name, None)
    return spec(**parsed)


def _number(figure: str, fill: str) -> float:
    if not _NUMBER.fullmatch(figure):
        raise FrameError("number")
    number = float(figure)
    if fill == "0" and number < 0:
        raise FrameError("number")
    return number
