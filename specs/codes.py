"""KRX derivative short codes: facts in the code itself, and facts only in the code master.

Since 2026 a code is ``A`` future, ``B`` call, ``C`` put or ``D`` spread, two characters of
product, the last digit of the year, two digits of month, and for options a strike of three
characters.  Weekly options carry an expiry counter and ``W`` in place of year and month.  Codes of
contracts that expired by 2025 begin with ``1``-``4`` and carry a year letter.  A strike of 1000 and
above, a KOSDAQ150 strike and a stock strike are serials, which only the master resolves.
"""

import re
import unicodedata
from enum import StrEnum

from msgspec import Struct

from specs.clean import clean

LONGEST_NAME = 60
"""Characters of a contract's name that are kept."""


class Family(StrEnum):
    """A family of contracts; family and session determine the TR."""

    INDEX_FUTURES = "index_futures"
    INDEX_OPTION = "index_option"
    STOCK_FUTURES = "stock_futures"
    STOCK_OPTION = "stock_option"
    COMMODITY_FUTURES = "commodity_futures"

    @property
    def is_option(self) -> bool:
        return self in (Family.INDEX_OPTION, Family.STOCK_OPTION)


class UnderlyingKind(StrEnum):
    """The kind of underlying by which KIS groups TRs and code masters."""

    INDEX = "index"
    STOCK = "stock"
    COMMODITY = "commodity"


class Right(StrEnum):
    """The right of an option."""

    CALL = "C"
    PUT = "P"


class CodeError(ValueError):
    """A text that does not have the shape of a derivative short code."""


class CodeFacts(Struct, frozen=True, gc=False):
    """Facts read from a code; `month` is (year, month), None for weeklies and spreads."""

    code: str
    family: Family | None
    """None for a product whose family only a code master knows."""
    product: str
    right: Right | None
    month: tuple[int, int] | None
    weekly: bool
    strike: float | None
    night: bool = False
    """Whether its product trades in the night session."""


INDEX_PRODUCTS = frozenset(("01", "04", "05", "06", "08", "09", "A0", "A4", "AF", "AJ", "AK"))
"""Products of the KOSPI 200, V-KOSPI, KOSDAQ 150, KRX 300 and of dividend and sector indices."""

COMMODITY_PRODUCTS = frozenset(("65", "66", "67", "75", "76", "77", "78"))
"""Products of interest rates and currencies, whose futures KIS calls commodity futures."""

NIGHT_PRODUCTS = frozenset(("01", "05", "06", "09", "AF", "AJ", "AK", "65", "67", "75"))
"""Products of the KRX night session.  Source: KRX, night derivatives market, 2025-06-09."""

# [?] Stocks have the numbers that their old codes had; newer ones have letters, as indices have.
_STOCK_PRODUCT = re.compile(r"1[1-9]|[2-5][0-9]|6[0-4]")

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
    """Return a typed code in KRX' spelling: half width, upper case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).upper()


def parse(code: str) -> CodeFacts:
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
        return _code(code, match["product"], None, None, strike=None)
    raise CodeError(clean(code, 16))


def read(code: str) -> CodeFacts | None:
    """Read a short code; return None if it has no known shape."""
    try:
        return parse(code)
    except CodeError:
        return None


def _contract(code: str, match: re.Match[str], month: tuple[int, int], future: str) -> CodeFacts:
    if (match["kind"] == future) != (match["tail"] is None):
        raise CodeError(clean(code, 16))
    if match["tail"] is not None:
        return _option(code, match, month, weekly=False)
    return _code(code, match["product"], None, month, strike=None)


def _option(
    code: str, match: re.Match[str], month: tuple[int, int] | None, *, weekly: bool
) -> CodeFacts:
    right = Right.CALL if match["kind"] in "B2" else Right.PUT
    product, tail = match["product"], match["tail"]
    strike = None
    if product in _PLAIN_STRIKE and tail.isdigit() and tail != "000":
        strike = int(tail) + (0.5 if tail[2] in "27" else 0.0)
    return _code(code, product, right, month, weekly=weekly, strike=strike)


def _code(
    code: str,
    product: str,
    right: Right | None,
    month: tuple[int, int] | None,
    *,
    weekly: bool = False,
    strike: float | None,
) -> CodeFacts:
    family = family_of(market_of(product), option=right is not None)
    night = product in NIGHT_PRODUCTS and family is not None
    return CodeFacts(code, family, product, right, month, weekly, strike, night)


def market_of(product: str) -> UnderlyingKind | None:
    """Return the market of a product, or None if only a code master can place it."""
    if product in INDEX_PRODUCTS:
        return UnderlyingKind.INDEX
    if product in COMMODITY_PRODUCTS:
        return UnderlyingKind.COMMODITY
    return UnderlyingKind.STOCK if _STOCK_PRODUCT.fullmatch(product) else None


def is_spread(code: str) -> bool:
    """Return whether a code names a calendar spread, whose price may be zero or less."""
    return code[:1] in ("D", "4")


def family_of(market: UnderlyingKind | None, *, option: bool) -> Family | None:
    """Return the family of a market's futures or options, or None if no TR is known for them."""
    return _FAMILIES.get((market, option))


_FAMILIES: dict[tuple[UnderlyingKind | None, bool], Family] = {
    (UnderlyingKind.INDEX, False): Family.INDEX_FUTURES,
    (UnderlyingKind.INDEX, True): Family.INDEX_OPTION,
    (UnderlyingKind.STOCK, False): Family.STOCK_FUTURES,
    (UnderlyingKind.STOCK, True): Family.STOCK_OPTION,
    (UnderlyingKind.COMMODITY, False): Family.COMMODITY_FUTURES,
}
