"""Data frames: ``flag|tr_id|count|field^field^…`` to record structs.

A frame holds `count` records, their fields simply joined by ``^``.  KIS appends fields to the end
of a record now and then, so a record's stride is the number of fields divided by the count;
surplus fields are ignored and missing trailing ones take their default.  Each record must begin
with a code and a time, or the whole frame is refused: a shifted column is never shown.
"""

import re
from functools import cache
from math import nan

from msgspec import Struct, ValidationError, convert
from msgspec.structs import fields, force_setattr

from specs.catalog import CATALOG
from specs.record import Record

# The shortest layout seen on the wire: an expected execution of seven fields.
SHORTEST_RECORD = 7

# A field averages six characters; a frame far above that hides an endless number.
LONG_FIELD = 16

_START = re.compile(r"[0-9A-Z]{6,9}\^[0-9]{6}\^")
_NUMBER = re.compile(r"-?(?:[0-9]{1,15}(?:\.[0-9]{0,8})?|\.[0-9]{1,8})")
# What codes and KIS' numbers are made of, less E and I: exponents and infinities have them.
_PLAIN = b"0123456789.^-naABCDFGHJKLMNOPQRSTUVWXYZ"
_MISSING = frozenset(("", "nan", "-nan"))


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
        FrameError: whatever is wrong with it; nothing else leaves this function.
    """
    head = raw.split("|", 3)
    if len(head) != 4:
        raise FrameError(_shapeless(raw))
    flag, tr_id, count_text, body = head
    if flag != "0":
        raise FrameError("encrypted" if flag == "1" else "flag")
    entry = CATALOG.get(tr_id)
    if entry is None:
        raise FrameError("tr")
    if not body:
        raise FrameError("empty_body")
    if not _START.match(body):
        raise FrameError("layout_mismatch" if body.isprintable() else "unprintable")
    values = body.split("^")
    spec, width = entry.spec, entry.width
    total = len(values)
    try:
        strict = bool(body.encode().translate(None, _PLAIN)) or len(body) > LONG_FIELD * total
    except UnicodeEncodeError:
        raise FrameError("unprintable") from None
    if count_text == "001" and SHORTEST_RECORD <= total <= width and not strict:
        return Frame(tr_id, [_record(values, spec)], 0)
    count = _count(count_text)
    stride = _stride(values, count, width)
    strict = strict and _is_odd(body, values, stride)
    records = [
        _repair(values[start : start + stride], spec, strict=True)
        if strict
        else _record(values[start : start + stride], spec)
        for start in range(0, stride * count, stride)
    ]
    return Frame(tr_id, records, max(0, stride - width))


def _record(values: list[str], spec: type[Record]) -> Record:
    try:
        return convert(values, spec, strict=False)
    except ValidationError:
        return _repair(values, spec, strict=False)


def _is_odd(body: str, values: list[str], stride: int) -> bool:
    """Whether every number needs a look: exponents and infinities are numbers to msgspec only."""
    if not body.isprintable():
        raise FrameError("unprintable")
    tails = "".join(
        "".join(values[start + 1 : start + stride]) for start in range(0, len(values), stride)
    )
    return bool(tails.encode().translate(None, _PLAIN)) or len(body) > LONG_FIELD * len(values)


def _shapeless(raw: str) -> str:
    if not raw:
        return "empty"
    return "html" if raw.lstrip()[:1] == "<" else "short"


def _count(text: str) -> int:
    if not (1 <= len(text) <= 4 and text.isascii() and text.isdigit()) or int(text) == 0:
        raise FrameError("count")
    return int(text)


def _stride(values: list[str], count: int, width: int) -> int:
    total = len(values)
    stride, rest = divmod(total, count)
    if rest:
        stride = width
    if stride < min(SHORTEST_RECORD, width) or stride * count > total:
        raise FrameError("layout_mismatch")
    for start in range(stride, stride * count, stride):
        if not _starts(values, start):
            raise FrameError("layout_mismatch")
    # More records than the count announces would otherwise be taken for appended fields.
    if stride > width and _starts(values, width):
        raise FrameError("layout_mismatch")
    if rest and _starts(values, stride * count):
        raise FrameError("layout_mismatch")
    return stride


def _starts(values: list[str], at: int) -> bool:
    return bool(_START.match("^".join(values[at : at + 2]) + "^"))


def _repair(values: list[str], spec: type[Record], strict: bool) -> Record:
    plan = _plan(spec)
    if not strict:
        # A blank quantity goes in as zero, because nan is below its bound, and comes out as nan.
        filled, blank = [], []
        for value, (name, fill) in zip(values, plan, strict=False):
            if fill and value in _MISSING:
                filled.append(fill)
                if fill == "0":
                    blank.append(name)
            else:
                filled.append(value)
        try:
            record = convert(filled, spec, strict=False)
        except ValidationError:
            pass
        else:
            for name in blank:
                force_setattr(record, name, nan)
            return record
    parsed: dict[str, str | float] = {}
    for value, (name, fill) in zip(values, plan, strict=False):
        if not fill:
            parsed[name] = value
            continue
        figure = value.strip()
        if figure in _MISSING:
            continue
        if not _NUMBER.fullmatch(figure):
            raise FrameError("number")
        parsed[name] = float(figure)
        if fill == "0" and parsed[name] < 0:
            raise FrameError("number")
    return spec(**parsed)


@cache
def _plan(spec: type[Record]) -> tuple[tuple[str, str], ...]:
    """Name of each field and what stands for a missing value: nothing for text."""
    fills = {str: "", float: "nan"}
    return tuple((f.name, fills.get(f.type, "0")) for f in fields(spec))
