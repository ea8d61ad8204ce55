"""KRX derivative short codes: what a code tells, and what only the code master knows.

Since 2026 a code is ``A`` future, ``B`` call, ``C`` put or ``D`` spread, two characters of
product, the last digit of the year, two digits of month, and for options a strike of three
characters.  Weekly options carry an expiry counter and ``W`` in place of year and month.  Codes of
contracts that expired by 2025 begin with ``1``-``4`` and carry a year letter.  A strike of 1000 and
above, a KOSDAQ150 strike and a stock strike are serials: only the master tells them.
"""

import re
import unicodedata
from enum import StrEnum

from msgspec import Struct

from specs.clean import clean


class Family(StrEnum):
    """What decides which TR carries a contract."""

    INDEX_FUTURES = "index_futures"
    INDEX_OPTION = "index_option"
    STOCK_FUTURES = "stock_futures"
    STOCK_OPTION = "stock_option"

    @property
    def is_option(self) -> bool:
        return self in (Family.INDEX_OPTION, Family.STOCK_OPTION)


class Right(StrEnum):
    """The right of an option."""

    CALL = "C"
    PUT = "P"


class CodeError(ValueError):
    """A text that has no known shape of a derivative short code."""


class Code(Struct, frozen=True, gc=False):
    """What a code tells by itself; `month` is (year, month), none for weeklies and spreads."""

    code: str
    family: Family
    product: str
    right: Right | None
    month: tuple[int, int] | None
    weekly: bool
    strike: float | None


INDEX_PRODUCTS = frozenset(("01", "04", "05", "06", "08", "09", "AF", "AJ", "AK"))

# Products whose strike below 1000 is written into the code as its integer part.
_PLAIN_STRIKE = frozenset(("01", "05", "09", "AF"))

_NEW = re.compile(
    r"(?P<kind>[ABC])(?P<product>[0-9A-Z]{2})(?P<year>[0-9])(?P<month>0[1-9]|1[0-2])(?P<tail>[0-9A-Z][0-9]{2})?"
)
_WEEKLY = re.compile(
    r"(?P<kind>[BC])(?P<product>09|AF|AJ|AK)[0-9A-Z]{2}W(?P<tail>[0-9A-Z][0-9]{2})"
)
_OLD = re.compile(
    r"(?P<kind>[123])(?P<product>[0-9A-Z]{2})(?P<year>[0-9A-HJ-NP-TVW])(?P<month>0[1-9]|1[0-2])(?P<tail>[0-9]{3})?"
)
_SPREAD = re.compile(r"[D4](?P<product>[0-9A-Z]{2})(?=[A-Z]*[0-9])[0-9A-Z]{5}")

# Year letters of the old codes: 1996 to 2025.
_OLD_YEARS = "6789012345ABCDEFGHJKLMNPQRSTVW"


def normalise(typed: str) -> str:
    """A typed code in KRX' spelling: half width, upper case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).upper()


def parse(code: str) -> Code:
    """Read a short code.

    Raises:
        CodeError: it has no known shape.
    """
    if match := _WEEKLY.fullmatch(code):
        return _option(code, match, None, weekly=True)
    if match := _NEW.fullmatch(code):
        digit = int(match["year"])
        month = (2020 + digit if digit >= 6 else 2030 + digit, int(match["month"]))
        return _contract(code, match, month, "A")
    if match := _OLD.fullmatch(code):
        month = (1996 + _OLD_YEARS.index(match["year"]), int(match["month"]))
        return _contract(code, match, month, "1")
    if match := _SPREAD.fullmatch(code):
        return Code(
            code, _family(match["product"], option=False), match["product"], None, None, False, None
        )
    raise CodeError(clean(code, 16))


def _contract(code: str, match: re.Match[str], month: tuple[int, int], future: str) -> Code:
    if (match["kind"] == future) != (match["tail"] is None):
        raise CodeError(clean(code, 16))
    if match["tail"] is not None:
        return _option(code, match, month, weekly=False)
    return Code(
        code, _family(match["product"], option=False), match["product"], None, month, False, None
    )


def _option(
    code: str, match: re.Match[str], month: tuple[int, int] | None, *, weekly: bool
) -> Code:
    right = Right.CALL if match["kind"] in "B2" else Right.PUT
    product, tail = match["product"], match["tail"]
    strike = None
    if product in _PLAIN_STRIKE and tail.isdigit() and tail != "000":
        strike = int(tail) + (0.5 if tail[2] in "27" else 0.0)
    return Code(code, _family(product, option=True), product, right, month, weekly, strike)


def _family(product: str, *, option: bool) -> Family:
    if product in INDEX_PRODUCTS:
        return Family.INDEX_OPTION if option else Family.INDEX_FUTURES
    return Family.STOCK_OPTION if option else Family.STOCK_FUTURES
