"""One line of a code master: the fields of its two formats, and the check of its ISIN.

``fo_idx_code_mts.mst`` and ``fo_stk_code_mts.mst`` part nine fields with ``|``: product, short
code, ISIN, Korean name, moneyness, strike, month class, underlying code, underlying name.
``fo_cme_code.mst`` (night futures) and ``fo_eurex_code.mst`` (night options, under the name of the
market that had them before) are records of 121 bytes: product 0, code 1-9, ISIN 10-21, name 22-58
(futures to 62), moneyness 62 (options), strike 63-70, month class 71, underlying code 72-80, its
name from 81.  Both are cp949, so places are counted in bytes.  Source: KIS Developers portal.
"""

import re

from msgspec import Struct

from specs.clean import MASK, clean

ENCODING = "cp949"
WIDTH = 121
"""Bytes of a record of fixed width."""

TO_UNDERLYING = 81
"""Bytes of such a record up to the name of its underlying."""

LONGEST_NAME = 60
"""Characters of a contract's name that are kept."""

_FIELDS = 9
_TO_STRIKE = 71
_FUTURES = b"A1"

_CODE = re.compile(r"[0-9A-Z]{6,9}")
_CODE_BYTES = re.compile(rb"[0-9A-Z]{6,9}")
_STRIKE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?")
_ISIN = re.compile(r"[A-Z]{2}[0-9A-Z]{9}[0-9]")


class Contract(Struct, frozen=True, gc=False):
    """One line of a master; `strike` is none where there is no strike."""

    code: str
    isin: str
    name: str
    product: str
    strike: float | None
    moneyness: str
    month_class: str
    underlying_code: str
    underlying: str


def code_in_line(line: bytes) -> str | None:
    """The short code of a line with ``|`` between its fields; none if it is no such line."""
    parts = line.split(b"|", 2)
    if len(parts) < 3 or parts[2].count(b"|") < _FIELDS - 3:
        return None
    return _ascii(parts[1])


def code_in_record(record: bytes) -> str | None:
    """The short code of a record of fixed width; none if it is no such record.

    Blanks at its end may be missing.
    """
    if not _TO_STRIKE <= len(record) <= WIDTH or b"|" in record:
        return None
    return _ascii(record[1:10])


def read_line(line: str) -> Contract | None:
    """One contract of a master with ``|`` between its fields; none if it is no such line."""
    fields = line.rstrip("\r\n").split("|")
    if len(fields) < _FIELDS:
        return None
    return _contract(*(field.strip() for field in fields[:_FIELDS]))


def read_record(record: bytes) -> Contract | None:
    """One contract of a master of fixed width; none if it is no such record."""
    if code_in_record(record) is None:
        return None
    future = record[1:2] in _FUTURES
    return _contract(
        _text(record[:1]),
        _text(record[1:10]),
        _text(record[10:22]),
        _text(record[22 : 63 if future else 59]),
        "" if future else _text(record[62:63]),
        _text(record[63:71]),
        _text(record[71:72]),
        _text(record[72:TO_UNDERLYING]),
        _text(record[TO_UNDERLYING:WIDTH]),
    )


def isin_holds(isin: str) -> bool:
    """Whether a standard code is whole and its check digit (Luhn's) right."""
    if not _ISIN.fullmatch(isin):
        return False
    total, doubled = 0, False
    for digit in reversed("".join(str(int(character, 36)) for character in isin)):
        value = int(digit) * (2 if doubled else 1)
        total += value - 9 if value > 9 else value
        doubled = not doubled
    return total % 10 == 0


def _contract(
    product: str,
    code: str,
    isin: str,
    name: str,
    moneyness: str,
    strike: str,
    month_class: str,
    underlying_code: str,
    underlying: str,
) -> Contract | None:
    if not _CODE.fullmatch(code):
        return None
    figure = float(strike) if _STRIKE.fullmatch(strike) else 0.0
    return Contract(
        code,
        clean(isin, 12),
        clean(" ".join(name.split()), LONGEST_NAME),
        clean(product, 2),
        figure or None,
        clean(moneyness, 1),
        clean(month_class, 1),
        clean(underlying_code, 12),
        clean(underlying, 40),
    )


def _ascii(field: bytes) -> str | None:
    code = field.strip()
    return code.decode("ascii") if _CODE_BYTES.fullmatch(code) else None


def _text(field: bytes) -> str:
    return decoded(field).strip()


def decoded(content: bytes) -> str:
    """The text of cp949 bytes, what is no character masked: a field may end within one."""
    return content.decode(ENCODING, "replace").replace("�", MASK)
