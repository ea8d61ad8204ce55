"""The hours of one trading session, as seconds since its opening auction began."""

from datetime import date, datetime, time, timedelta

from msgspec import Struct

from app.clock import KST
from specs.catalog import Session

_BEGIN = {Session.NIGHT: time(17, 50), Session.DAY: time(8, 30)}
_OPENING = {Session.NIGHT: 600, Session.DAY: 900}
_CONTINUOUS = {Session.NIGHT: 42_600, Session.DAY: 24_600}
_CLOSING = 600

_DEMO_START = {Session.NIGHT: time(17, 59), Session.DAY: time(8, 44)}


class Hours(Struct, frozen=True):
    """One session: opening auction, trading, closing auction; all bounds in seconds."""

    session: Session
    day: date
    """The calendar day on which it begins."""
    begin: datetime
    open: int
    close: int
    end: int

    @classmethod
    def of(cls, session: Session, moment: datetime) -> "Hours":
        """The session that `moment` lies in or nearest to; a night's small hours are its own."""
        evening_gone = session is Session.NIGHT and moment.hour < 12
        day = moment.date() - timedelta(days=1) if evening_gone else moment.date()
        opening = _OPENING[session]
        close = opening + _CONTINUOUS[session]
        begin = datetime.combine(day, _BEGIN[session], KST)
        return cls(session, day, begin, opening, close, close + _CLOSING)

    def seconds(self, moment: datetime) -> float:
        """How long after the session's beginning a moment is."""
        return (moment - self.begin).total_seconds()

    def moment(self, seconds: float) -> datetime:
        """The moment so many seconds after the session's beginning."""
        return self.begin + timedelta(seconds=seconds)


def demo_start(session: Session, day: date, start: time | None = None) -> datetime:
    """The first moment of a simulated session of `day`.

    At night, a `start` after midnight belongs to the next calendar day.  Without one a night begins
    at 17:59 and a day at 08:44: a minute of auction, then trading.
    """
    begin = start or _DEMO_START[session]
    if session is Session.NIGHT and begin.hour < 12:
        day += timedelta(days=1)
    return datetime.combine(day, begin, KST)
