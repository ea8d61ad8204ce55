"""The records of a frame as nearly all frames are: plain, whole, in their documented width.

Plain characters are those of codes and numbers; where there are no others, the fields become JSON
by quoting them, which msgspec reads in the time it takes to split them.  Whatever is not plain is
left to `specs.frame`, which looks at it closely: nothing is refused here.
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

# The shortest layout seen on the wire: an expected execution of seven fields.
SHORTEST_RECORD = 7

# Every code holds a letter, which keeps a pair of large quantities from passing for a start.
CODE = re.compile(r"(?=[0-9]*[A-Z])[0-9A-Z]{6,9}")
LONGEST_CODE = 9

# What codes and KIS' numbers are made of, less E and I: exponents and infinities have them.
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


class FieldColumn(NamedTuple):
    """One field; `fill` stands for its missing value, nothing for text of up to `longest`."""

    name: str
    fill: str
    longest: int


@cache
def columns_of(spec: type[Record]) -> tuple[FieldColumn, ...]:
    """What a record's fields are, in wire order."""
    return tuple(_column(f.name, f.type) for f in fields(spec))


def _column(name: str, kind: Any) -> FieldColumn:
    bare, *meta = get_args(kind) if get_origin(kind) is Annotated else (kind,)
    if bare is str:
        return FieldColumn(name, "", meta[0].max_length if meta else LONGEST_CODE)
    return FieldColumn(name, "0" if meta else "nan", 0)


class FrameLayout(NamedTuple):
    """How a TR's records are read from JSON; `most` characters are added in quoting at the most."""

    decode: Callable[[bytes], Record]
    columns: tuple[FieldColumn, ...]
    most: int


@lru_cache(maxsize=1024)
def _is_code(text: str) -> bool:
    return CODE.fullmatch(text) is not None


def read(body: str, count_text: str, layout: FrameLayout) -> list[Record]:
    """The records of a plain frame; none where a closer look is needed.

    Raises:
        UnicodeEncodeError, ValidationError: a closer look is needed.
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
    """The records of a frame of several; none where a closer look is needed.

    Raises:
        ValidationError: a closer look is needed.
    """
    # All records of a frame are one registration's: its code parts them.
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
    """The E and I of a code, which are no number's there."""
    return code.count(b"E") + code.count(b"I")


def _filled(text: bytes, layout: FrameLayout) -> Record:
    """A record whose blank numbers are filled; a quantity, zero meanwhile, is nan in the end.

    Raises:
        ValidationError: it is not blanks alone.
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
    """The layouts by TR, each made when it is first asked for: a start has no use for all."""

    def __missing__(self, tr_id: str) -> FrameLayout:
        spec, width = CATALOG[tr_id].spec, CATALOG[tr_id].width
        layout = FrameLayout(Decoder(spec, strict=False).decode, columns_of(spec), 2 * width)
        self[tr_id] = layout
        return layout


LAYOUTS = _Layouts()
"""Raises KeyError for a TR that is none of ours."""
