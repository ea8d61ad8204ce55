"""Data frames: ``flag|tr_id|count|field^field^…`` to record structs.

A frame holds `count` records, their fields simply joined by ``^``.  KIS appends fields to the end
of a record now and then, so a record's stride is the number of fields divided by the count;
surplus fields are ignored and missing trailing ones take their default.  Each record must begin
with a code and a time, or the whole frame is refused: a shifted column is never shown.

A field that cannot be read is missing and counted.  Code, time, price, sign and the two volumes
are the exception: without one of them, or with another column's value in the place of a text, a
record is dropped, and the others of its frame are kept.
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
    LONGEST_CODE,
    ODD,
    SHAPES,
    SHORTEST_RECORD,
    FieldColumn,
    columns_of,
    read,
)
from specs.record import Record

# KIS has appended up to eight fields; far more of them are records beyond the count.
MOST_SURPLUS = 32

_START = re.compile(CODE.pattern + r"\^[0-9]{6}\^")

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
    dropped: tuple[str, ...] = ()
    """The reason for each record that was dropped, from `REASONS`."""
    unreadable: tuple[str, ...] = ()
    """KIS' name of each field of the records that could not be read and is missing."""


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
    values = body.split("^")
    spec, width = CATALOG[tr_id].spec, CATALOG[tr_id].width
    count = _count(count_text)
    stride = _stride(values, count, width)
    raws = [values[at : at + stride] for at in range(0, stride * count, stride)]
    # Codes are not checked: that of a weekly option often has an E or I.
    if not _is_odd(body[LONGEST_CODE:]) or not _is_odd(
        "^".join("^".join(raw[1:width]) for raw in raws)
    ):
        try:
            return Frame(tr_id, [_record(raw, spec) for raw in raws], max(0, stride - width))
        except FrameError:
            pass
    records, dropped, unreadable = list[Record](), list[str](), list[str]()
    for raw in raws:
        try:
            record, missing = _read_fields(raw, spec)
        except FrameError as error:
            dropped.append(error.reason)
        else:
            records.append(record)
            unreadable += missing
    if not records:
        raise FrameError(dropped[0])
    return Frame(tr_id, records, max(0, stride - width), tuple(dropped), tuple(unreadable))


def _is_odd(text: str) -> bool:
    """Return whether fields may hold something that only msgspec accepts as a number."""
    if not text.isascii():
        return True
    shape = text.encode().translate(SHAPES)
    return ODD in shape or ENDLESS in shape


def _record(values: list[str], spec: type[Record]) -> Record:
    try:
        return convert(values, spec, strict=False)
    except ValidationError:
        return _fill_blanks(values, spec)


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
    if stride < min(SHORTEST_RECORD, width - 1) or end > total:
        raise FrameError("layout_mismatch")
    if stride - width > MOST_SURPLUS or total - end > MOST_SURPLUS:
        raise FrameError("layout_mismatch")
    for at in range(stride, end, stride):
        if not _START.match(f"{values[at]}^{values[at + 1]}^"):
            raise FrameError("layout_mismatch")
    if stride > width or total > end:
        # A record beyond the count must not pass for appended fields.
        later = [*range(end, total)]
        for at in range(0, end, stride):
            later.extend(range(at + width - 1, at + stride))
        if any(_START.match("^".join(values[at : at + 2]) + "^") for at in later):
            raise FrameError("layout_mismatch")
    return stride


def _fill_blanks(values: list[str], spec: type[Record]) -> Record:
    """Return a record with blanks filled; a quantity is decoded as 0, as its bound refuses nan.

    Raises:
        FrameError: it has other faults than blanks.
    """
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
        raise FrameError("number") from None
    for name in blank:
        force_setattr(record, name, nan)
    return record


def _read_fields(values: list[str], spec: type[Record]) -> tuple[Record, list[str]]:
    """Return a record that is read field by field, and KIS' names of its unreadable fields.

    Raises:
        FrameError: a required field cannot be read, or a text is another column's value.
    """
    parsed: dict[str, str | float] = {}
    unreadable = []
    limits_unsure = False
    for value, column in zip(values, columns_of(spec), strict=False):
        figure = value.strip()
        if figure.lower() in _MISSING and value.isprintable():
            continue
        try:
            parsed[column.name] = _read_field(value, column)
        except FrameError as error:
            if column.name == "dynamic_limit_flag" and error.reason == "layout_mismatch":
                limits_unsure = True
            elif column.required or error.reason == "layout_mismatch":
                raise
            else:
                unreadable.append(column.element)
    if limits_unsure:
        for name in _LIMITS:
            parsed.pop(name, None)
    return spec(**parsed), unreadable


def _read_field(value: str, column: FieldColumn) -> str | float:
    """Return a field's text or number.

    Raises:
        FrameError: it is `unprintable`, no `number` or text of this field, or another column's
            value (`layout_mismatch`).
    """
    if not value.isprintable():
        raise FrameError("unprintable")
    figure = value.strip()
    is_number = _NUMBER.fullmatch(figure) is not None
    if not column.fill:
        if len(figure) <= column.longest:
            return figure
        is_foreign = column.required or is_number
    else:
        number = float(figure) if is_number else nan
        if number >= 0 or (is_number and column.fill != "0"):
            return number
        is_foreign = False
    # Words such as INFINITY have the letters of a code, and no digit.
    is_foreign = is_foreign or (CODE.fullmatch(figure) is not None and not figure.isalpha())
    raise FrameError("layout_mismatch" if is_foreign else "number")
