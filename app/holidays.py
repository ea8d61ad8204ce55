"""The weekdays on which KRX is closed, by year.

The days come from the `holidays` library's XKRX market: public, substitute, temporary and election
holidays, Labour Day and the last weekday of the year.  Its import costs more than the whole of a
year's arithmetic, so it happens with the first question and never before.
"""

from datetime import date
from functools import cache

EXTRA_CLOSED: frozenset[date] = frozenset()
"""Closed days that the library does not know, each declared by KRX after its release."""

EXTRA_OPEN: frozenset[date] = frozenset()
"""Trading days that the library takes for holidays."""


@cache
def closed_days(year: int) -> frozenset[date]:
    """The days of a year without trading, weekends aside; none in a year that nobody knows."""
    from holidays import financial_holidays

    known = (day for day in financial_holidays("XKRX", years=year) if day.year == year)
    extra = (day for day in EXTRA_CLOSED if day.year == year)
    return frozenset((*known, *extra)) - EXTRA_OPEN
