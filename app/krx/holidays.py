"""The weekdays on which KRX is closed, by year.

They come from the XKRX market of the `holidays` library: public, substitute, temporary and
election holidays, Labour Day and the last weekday of the year.  Importing the library takes longer
than everything else before the first picture, so the years that are needed every day are listed
here, and a test compares them with the library.  The library is imported for other years only.
"""

from datetime import date
from functools import cache

EXTRA_CLOSED: frozenset[date] = frozenset()
"""Closed days that the library does not know, each declared by KRX after its release."""

EXTRA_OPEN: frozenset[date] = frozenset()
"""Trading days that the library takes for holidays."""

CLOSED_NIGHTS = frozenset((date(2025, 10, 2), date(2026, 2, 13)))
"""Trading days whose night is not held, as KRX announced before the long holidays of Chuseok 2025
and Seollal 2026.

It announces each of them two to three weeks ahead.  The eves of the long holidays of 2027, 02-05
and 09-13, may follow but are not announced.
"""

KNOWN = {
    2025: "0101 0127 0128 0129 0130 0303 0501 0505 0506 0603 0606 0815 1003 1006 1007 1008 1009"
    " 1225 1231",
    2026: "0101 0216 0217 0218 0302 0501 0505 0525 0603 0717 0817 0924 0925 1005 1009 1225 1231",
    2027: "0101 0208 0209 0301 0503 0505 0513 0719 0816 0914 0915 0916 1004 1011 1227 1231",
    2028: "0126 0127 0128 0301 0412 0501 0502 0505 0606 0717 0815 1002 1003 1004 1005 1009 1225"
    " 1229",
    2029: "0101 0212 0213 0214 0301 0501 0507 0521 0606 0717 0815 0921 0924 1003 1009 1225 1231",
}
"""The library's weekdays as MMDD: the years in which contracts that trade now can expire."""


@cache
def closed_days(year: int) -> frozenset[date]:
    """Return the weekdays of a year without trading; empty for a year the library lacks."""
    known = _kept(year) if year in KNOWN else of_library(year)
    extra = (day for day in EXTRA_CLOSED if day.year == year)
    return frozenset((*known, *extra)) - EXTRA_OPEN


def of_library(year: int) -> frozenset[date]:
    """Return the holidays of a year from the library, weekends included."""
    from holidays import financial_holidays

    return frozenset(day for day in financial_holidays("XKRX", years=year) if day.year == year)


def _kept(year: int) -> frozenset[date]:
    return frozenset(date(year, int(day[:2]), int(day[2:])) for day in KNOWN[year].split())
