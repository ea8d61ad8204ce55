"""Rows of an export as text in KIS' own form, so that ordinary frames need no record struct.

A row is what a frame holds behind its head: fields with ``^`` between them.  Other frames are
decoded, and their records written in that form.
"""

from functools import lru_cache
from math import isnan
from typing import NamedTuple

from msgspec.structs import astuple

from specs.catalog import CATALOG
from specs.frame import FrameError, decode
from specs.frame_fast_path import CODE, ENDLESS
from specs.record import Record

# Characters of KIS' numbers, without those of exponents and infinities.
_PLAIN = b".^-na"
_SHAPES = bytes(
    ord("0") if byte in b"0123456789" else ord(".") if byte in _PLAIN else ord("!")
    for byte in range(256)
)
_TR_AT, _COUNT_AT, _BODY_AT = 2, 10, 15
_SINGLE = b"|001|"
_SEPARATORS = {tr_id.encode(): entry.width - 1 for tr_id, entry in CATALOG.items()}


class ExportRow(NamedTuple):
    """One record of a table."""

    received: int
    """When its frame came, in µs since 1970."""
    code: str
    text: str
    decoded: bool
    """Whether `text` is of a record that was decoded, and holds no value that is refused."""


def plain_row(payload: bytes, received: int) -> tuple[str, ExportRow] | None:
    """Return TR and row of a frame that holds one ordinary record; None if it must be decoded.

    The fields behind code and time have been looked at as characters only.
    """
    tr, body = payload[_TR_AT:_COUNT_AT], payload[_BODY_AT:]
    if payload[_COUNT_AT:_BODY_AT] != _SINGLE or body.count(b"^") != _SEPARATORS.get(tr):
        return None
    code, _, rest = body.partition(b"^")
    shape = rest.translate(_SHAPES)
    if b"!" in shape or ENDLESS in shape or rest[6:7] != b"^" or not rest[:6].isdigit():
        return None
    name = _code(code)
    return (tr.decode(), ExportRow(received, name, body.decode(), False)) if name else None


def decoded_rows(frame: str, received: int) -> tuple[str, list[ExportRow]]:
    """Return TR and rows of any data frame.

    Raises:
        FrameError: it is refused.
    """
    found = decode(frame)
    return found.tr_id, [ExportRow(received, one.code, _text(one), True) for one in found.records]


def decode_again(tr_id: str, row: ExportRow) -> ExportRow | None:
    """Return a row that is surely right; None if its frame is refused."""
    if row.decoded:
        return row
    try:
        _, [found] = decoded_rows(f"0|{tr_id}|001|{row.text}", row.received)
    except FrameError:
        return None
    return found


@lru_cache(maxsize=1024)
def _code(wire: bytes) -> str:
    """Return a code as text, or nothing if it is none."""
    text = wire.decode("ascii", "replace")
    return text if CODE.fullmatch(text) else ""


def _text(record: Record) -> str:
    return "^".join(
        value if isinstance(value, str) else "" if isnan(value) else repr(value)
        for value in astuple(record)
    )
