"""One line of a code master: the fields of its three formats, and the check of its ISIN.

``fo_idx_code_mts.mst`` and ``fo_stk_code_mts.mst`` part nine fields with ``|``: product, short
code, ISIN, Korean name, moneyness, strike, month class, underlying code, underlying name.
``fo_cme_code.mst`` (night futures) and ``fo_eurex_code.mst`` (night options, under the name of the
market that had them before) are records of 121 bytes: product 0, code 1-9, ISIN 10-21, name 22-58
(futures to 62), moneyness 62 (options), strike 63-70, month class 71, underlying code 72-80, its
name from 81.  ``fo_com_code.mst`` (commodities) has records of 116 bytes: product class 0 (1
interest rates, 2 currencies, 3 commodities), kind 1 (1 future, 2 spread, 5 call, 6 put), code 2-10,
ISIN 11-22, name 23-62, moneyness 63, strike 64-71, month class 72, underlying code 73-75, its name
from 76.  All are cp949, so places are counted in bytes.  Sources: KIS Developers portal; the header
file beside KIS' sample for the commodities.
"""

import re

from msgspec import Struct
from msgspec.structs import replace

from specs.clean import MASK, clean
from specs.codes import LONGEST_NAME

ENCODING = "cp949"

WIDEST = 121
"""Bytes of the longest record of fixed width."""

_FIELDS = 9

_CODE = re.compile(r"[0-9A-Z]{6,9}")
_CODE_BYTES = re.compile(rb"[0-9A-Z]{6,9}")
_STRIKE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?")
_ISIN = re.compile(r"[A-Z]{2}[0-9A-Z]{9}[0-9]")


class Contract(Struct, frozen=True, gc=False):
    """One line of a master; `strike` is None for a contract without a strike."""

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
    """Return the short code of a line with ``|`` between its fields, or None for other lines."""
    parts = line.split(b"|", 2)
    if len(parts) < 3 or parts[2].count(b"|") < _FIELDS - 3:
        return None
    return _ascii(parts[1])


class RecordLayout(Struct, frozen=True):
    """Byte ranges of the fields in a record of fixed width."""

    width: int
    product: slice
    code: slice
    isin: slice
    name: slice
    moneyness: slice
    strike: slice
    month_class: slice
    underlying_code: slice
    underlying: slice

    @property
    def to_underlying(self) -> int:
        """Bytes up to the name of the underlying."""
        return int(self.underlying.start)

    def code_in(self, record: bytes) -> str | None:
        """Return the short code of a record, or None if it does not have this layout.

        Trailing blanks may be missing.
        """
        if not self.strike.stop <= len(record) <= self.width or b"|" in record:
            return None
        return _ascii(record[self.code])

    def read(self, record: bytes) -> Contract | None:
        """Return the contract of a record, or None if it does not have this layout."""
        if self.code_in(record) is None:
            return None
        return _contract(
            _text(record[self.product]),
            _text(record[self.code]),
            _text(record[self.isin]),
            _text(record[self.name]),
            _text(record[self.moneyness]),
            _text(record[self.strike]),
            _text(record[self.month_class]),
            _text(record[self.underlying_code]),
            _text(record[self.underlying]),
        )


NIGHT_FUTURES_RECORD = RecordLayout(
    121,
    product=slice(0, 1),
    code=slice(1, 10),
    isin=slice(10, 22),
    name=slice(22, 63),
    moneyness=slice(63, 63),
    strike=slice(63, 71),
    month_class=slice(71, 72),
    underlying_code=slice(72, 81),
    underlying=slice(81, 121),
)
NIGHT_OPTION_RECORD = replace(NIGHT_FUTURES_RECORD, name=slice(22, 59), moneyness=slice(62, 63))
COMMODITY_RECORD = RecordLayout(
    116,
    product=slice(0, 2),
    code=slice(2, 11),
    isin=slice(11, 23),
    name=slice(23, 63),
    moneyness=slice(63, 64),
    strike=slice(64, 72),
    month_class=slice(72, 73),
    underlying_code=slice(73, 76),
    underlying=slice(76, 116),
)
_ISIN_BYTES = re.compile(rb"KR[0-9A-Z]{10}")


def layout_of(record: bytes) -> RecordLayout:
    """Return the layout of a record of fixed width, by where its ISIN lies and its code's kind."""
    if _ISIN_BYTES.fullmatch(record[COMMODITY_RECORD.isin]):
        return COMMODITY_RECORD
    return NIGHT_FUTURES_RECORD if record[1:2] in b"A1D4" else NIGHT_OPTION_RECORD


def code_in_record(record: bytes) -> str | None:
    """Return the short code of a record of fixed width, or None for other records."""
    return layout_of(record).code_in(record)


def read_line(line: str) -> Contract | None:
    """Return the contract of a line with ``|`` between its fields, or None for other lines."""
    fields = line.rstrip("\r\n").split("|")
    if len(fields) < _FIELDS:
        return None
    return _contract(*(field.strip() for field in fields[:_FIELDS]))


def read_record(record: bytes) -> Contract | None:
    """Return the contract of a record of fixed width, or None for other records."""
    return layout_of(record).read(record)


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
    """Decode cp949 bytes and mask invalid ones: a field may end within a character."""
    return content.decode(ENCODING, "replace").replace("�", MASK)
