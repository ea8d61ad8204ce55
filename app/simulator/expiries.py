"""Expiries of monthly contracts: second Thursdays, or the trading day before.

Currencies expire on third Mondays, bonds on third Tuesdays, the V-KOSPI 30 days before the next
month's second Thursday.  Source: KRX, product pages.
"""

from collections.abc import Callable
from datetime import date, timedelta

from app.simulator.exchange_days import open_until

_MONDAY, _TUESDAY = 0, 1


Expiry = Callable[[int, int], date]
"""The last trading day of a year's month."""


def second_thursday(year: int, month: int) -> date:
    """The second Thursday of a month: the one among its 8th to 14th day."""
    eighth = date(year, month, 8)
    return eighth + timedelta(days=(4 - eighth.isoweekday()) % 7)


def month_expiry(year: int, month: int) -> date:
    """The last trading day of a month's contracts on indices and stocks."""
    return open_until(second_thursday(year, month))


def monthly(
    day: date, count: int, step: int = 1, expiry_of: Expiry = month_expiry
) -> tuple[date, ...]:
    """The next expiries from `day` on, that day included; of every `step`-th month, March first."""
    found: list[date] = []
    year, month = day.year, day.month
    while len(found) < count:
        expiry = expiry_of(year, month)
        if expiry >= day and month % step == 0:
            found.append(expiry)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return tuple(found)


def third_monday(year: int, month: int) -> date:
    """The last trading day of a month's currency futures."""
    return open_until(_third(year, month, _MONDAY))


def third_tuesday(year: int, month: int) -> date:
    """The last trading day of a month's bond futures."""
    return open_until(_third(year, month, _TUESDAY))


def month_before_options(year: int, month: int) -> date:
    """The last trading day of a month's V-KOSPI futures."""
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return open_until(month_expiry(*following) - timedelta(days=30))


def _third(year: int, month: int, weekday: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 14)
