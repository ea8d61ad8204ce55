"""When the two sessions of a date begin and end, late opens included.

Night: opening auction 17:50-18:00, trading to 05:50, closing auction to 06:00.  Day: 08:30-08:45,
to 15:35, to 15:45; contracts on their last day stop at 15:20.  On the first trading day of a year
the day opens an hour late and closes as ever.  On the day of the university entrance exam (수능)
the day is an hour late as a whole and the night begins an hour late.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from app.clock import KST
from app.trading_days import next_trading_day, trading_day
from specs.catalog import Session

LATE = timedelta(hours=1)

EXAM_DAYS = frozenset((date(2025, 11, 13), date(2026, 11, 19), date(2027, 11, 18)))
"""The exam is set by the ministry each year; a year without a row here opens as ever."""

_FRIDAY = 4


class Hours(NamedTuple):
    """One session: opening auction from `begin`, trading from `open`, auction from `close`."""

    begin: datetime
    open: datetime
    close: datetime
    end: datetime


def hours(session: Session, day: date) -> Hours:
    """The hours that a session beginning on a date has, whether or not it is held."""
    exam = day in EXAM_DAYS
    if session is Session.NIGHT:
        late = LATE if exam else timedelta()
        return Hours(_at(day, 17, 50) + late, _at(day, 18) + late, _at(day, 29, 50), _at(day, 30))
    opens = LATE if exam or _opens_the_year(day) else timedelta()
    closes = LATE if exam else timedelta()
    return Hours(
        _at(day, 8, 30) + opens,
        _at(day, 8, 45) + opens,
        _at(day, 15, 35) + closes,
        _at(day, 15, 45) + closes,
    )


def held(session: Session, day: date) -> bool:
    """Whether a session begins on a date.

    A night follows a trading day unless the next calendar day is a holiday; that of a Friday is
    always held and ends on Saturday morning.
    """
    if not trading_day(day):
        return False
    if session is Session.DAY or day.weekday() == _FRIDAY:
        return True
    return trading_day(day + timedelta(days=1))


def last_trade_moment(expiry: date) -> datetime:
    """When contracts whose last trading day this is stop trading for good."""
    return _at(expiry, 15, 20) + (LATE if expiry in EXAM_DAYS else timedelta())


def _opens_the_year(day: date) -> bool:
    return day.month == 1 and day == next_trading_day(date(day.year - 1, 12, 31))


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a date, whose hours run on after midnight."""
    return datetime.combine(day, time(), KST) + timedelta(hours=hour, minutes=minute)
