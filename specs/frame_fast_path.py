"""The fast path of data frames: plain characters, complete records, documented width.

Plain characters are the characters of codes and numbers; if there are no others, the fields become
JSON by quoting them, which msgspec reads in the time it takes to split them.  All other frames are
left to the slow path in `specs.frame`: nothing is refused here.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from math import nan
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from msgspec import ValidationError
from msgspec.json import Decoder
from msgspec.structs import fields, force_setattr

from specs.catalog import CATALOG
from specs.record import Record

# The shortest layout observed on the wire: an expected execution of seven fields.
SHORTEST_RECORD = 7

# Every code holds a letter, so that two large quantities cannot pass for the start of a record.
CODE = re.compile(r"(?=[0-9]*[A-Z])[0-9A-Z]{6,9}")
LONGEST_CODE = 9

# Characters of codes and of KIS' numbers, without E and I, which exponents and infinities have.
_PLAIN = b".^-naABCDFGHJKLMNOPQRSTUVWXYZ"
SHAPES = bytes(
    ord("0") if byte in b"0123456789" else ord(".") if byte in _PLAIN else ord("!")
    for byte in range(256)
)
ODD = ord("!")
ENDLESS = b"0" * 16

_QUOTED = b'","'
_FEWEST = 2 * (SHORTEST_RECORD - 1)
_BLANK = b',""'
_FILLED = {"": _BLANK, "0": b',"0"', "nan": b',"nan"'}
_COUNTS = {f"{count:03}": count for count in range(2, 1000)}


# A record without one of these would be a wrong trade; without any other field it is a poorer one.
_REQUIRED = frozenset(
    (
        "code",
        "time",
        "price",
        "expected_price",
        "change_sign",
        "expected_change_sign",
        "last_volume",
        "accumulated_volume",
    )
)


class FieldColumn(NamedTuple):
    """One field; `fill` replaces a missing number; it is empty for text of up to `longest`."""

    name: str
    fill: str
    longest: int
    element: str
    """KIS' name."""
    required: bool
    """Whether a record is dropped if the field cannot be read; any other becomes missing."""


@cache
def columns_of(spec: type[Record]) -> tuple[FieldColumn, ...]:
    """Return the fields of a record, in wire order."""
    return tuple(_column(f.name, f.encode_name, f.type) for f in fields(spec))


def _column(name: str, element: str, kind: Any) -> FieldColumn:
    bare, *meta = get_args(kind) if get_origin(kind) is Annotated else (kind,)
    fill, longest = ("0" if meta else "nan"), 0
    if bare is str:
        fill, longest = "", meta[0].max_length if meta else LONGEST_CODE
    return FieldColumn(name, fill, longest, element, name in _REQUIRED)


class FrameLayout(NamedTuple):
    """The JSON decoder of a TR's records; quoting adds up to `most` characters to a record."""

    decode: Callable[[bytes], Record]
    columns: tuple[FieldColumn, ...]
    most: int


@lru_cache(maxsize=1024)
def _is_code(text: str) -> bool:
    return CODE.fullmatch(text) is not None


def read(body: str, count_text: str, layout: FrameLayout) -> list[Record]:
    """Return the records of a plain frame, or an empty list if it needs the slow path.

    Raises:
        UnicodeEncodeError, ValidationError: it needs the slow path.
    """
    wire = body.encode()
    shape = wire.translate(SHAPES)
    if shape.rfind(ENDLESS) != -1:
        return []
    if count_text != "001":
        return _several(wire, shape, count_text, layout)
    decode, _, most = layout
    text = b'["%b"]' % wire.replace(b"^", _QUOTED)
    if not _FEWEST <= len(text) - len(wire) - 4 < most:
        return []
    if ODD in shape and shape.count(ODD) != _odd_ones(wire[: wire.find(b"^")]):
        return []
    try:
        record = decode(text)
    except ValidationError:
        record = _filled(text, layout)
    time = record.time
    return [record] if len(time) == 6 and time.isdigit() and _is_code(record.code) else []


def _several(wire: bytes, shape: bytes, count_text: str, layout: FrameLayout) -> list[Record]:
    """Return the records of a frame of several, or an empty list if it needs the slow path.

    Raises:
        ValidationError: it needs the slow path.
    """
    # All records of a frame have the code of one registration, which separates them.
    code, _, rest = wire.partition(b"^")
    pieces = rest.split(b"^%b^" % code)
    count = len(pieces)
    if count != _COUNTS.get(count_text) or not _is_code(code.decode()):
        return []
    if ODD in shape and shape.count(ODD) != _odd_ones(code) * count:
        return []
    stride, over = divmod(wire.count(b"^") + 1, count)
    quotes = 2 * (stride - 2)
    if over or not _FEWEST <= quotes + 2 < layout.most:
        return []
    start, records = b'["%b","' % code, list[Record]()
    for piece in pieces:
        text = piece.replace(b"^", _QUOTED)
        if len(text) - len(piece) != quotes or text[6:7] != b'"' or not text[:6].isdigit():
            return []
        text = start + text + b'"]'
        try:
            records.append(layout.decode(text))
        except ValidationError:
            records.append(_filled(text, layout))
    return records


def _odd_ones(code: bytes) -> int:
    """Return the number of E and I in a code, where they do not belong to a number."""
    return code.count(b"E") + code.count(b"I")


def _filled(text: bytes, layout: FrameLayout) -> Record:
    """Return a record with blank numbers filled; a blank quantity is decoded as 0, then set to nan.

    Raises:
        ValidationError: it has other faults than blanks.
    """
    first, *others = text.split(_BLANK)
    parts, quantities, place = [first], [], first.count(b",")
    for part in others:
        place += 1
        column = layout.columns[place]
        parts.append(_FILLED[column.fill])
        parts.append(part)
        place += part.count(b",")
        if column.fill == "0":
            quantities.append(column.name)
    record = layout.decode(b"".join(parts))
    for name in quantities:
        force_setattr(record, name, nan)
    return record


class _Layouts(dict[str, FrameLayout]):
    """The layouts by TR, each made at its first use, which saves time at startup."""

    def __missing__(self, tr_id: str) -> FrameLayout:
        spec, width = CATALOG[tr_id].spec, CATALOG[tr_id].width
        layout = FrameLayout(Decoder(spec, strict=False).decode, columns_of(spec), 2 * width)
        self[tr_id] = layout
        return layout


LAYOUTS = _Layouts()
"""Raises KeyError for a TR that is not in the catalogue."""
