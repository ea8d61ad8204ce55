"""The weekly options of Thursdays and of Mondays: when they expire, and how they are called.

Where the exchange is closed a Thursday's contract expires on the trading day before and a Monday's
on the trading day after; both keep the name of their weekday.
"""

from datetime import date, timedelta

from msgspec import Struct

from app.simulator.exchange_days import open_from, open_until
from app.simulator.expiries import second_thursday

_WEEK = timedelta(days=7)
_MONDAY = 0
_DIGITS = "0123456789ABCDEFGHJKLMNPQRSTVWXYZ"


class WeeklySeries(Struct, frozen=True):
    """The weekly contracts of a weekday; second Thursdays belong to the monthlies."""

    weekday: int
    counted_from: date
    first: str
    """The counter of the contract of `counted_from`; every later one carries the next."""

    def expiries(self, day: date, count: int) -> tuple[date, ...]:
        """Return the next expiries from `day` on."""
        found: list[date] = []
        named = self._named_by(day)
        while len(found) < count:
            if (expiry := self._expiry(named)) >= day and not _is_monthly(named):
                found.append(expiry)
            named += _WEEK
        return tuple(found)

    def listed(self, day: date) -> tuple[date, ...]:
        """Return the listed expiry of a day; on the day of an expiry, also the next one."""
        following = self.expiries(day, 2)
        return following if following[0] == day else following[:1]

    def counter(self, expiry: date) -> str:
        """Return the two characters of an expiry in a code, such as FM."""
        wanted = self._named_by(expiry)
        step = 1 if wanted >= self.counted_from else -1
        number, named = _number(self.first), self.counted_from
        while named != wanted:
            named += step * _WEEK
            if not _is_monthly(named):
                number += step
        high, low = divmod(number % len(_DIGITS) ** 2, len(_DIGITS))
        return _DIGITS[high] + _DIGITS[low]

    def week_name(self, expiry: date) -> str:
        """Return the code master's name of an expiry, such as 2611W4."""
        named = self._named_by(expiry)
        return f"{named:%y%m}W{_nth(named)}"

    def _expiry(self, named: date) -> date:
        return open_from(named) if self.weekday == _MONDAY else open_until(named)

    def _named_by(self, day: date) -> date:
        """The weekday that a last trading day is named by: the Monday up to it, or the Thursday
        from it on.
        """
        if self.weekday == _MONDAY:
            return day - timedelta(days=day.weekday())
        return day + timedelta(days=(self.weekday - day.weekday()) % 7)


THURSDAYS = WeeklySeries(3, date(2026, 10, 1), "FF")
MONDAYS = WeeklySeries(0, date(2026, 10, 5), "C0")


def _number(counter: str) -> int:
    high, low = map(_DIGITS.index, counter)
    return high * len(_DIGITS) + low


def _nth(day: date) -> int:
    return (day.day - 1) // 7 + 1


def _is_monthly(day: date) -> bool:
    return day == second_thursday(day.year, day.month)
