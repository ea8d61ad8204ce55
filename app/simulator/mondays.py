"""The weekly options that expire on Mondays: when, their counter in a code, and their name.

Where KRX is closed on a Monday they expire on the trading day before and keep the Monday's name.
"""

from datetime import date, timedelta

from app.expiries import weekly_expiry

_MONDAY = 0
_WEEK = timedelta(days=7)
# The weekly contract of this Monday carries the counter C0, every later one the next.
_COUNTED_FROM = date(2026, 10, 5)
_COUNTER = "0123456789ABCDEFGHJKLMNPQRSTVWXYZ"
_FIRST = _COUNTER.index("C") * len(_COUNTER)


def mondays(day: date, count: int) -> tuple[date, ...]:
    """The next expiries from `day` on."""
    found: list[date] = []
    monday = _monday_from(day)
    while len(found) < count:
        expiry = weekly_expiry(monday.year, monday.month, _nth(monday), _MONDAY)
        if expiry >= day:
            found.append(expiry)
        monday += _WEEK
    return tuple(found)


def counter(expiry: date) -> str:
    """The two characters that stand for an expiry in a code, such as C6."""
    number = _FIRST + (_monday_from(expiry) - _COUNTED_FROM) // _WEEK
    high, low = divmod(number % len(_COUNTER) ** 2, len(_COUNTER))
    return _COUNTER[high] + _COUNTER[low]


def week_name(expiry: date) -> str:
    """How the code master spells an expiry, such as 2611W4."""
    monday = _monday_from(expiry)
    return f"{monday:%y%m}W{_nth(monday)}"


def _monday_from(day: date) -> date:
    return day + timedelta(days=(_MONDAY - day.weekday()) % 7)


def _nth(monday: date) -> int:
    return (monday.day - 1) // 7 + 1
