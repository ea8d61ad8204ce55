"""The series that expire on a day: months, weeklies of both weekdays, currency and bond futures.

A series has KRX's name without right and strike: ``위클리M 2702W2``.  Covered are the products of
the night market and the V-KOSPI.  Sources: KRX global pages, listed contracts of each product.
"""

from calendar import MONDAY, THURSDAY
from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from app.krx.expiry import last_trading_day, second_thursday, weekly_expiry


class ExpiringSeries(Struct, frozen=True):
    """Futures and options of one product and one expiry."""

    series: str
    product: str
    """The two characters of the product in short codes."""


class _Months(Struct, frozen=True):
    product: str
    title: str
    step: int = 1
    """Months between two expiries; 3 are March, June, September and December."""


class _Weeks(Struct, frozen=True):
    product: str
    title: str
    weekday: int
    since: date
    """The listing date of the first contract."""


_MONTHS = (
    _Months("01", "코스피200"),
    _Months("05", "미니코스피"),
    _Months("06", "코스닥150"),
    _Months("04", "코스피200변동성지수"),
    _Months("75", "미국달러"),
    _Months("65", "3년국채", 3),
    _Months("67", "10년국채", 3),
)
_WEEKS = (
    _Weeks("09", "위클리", THURSDAY, date(2019, 9, 23)),
    _Weeks("AF", "위클리M", MONDAY, date(2023, 7, 31)),
    _Weeks("AJ", "코스닥위클리", THURSDAY, date(2025, 10, 27)),
    _Weeks("AK", "코스닥위클리M", MONDAY, date(2025, 10, 27)),
)

_REACH = 14
"""Days within which a weekly's own weekday lies about its last trading day."""


def expiring_on(day: date) -> tuple[ExpiringSeries, ...]:
    """Return the series whose last trading day is `day`, one for each product and expiry."""
    return (*_months_of(day), *_weeks_of(day))


def _months_of(day: date) -> Iterator[ExpiringSeries]:
    for kind in _MONTHS:
        for year, month in _own_and_next_month(day):
            if month % kind.step == 0 and last_trading_day(year, month, kind.product) == day:
                yield ExpiringSeries(f"{kind.title} {year}{month:02}", kind.product)


def _own_and_next_month(day: date) -> Iterator[tuple[int, int]]:
    """Return a day's month and the one after it, whose contracts may expire before it begins."""
    count = day.year * 12 + day.month - 1
    return ((number // 12, number % 12 + 1) for number in (count, count + 1))


def _weeks_of(day: date) -> Iterator[ExpiringSeries]:
    for kind in _WEEKS:
        for named in (day + timedelta(days=away) for away in range(-_REACH, _REACH + 1)):
            if named.weekday() != kind.weekday or day < kind.since or _is_monthly(named):
                continue
            nth = (named.day - 1) // 7 + 1
            if weekly_expiry(named.year, named.month, nth, kind.weekday) == day:
                yield ExpiringSeries(f"{kind.title} {named:%y%m}W{nth}", kind.product)


def _is_monthly(named: date) -> bool:
    """Whether the options of a month expire on a weekday, so that no weekly does."""
    return named == second_thursday(named.year, named.month)
