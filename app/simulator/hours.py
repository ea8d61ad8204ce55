"""The hours of one trading session, as seconds since its opening auction began."""

from datetime import date, datetime, time, timedelta

from msgspec import Struct

from app.simulator.exchange_days import EXPECTED_SECONDS
from app.simulator.exchange_days import bounds as bounds_of
from app.system.clock import KST
from specs.catalog import Session

_AUCTION_LEFT = 60
_DAY_STARTS = time(8), time(17, 30)
"""The first and the last start of a demo of the day session."""


class SimulatedHours(Struct, frozen=True):
    """One session: opening auction, trading, closing auction; all bounds in seconds."""

    session: Session
    day: date
    """The calendar day on which it begins."""
    begin: datetime
    open: int
    close: int
    end: int

    @classmethod
    def containing(cls, session: Session, moment: datetime) -> "SimulatedHours":
        """The session that `moment` lies in or nearest to; a night's small hours are its own."""
        evening_gone = session is Session.NIGHT and moment.hour < 12
        day = moment.date() - timedelta(days=1) if evening_gone else moment.date()
        begin, *bounds = bounds_of(session, day)
        opened, close, end = (round((bound - begin).total_seconds()) for bound in bounds)
        return cls(session, day, begin, opened, close, end)

    @property
    def expected(self) -> int:
        """The second from which on the opening auction has expected prices."""
        return EXPECTED_SECONDS if self.session is Session.DAY else 0

    def seconds(self, moment: datetime) -> float:
        """Return the seconds from the session's beginning to a moment."""
        return (moment - self.begin).total_seconds()

    def moment(self, seconds: float) -> datetime:
        """Return the moment `seconds` after the session's beginning."""
        return self.begin + timedelta(seconds=seconds)


def session_of(start: time | None) -> Session:
    """Return the session that a demo with this first moment begins with; the night without one."""
    first, last = _DAY_STARTS
    return Session.DAY if start is not None and first <= start <= last else Session.NIGHT


def demo_start(session: Session, day: date, start: time | None = None) -> datetime:
    """The first moment of a simulated session of `day`.

    At night, a `start` after midnight belongs to the next calendar day.  Without one the session
    is a minute from its open, which is 18:00 at night and 08:45 by day unless that day is late.
    """
    if start is None:
        return bounds_of(session, day)[1] - timedelta(seconds=_AUCTION_LEFT)
    if session is Session.NIGHT and start.hour < 12:
        day += timedelta(days=1)
    return datetime.combine(day, start, KST)
