"""Contracts that share everything but the strike: a chain of one right and one expiry, or a future.

The last three characters of an option's code are its strike, so a master of 10,000 lines has a few
hundred series, and code and name are parsed once for each.
"""

import re
from calendar import MONDAY, THURSDAY
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from msgspec import Struct

from app.instruments.master_lines import Contract
from app.krx.expiry import last_trading_day, weekly_expiry
from app.krx.products import WEEKLY_MONDAY
from specs.codes import CodeFacts, is_spread
from specs.codes import read as read_code

_WEEK = re.compile(r"\b(\d{2})(\d{2})W(\d)\b", re.ASCII)
_LEGS = re.compile(r"\b(\d{2})(\d{2})-\d{4}\b", re.ASCII)
_STRIKE = re.compile(
    r"\b(?:\d{6}|\d{4}W\d)\s+(\d{1,3}(?:,\d{3}){1,2}|\d{1,9})(\.\d{1,4})?(?:\s*\([^()]*\))?$",
    re.ASCII,
)
_OPTION = 9


class Series(Struct, frozen=True):
    """The contracts of one series; `name` and `underlying` are from its first in the master."""

    code: CodeFacts
    name: str
    underlying_code: str
    underlying: str
    expiry: date | None
    contracts: tuple[Contract, ...]

    @property
    def is_spread(self) -> bool:
        return is_spread(self.code.code)

    @property
    def expiry_name(self) -> str:
        """The name of its expiry, unique within its product, such as ``202612``."""
        return expiry_name(self.code, self.name)

    @property
    def week(self) -> tuple[int, int, int] | None:
        """Year, month and week in the name of a weekly; None for other series."""
        return week_of(self.name) if self.code.weekly else None


def series_of(
    contracts: Iterable[Contract], read: Callable[[str], CodeFacts | None] = read_code
) -> Iterator[Series]:
    """Yield the series of a master; contracts with codes of an unknown shape are left out.

    `read` reads a code with the market that the master gives it.
    """
    found: dict[str, list[Contract]] = {}
    for contract in contracts:
        found.setdefault(series_code(contract.code), []).append(contract)
    for members in found.values():
        first = members[0]
        code = read(first.code)
        if code is None:
            continue
        yield Series(
            code,
            first.name,
            first.underlying_code,
            first.underlying,
            expiry(code, first.name),
            tuple(members),
        )


def series_code(code: str) -> str:
    """Return what the codes of a series share: all but the strike of an option."""
    return code[:-3] if len(code) == _OPTION else code


def expiry(code: CodeFacts, name: str) -> date | None:
    """Return the last trading day from code and name (a spread's near leg), or None."""
    if code.month is not None:
        return last_trading_day(*code.month, code.product)
    if (week := week_of(name)) is not None:
        return weekly_expiry(*week, MONDAY if code.product in WEEKLY_MONDAY else THURSDAY)
    legs = _LEGS.search(name)
    if legs is None or not 1 <= int(legs[2]) <= 12:
        return None
    return last_trading_day(2000 + int(legs[1]), int(legs[2]), code.product)


def expiry_name(code: CodeFacts, name: str) -> str:
    """Return KRX's name of the expiry, unique within a product; "" where it is unknown.

    ``202612`` is a month, ``위클리 2709W3`` a Thursday weekly, ``위클리M 2709W2`` a Monday weekly.
    Two series of one product can expire on the same day, so a date is not unique.
    """
    if code.month is not None:
        return "{}{:02}".format(*code.month)
    week = _WEEK.search(name)
    if not code.weekly or week is None:
        return ""
    return f"{'위클리M' if code.product in WEEKLY_MONDAY else '위클리'} {week[0]}"


def series_id(code: CodeFacts, name: str) -> tuple[str, str]:
    """Return what all contracts of a product and an expiry share, calls, puts and futures alike."""
    return code.product, expiry_name(code, name) or series_code(code.code)


def week_of(name: str) -> tuple[int, int, int] | None:
    """Return year, month and week of a name such as ``위클리C 2609W4 1,120.0``, or None."""
    found = _WEEK.search(name)
    if found is None:
        return None
    year, month, nth = 2000 + int(found[1]), int(found[2]), int(found[3])
    return (year, month, nth) if 1 <= month <= 12 and 1 <= nth <= 5 else None


def strike_of(name: str) -> float | None:
    """Return the strike in an option's name, 1120 in ``C 202612 1,120.0``, or None."""
    found = _STRIKE.search(name)
    if found is None:
        return None
    return float(found[1].replace(",", "") + (found[2] or "")) or None
