"""Times of a tape's entries, and times of day as they are typed, as moments of the market."""

import re
from datetime import date, datetime, time, timedelta

from app.krx.calendar import at
from app.system.clock import KST
from specs.catalog import Session

_EPOCH = datetime(1970, 1, 1, 9, tzinfo=KST)
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=KST), datetime(2100, 1, 1, tzinfo=KST)
"""Times of a tape beyond these are damage, or were made up."""

_PARTS = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_DIGITS = re.compile(r"(\d{1,2})(\d{2})(\d{2})?", re.ASCII)


def moment(wall: int) -> datetime | None:
    """The moment of nanoseconds since 1970, to the µs; None for one of no possible recording."""
    try:
        found = _EPOCH + timedelta(microseconds=wall // 1000)
    except OverflowError:
        return None
    return found if _FIRST <= found < _LAST else None


def is_possible(wall: int) -> bool:
    """Return whether nanoseconds since 1970 are of a possible recording, as `moment` has it."""
    return _FIRST_NS <= wall < _LAST_NS


def nanoseconds(moment: datetime) -> int:
    """The time of a moment (aware) as a tape has it."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


_FIRST_NS, _LAST_NS = nanoseconds(_FIRST), nanoseconds(_LAST)


def session_of(wall: int) -> tuple[date, Session] | None:
    """The trade date and session that are on at a time, or come next."""
    found = moment(wall)
    if found is None:
        return None
    state = at(found)
    return state.trade_date, state.session or state.next_session


def on(session: str, hours: time, first: datetime) -> datetime:
    """Return the moment of a time of day in a session whose recording began at `first`.

    Of a night's tape, hours before noon are those of the morning after.
    """
    day = first.date()
    if session == Session.NIGHT:
        # A recording that began after midnight is of the evening before.
        evening = day if first.hour >= 12 else day - timedelta(days=1)
        day = evening if hours.hour >= 12 else evening + timedelta(days=1)
    return datetime.combine(day, hours, KST)


def time_of_day(text: str) -> time | None:
    """Return the time, with hours 24 to 30 after midnight; None if the text is not a time."""
    text = text.strip()
    # Three digits are hours and minutes, five and six have seconds.
    found = _PARTS.fullmatch(text) or _DIGITS.fullmatch(text)
    if found is None:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups())
    if hour > 30 or minute > 59 or second > 59:
        return None
    return time(hour % 24, minute, second)
