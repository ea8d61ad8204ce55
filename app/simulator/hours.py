"""The hours of one trading session, as seconds since its opening auction began."""

from datetime import date, datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from app.simulator.exchange_days import EXPECTED_SECONDS
from app.simulator.exchange_days import bounds as bounds_of
from app.system.clock import KST
from app.system.errors import UsageError
from specs.catalog import Session

_HALTED, _REOPENING = 20 * 60, 10 * 60
"""Seconds without trading after a circuit breaker, and of the call auction after them (KRX)."""
_AUCTION_LEFT = 60.0
_DAY_STARTS = time(8), time(17, 30)
"""The first and the last start of a demo of the day session."""


class TradingHalt(Struct, frozen=True):
    """A circuit breaker: no trades from `begin` on, a call auction from `auction` to `end`.

    All are seconds of the session.
    """

    begin: int
    auction: int
    end: int


class SimulatedHours(Struct, frozen=True):
    """One session: opening auction, trading, closing auction; all bounds in seconds."""

    session: Session
    day: date
    """The calendar day on which it begins."""
    begin: datetime
    open: int
    close: int
    end: int
    halt: TradingHalt | None = None
    """An interruption of the trading, of all products."""

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

    def halted_at(self, moment: datetime) -> "SimulatedHours":
        """Return these hours with a circuit breaker at a moment.

        Raises:
            UsageError: trading does not last until half an hour after it.
        """
        begin = int(self.seconds(moment))
        auction, end = begin + _HALTED, begin + _HALTED + _REOPENING
        if not self.open <= begin < end < self.close:
            first, last = self.moment(self.open), self.moment(self.close - _HALTED - _REOPENING)
            raise UsageError("simulator.halt", first=f"{first:%H:%M}", last=f"{last:%H:%M}")
        return replace(self, halt=TradingHalt(begin, auction, end))

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


def demo_start(
    session: Session, day: date, start: time | None = None, lead: float = _AUCTION_LEFT
) -> datetime:
    """The first moment of a simulated session of `day`.

    At night, a `start` after midnight belongs to the next calendar day.  Without one it is `lead`
    seconds before the open, which is 18:00 at night and 08:45 by day unless that day is late.
    """
    if start is None:
        return bounds_of(session, day)[1] - timedelta(seconds=lead)
    if session is Session.NIGHT and start.hour < 12:
        day += timedelta(days=1)
    return datetime.combine(day, start, KST)
