"""The user's corrections of the trading calendar, in force for the whole process.

The calendar functions are pure functions of a date and of the corrections in force.  The command
line loads them from the settings once, before anything asks the calendar.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from specs.clean import clean

_SATURDAY = 5
_LONGEST = 40


class Corrections(Struct, frozen=True, forbid_unknown_fields=True):
    """Dates on which the built-in calendar is wrong or out of date."""

    closed_days: frozenset[date] = frozenset()
    """Weekdays without a day session, and without the night that would begin on them."""
    closed_nights: frozenset[date] = frozenset()
    """Trading days whose night session is not held."""
    open_days: frozenset[date] = frozenset()
    """Weekdays with a day session and a night, although the built-in calendar has them closed."""


_in_force = Corrections()


def in_force() -> Corrections:
    """Return the corrections in force."""
    return _in_force


def use(corrections: Corrections) -> None:
    """Put corrections in force in place of those before."""
    global _in_force
    _in_force = corrections


class BadDate(ValueError):
    """A value that is not a list of dates; the message is the part of it that is at fault."""


def read_dates(value: Any) -> frozenset[date]:
    """Read the dates of a setting: a list of TOML dates or of texts, or one text with commas.

    Raises:
        BadDate: an entry is not a date of the form YYYY-MM-DD.
    """
    if isinstance(value, str):
        value = [text for text in value.replace(",", " ").split() if text]
    if not isinstance(value, list):
        raise BadDate(clean(str(value), _LONGEST))
    return frozenset(map(_read_date, value))


def _read_date(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and len(value) == len("YYYY-MM-DD"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadDate(clean(str(value), _LONGEST))


def weekends(days: Iterable[date]) -> Iterator[date]:
    """Return the Saturdays and Sundays among dates: no correction has an effect on them."""
    return (day for day in sorted(days) if day.weekday() >= _SATURDAY)
