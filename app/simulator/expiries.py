"""When contracts expire: second Thursdays for months, the other Thursdays for weeklies."""

from datetime import date, timedelta

from app.session import second_thursday

# The weekly contract of this Thursday carries the counter FF, every later one the next.
_COUNTED_FROM = date(2026, 10, 1)
_COUNTER = "0123456789ABCDEFGHJKLMNPQRSTVWXYZ"
_FIRST = _COUNTER.index("F") * len(_COUNTER) + _COUNTER.index("F")


def monthly(day: date, count: int, step: int = 1) -> tuple[date, ...]:
    """The next expiries from `day` on, that day included; of every `step`-th month, March first."""
    found: list[date] = []
    year, month = day.year, day.month
    while len(found) < count:
        expiry = second_thursday(year, month)
        if expiry >= day and month % step == 0:
            found.append(expiry)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return tuple(found)


def weekly(day: date, count: int) -> tuple[date, ...]:
    """The next Thursdays from `day` on that are no month's expiry."""
    found: list[date] = []
    thursday = day + timedelta(days=(3 - day.weekday()) % 7)
    while len(found) < count:
        if not _is_monthly(thursday):
            found.append(thursday)
        thursday += timedelta(days=7)
    return tuple(found)


def counter(expiry: date) -> str:
    """The two characters that stand for a weekly expiry in a code, such as FM."""
    step = 7 if expiry >= _COUNTED_FROM else -7
    number, thursday = _FIRST, _COUNTED_FROM
    while thursday != expiry:
        thursday += timedelta(days=step)
        if not _is_monthly(thursday):
            number += 1 if step > 0 else -1
    high, low = divmod(number % len(_COUNTER) ** 2, len(_COUNTER))
    return _COUNTER[high] + _COUNTER[low]


def week_name(expiry: date) -> str:
    """How the code master spells a weekly expiry, such as 2611W4."""
    return f"{expiry:%y%m}W{(expiry.day - 1) // 7 + 1}"


def _is_monthly(thursday: date) -> bool:
    return thursday == second_thursday(thursday.year, thursday.month)
