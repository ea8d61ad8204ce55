"""The KRX derivatives calendar as pure functions of a moment: session, phase, auction, trade date.

A night session belongs to the next trading day: Friday's night has Monday's trade date.  The
calendar begins with the first night of the night market, 2025-06-09.  Hours are in
`app.krx.hours`, holidays in `app.krx.holidays`, the user's corrections in `app.krx.corrections`.
A run uses one `Schedule` for everything.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from app.krx.corrections import Corrections, in_force
from app.krx.expiry import last_trading_day, second_thursday, weekly_expiry
from app.krx.hours import EXPECTED_AFTER, SessionHours, held, hours, last_trade_moment
from app.krx.trading_days import next_trading_day, trading_day
from app.system.clock import KST
from specs.catalog import Session

__all__ = [
    "EXPECTED_LEAD",
    "KRX",
    "MarketPhase",
    "MarketState",
    "NextAuction",
    "Schedule",
    "at",
    "expected_window",
    "format_clock",
    "last_trade_moment",
    "last_trading_day",
    "next_auction",
    "next_trading_day",
    "second_thursday",
    "session_for",
    "trading_day",
    "trading_since",
    "weekly_expiry",
]

EXPECTED_LEAD = timedelta(minutes=2)
"""The lead of registering the expected-price TRs before expected prices are published."""


class MarketPhase(StrEnum):
    """The phase of a market: closed, trading, or in one of its two auctions."""

    CLOSED = "closed"
    OPENING_AUCTION = "opening_auction"
    CONTINUOUS = "continuous"
    CLOSING_AUCTION = "closing_auction"


class MarketState(Struct, frozen=True):
    """The market at a moment; between sessions `session` is None and the phase is `CLOSED`."""

    session: Session | None
    phase: MarketPhase
    trade_date: date
    """Between sessions the trade date of the next session."""
    auction: tuple[datetime, datetime] | None
    expected_from: datetime | None
    """The moment from which the auction has expected prices.

    In the opening auction of a day session they begin ten minutes after the orders.
    """
    next_change: datetime
    next_phase: MarketPhase
    next_session: Session
    after_midnight: bool
    """Whether a night session is on that began on the day before."""
    day_off: bool
    """Whether the market is closed because the calendar day is not a trading day."""


_AUCTIONS = (MarketPhase.OPENING_AUCTION, MarketPhase.CLOSING_AUCTION)
_ORDER = (
    MarketPhase.OPENING_AUCTION,
    MarketPhase.CONTINUOUS,
    MarketPhase.CLOSING_AUCTION,
    MarketPhase.CLOSED,
)
_WEEKDAYS = range(5)
_ONE_DAY, _NONE = timedelta(days=1), timedelta()


class _Turn(Struct, frozen=True):
    """From `at` on, a session is in a phase."""

    at: datetime
    session: Session
    phase: MarketPhase
    day: date
    """The date on which the session begins."""
    trade_date: date


@lru_cache(maxsize=256)
def _turns(schedule: "Schedule", corrections: Corrections, day: date) -> tuple[_Turn, ...]:
    """Return the phase changes of the day and the night session that begin on a date.

    The corrections in force are an argument, so that what is cached holds for them alone.
    """
    return tuple(
        _Turn(moment, session, phase, day, day if session is Session.DAY else next_trading_day(day))
        for session in (Session.DAY, Session.NIGHT)
        if schedule.holds(session, day)
        for moment, phase in zip(hours(session, day), _ORDER, strict=True)
    )


class Schedule(Struct, frozen=True):
    """The sessions of a run: its one source of phase, countdown and trade date.

    `session` restricts it to day or to night sessions, as the option ``--session`` asks.  `extra`
    are further sessions, each with the date on which it begins: a demo's first one may be on a day
    without a session.
    """

    session: Session | None = None
    extra: frozenset[tuple[Session, date]] = frozenset()

    def holds(self, session: Session, day: date) -> bool:
        """Return whether a session begins on a date."""
        if self.session not in (None, session):
            return False
        return held(session, day) or (session, day) in self.extra

    def state_at(self, now: datetime) -> MarketState:
        """Return the market at a moment, an aware datetime of any time zone."""
        now = now.astimezone(KST)
        today, corrections = now.date(), in_force()
        current, following = None, None
        day = today - _ONE_DAY
        while following is None:
            for turn in _turns(self, corrections, day):
                if turn.at > now:
                    following = turn
                    break
                current = turn
            day += _ONE_DAY
        if current is None or current.phase is MarketPhase.CLOSED:
            return MarketState(
                session=None,
                phase=MarketPhase.CLOSED,
                trade_date=following.trade_date,
                auction=None,
                expected_from=None,
                next_change=following.at,
                next_phase=following.phase,
                next_session=following.session,
                after_midnight=False,
                day_off=not trading_day(today),
            )
        auction = current.phase in _AUCTIONS
        return MarketState(
            session=current.session,
            phase=current.phase,
            trade_date=current.trade_date,
            auction=(current.at, following.at) if auction else None,
            expected_from=_expected_from(current) if auction else None,
            next_change=following.at,
            next_phase=following.phase,
            next_session=following.session,
            after_midnight=now.date() > current.day,
            day_off=False,
        )

    def trading_since(self, now: datetime) -> datetime | None:
        """Return when the session that is on began to trade; None while none trades, or not yet."""
        state = self.state_at(now)
        if state.session is None or state.phase is MarketPhase.OPENING_AUCTION:
            return None
        # A night that is on after midnight began on the day before.
        day = now.astimezone(KST).date() - timedelta(days=state.after_midnight)
        return next(
            turn.at
            for turn in _turns(self, in_force(), day)
            if turn.session is state.session and turn.phase is MarketPhase.CONTINUOUS
        )

    def sessions_between(
        self, begin: datetime, end: datetime
    ) -> list[tuple[Session, SessionHours]]:
        """Return the sessions that are on between two moments, with their hours, in order."""
        first, last = (one.astimezone(KST).date() for one in (begin, end))
        days = (first + _ONE_DAY * number for number in range(-1, (last - first).days + 1))
        return [
            (session, its)
            for day in days
            for session in (Session.DAY, Session.NIGHT)
            if self.holds(session, day)
            for its in (hours(session, day),)
            if its.begin < end and its.end > begin
        ]

    def session_for(self, now: datetime) -> Session:
        """Return the session that is on or, between sessions, the one that comes next."""
        state = self.state_at(now)
        return state.session or state.next_session

    def session_to_register(self, now: datetime) -> Session:
        """Return the session whose TRs are registered at a moment.

        In the hours of a night that is announced as closed it is that night: registered for the
        next day alone, nobody would notice that it is held after all.
        """
        state = self.state_at(now)
        if state.session is None and self.session is None:
            evening = _day_of(Session.NIGHT, now)
            if evening is not None and trading_day(evening):
                return Session.NIGHT
        return state.session or state.next_session

    def expected_window(self, now: datetime) -> bool:
        """Return whether an auction has expected prices, or will have them within two minutes."""
        state = self.state_at(now)
        if state.expected_from is not None:
            return state.expected_from - now <= EXPECTED_LEAD
        if state.next_phase not in _AUCTIONS:
            return False
        delay = EXPECTED_AFTER if _is_days_opening(state.next_session, state.next_phase) else _NONE
        return state.next_change + delay - now <= EXPECTED_LEAD

    def format_clock(self, now: datetime) -> str:
        """Return the clock, marked +1 after midnight of a night session."""
        return f"{now:%H:%M:%S}" + (" +1" if self.state_at(now).after_midnight else "")

    def setting_against(self, session: Session, now: datetime) -> tuple[str, date] | None:
        """Return the setting by which a session is closed although `now` is in its hours.

        Name the setting to correct if the session is held after all, and the date on which the
        session begins.  Return None if it is held, or if `now` is outside its hours.
        """
        day = _day_of(session, now)
        if day is None or day.weekday() not in _WEEKDAYS or held(session, day):
            return None
        corrections = in_force()
        if day in corrections.closed_days:
            return "closed_days", day
        night = session is Session.NIGHT and day in corrections.closed_nights
        return ("closed_nights" if night else "open_days"), day


class NextAuction(NamedTuple):
    """An auction to come: its phase, the session that it is of, and its beginning.

    It begins with the first expected prices.
    """

    session: Session
    phase: MarketPhase
    begin: datetime


def next_auction(schedule: Schedule, now: datetime) -> NextAuction:
    """Return the first auction whose expected prices begin after a moment."""
    state = schedule.state_at(now)
    while True:
        begin = state.expected_from
        if state.session is not None and begin is not None and begin > now:
            return NextAuction(state.session, state.phase, begin)
        state = schedule.state_at(state.next_change)


KRX = Schedule()
"""Every session that the calendar has."""

at = KRX.state_at
trading_since = KRX.trading_since
session_for = KRX.session_for
expected_window = KRX.expected_window
format_clock = KRX.format_clock


def _expected_from(turn: _Turn) -> datetime:
    return turn.at + (EXPECTED_AFTER if _is_days_opening(turn.session, turn.phase) else _NONE)


def _is_days_opening(session: Session, phase: MarketPhase) -> bool:
    return session is Session.DAY and phase is MarketPhase.OPENING_AUCTION


def _day_of(session: Session, now: datetime) -> date | None:
    """Return the date whose session has a moment in its hours, even if it is not held."""
    today = now.astimezone(KST).date()
    for day in (today, today - _ONE_DAY):
        found = hours(session, day)
        if found.begin <= now < found.end:
            return day
    return None
