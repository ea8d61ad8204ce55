"""When contracts expire: second Thursdays for months, the other Thursdays for weeklies.

Where KRX is closed a contract expires on the trading day before, and keeps its Thursday's name.
"""

from datetime import date, timedelta

from app.session import last_trading_day, second_thursday, weekly_expiry

# The weekly contract of this Thursday carries the counter FF, every later one the next.
_COUNTED_FROM = date(2026, 10, 1)
_COUNTER = "0123456789ABCDEFGHJKLMNPQRSTVWXYZ"
_FIRST = _COUNTER.index("F") * len(_COUNTER) + _COUNTER.index("F")

_THURSDAY = 3
_WEEK = timedelta(days=7)


def monthly(day: date, count: int, step: int = 1) -> tuple[date, ...]:
    """The next expiries from `day` on, that day included; of every `step`-th month, March first."""
    found: list[date] = []
    year, month = day.year, day.month
    while len(found) < count:
        expiry = last_trading_day(year, month)
        if expiry >= day and month % step == 0:
            found.append(expiry)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return tuple(found)


def weekly(day: date, count: int) -> tuple[date, ...]:
    """The next expiries from `day` on of the Thursdays that are no month's."""
    found: list[date] = []
    thursday = _thursday_from(day)
    while len(found) < count:
        expiry = _expiry_of(thursday)
        if expiry >= day and not _is_monthly(thursday):
            found.append(expiry)
        thursday += _WEEK
    return tuple(found)


def counter(expiry: date) -> str:
    """The two characters that stand for a weekly expiry in a code, such as FM."""
    wanted = _thursday_from(expiry)
    step = 1 if wanted >= _COUNTED_FROM else -1
    number, thursday = _FIRST, _COUNTED_FROM
    while thursday != wanted:
        thursday += step * _WEEK
        if not _is_monthly(thursday):
            number += step
    high, low = divmod(number % len(_COUNTER) ** 2, len(_COUNTER))
    return _COUNTER[high] + _COUNTER[low]


def week_name(expiry: date) -> str:
    """How the code master spells a weekly expiry, such as 2611W4."""
    thursday = _thursday_from(expiry)
    return f"{thursday:%y%m}W{_nth(thursday)}"


def _thursday_from(day: date) -> date:
    """The Thursday on or after a day; of a weekly's last trading day the one it is named by."""
    return day + timedelta(days=(_THURSDAY - day.weekday()) % 7)


def _expiry_of(thursday: date) -> date:
    return weekly_expiry(thursday.year, thursday.month, _nth(thursday), _THURSDAY)


def _nth(thursday: date) -> int:
    return (thursday.day - 1) // 7 + 1


def _is_monthly(thursday: date) -> bool:
    return thursday == second_thursday(thursday.year, thursday.month)
