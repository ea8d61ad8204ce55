"""The user's corrections of the trading calendar, in force for the whole process.

The calendar functions are pure functions of a date and of the corrections in force.  The command
line puts those of the settings in force once, before anything asks the calendar.
"""

from datetime import date

from msgspec import Struct


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
