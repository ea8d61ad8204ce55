"""The simulated exchange's own calendar; it shares no rule with the calendar that it checks.

Every closed weekday of 2025-2029 is listed here, hand-written from the public holidays of Korea and
the notices of KRX.  Other years are closed only on the last weekday of December.
"""

from datetime import date, datetime, time, timedelta, timezone

from specs.catalog import Session

_KOREA = timezone(timedelta(hours=9), "KST")
_A_DAY, _AN_HOUR = timedelta(days=1), timedelta(hours=1)

_HOLIDAYS = """
    2025-01-01 2025-01-27 2025-01-28 2025-01-29 2025-01-30 2025-03-03 2025-05-01 2025-05-05
    2025-05-06 2025-06-03 2025-06-06 2025-08-15 2025-10-03 2025-10-06 2025-10-07 2025-10-08
    2025-10-09 2025-12-25 2025-12-31
    2026-01-01 2026-02-16 2026-02-17 2026-02-18 2026-03-02 2026-05-01 2026-05-05 2026-05-25
    2026-06-03 2026-07-17 2026-08-17 2026-09-24 2026-09-25 2026-10-05 2026-10-09 2026-12-25
    2026-12-31
    2027-01-01 2027-02-08 2027-02-09 2027-03-01 2027-05-03 2027-05-05 2027-05-13 2027-07-19
    2027-08-16 2027-09-14 2027-09-15 2027-09-16 2027-10-04 2027-10-11 2027-12-27 2027-12-31
    2028-01-26 2028-01-27 2028-01-28 2028-03-01 2028-04-12 2028-05-01 2028-05-02 2028-05-05
    2028-06-06 2028-07-17 2028-08-15 2028-10-02 2028-10-03 2028-10-04 2028-10-05 2028-10-09
    2028-12-25 2028-12-29
    2029-01-01 2029-02-12 2029-02-13 2029-02-14 2029-03-01 2029-05-01 2029-05-07 2029-05-21
    2029-06-06 2029-07-17 2029-08-15 2029-09-21 2029-09-24 2029-10-03 2029-10-09 2029-12-25
    2029-12-31
"""
_CLOSED = frozenset(date.fromisoformat(text) for text in _HOLIDAYS.split())
_NO_NIGHT = (date(2025, 10, 2), date(2026, 2, 13))
_EXAMS = (date(2025, 11, 13), date(2026, 11, 19), date(2027, 11, 18))

EXPECTED_SECONDS = 600
"""Seconds into the opening auction of a day before expected prices are published."""


def is_open(day: date) -> bool:
    """Whether there is a day session."""
    return day.isoweekday() < 6 and day not in _CLOSED


def open_from(day: date) -> date:
    """The first day from `day` on with a day session."""
    while not is_open(day):
        day += _A_DAY
    return day


def open_until(day: date) -> date:
    """The last day up to `day` with a day session."""
    while not is_open(day):
        day -= _A_DAY
    return day


def has_session(session: Session, day: date) -> bool:
    """Whether a session begins on a day."""
    return is_open(day) and not (session is Session.NIGHT and day in _NO_NIGHT)


def bounds(session: Session, day: date) -> tuple[datetime, datetime, datetime, datetime]:
    """First order, open, closing auction and end of a session that begins on a day, held or not."""
    exam = day in _EXAMS
    if session is Session.NIGHT:
        hour = 18 if exam else 17
        morning = _moment(day + _A_DAY, 5, 50)
        begin = _moment(day, hour, 50)
        return begin, begin + timedelta(minutes=10), morning, morning + timedelta(minutes=10)
    late = exam or day == open_from(date(day.year, 1, 1))
    begin = _moment(day, 9 if late else 8, 30)
    close = _moment(day, 16 if exam else 15, 35)
    return begin, begin + timedelta(minutes=15), close, close + timedelta(minutes=10)


def last_moment(day: date, last: time | None = None) -> datetime:
    """Return the moment at which contracts that expire on a day stop trading: 15:20, or `last`."""
    moment = _moment(day, 15, 20) if last is None else _moment(day, last.hour, last.minute)
    return moment + _AN_HOUR * (day in _EXAMS)


def _moment(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=_KOREA)
