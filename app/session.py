"""The KRX derivatives calendar as pure functions of a moment: session, phase, auction, trade date.

A night session belongs to the next trading day, so Friday's night is Monday's.  Known from the
night market's first day on, 2025-06-09; hours stand in `app.hours`, holidays in `app.holidays`.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from app.clock import KST
from app.expiries import last_trading_day, second_thursday, weekly_expiry
from app.hours import held, hours, last_trade_moment
from app.trading_days import next_trading_day, trading_day
from specs.catalog import Session

__all__ = [
    "EXPECTED_LEAD",
    "MarketState",
    "Phase",
    "at",
    "expected_window",
    "format_clock",
    "last_trade_moment",
    "last_trading_day",
    "next_trading_day",
    "second_thursday",
    "session_for",
    "trading_day",
    "trading_since",
    "weekly_expiry",
]

EXPECTED_LEAD = timedelta(minutes=2)
"""How long before an auction its expected-execution TRs are registered."""


class Phase(StrEnum):
    """What the market is doing."""

    CLOSED = "closed"
    OPENING_AUCTION = "opening_auction"
    CONTINUOUS = "continuous"
    CLOSING_AUCTION = "closing_auction"


class MarketState(Struct, frozen=True):
    """The market at a moment; between sessions `session` is none and the phase closed."""

    session: Session | None
    phase: Phase
    trade_date: date
    """Between sessions that of the session to come."""
    auction: tuple[datetime, datetime] | None
    next_change: datetime
    next_phase: Phase
    next_session: Session
    after_midnight: bool
    """Whether a night session is on that began on the day before."""
    day_off: bool
    """Whether no session is on because the calendar day is no trading day."""


_AUCTIONS = (Phase.OPENING_AUCTION, Phase.CLOSING_AUCTION)
_ORDER = (Phase.OPENING_AUCTION, Phase.CONTINUOUS, Phase.CLOSING_AUCTION, Phase.CLOSED)
_ONE_DAY = timedelta(days=1)


class _Turn(Struct, frozen=True):
    """From `at` on, a session is in a phase."""

    at: datetime
    session: Session
    phase: Phase
    trade_date: date


@lru_cache(maxsize=64)
def _turns(day: date) -> tuple[_Turn, ...]:
    """The phase changes of the day and the night session that begin on a date."""
    return tuple(
        _Turn(moment, session, phase, day if session is Session.DAY else next_trading_day(day))
        for session in (Session.DAY, Session.NIGHT)
        if held(session, day)
        for moment, phase in zip(hours(session, day), _ORDER, strict=True)
    )


def at(now: datetime) -> MarketState:
    """The market at a moment (aware; the calendar is Korea's whatever the zone)."""
    now = now.astimezone(KST)
    today = now.date()
    current, following = None, None
    day = today - _ONE_DAY
    while following is None:
        for turn in _turns(day):
            if turn.at > now:
                following = turn
                break
            current = turn
        day += _ONE_DAY
    if current is None or current.phase is Phase.CLOSED:
        return MarketState(
            session=None,
            phase=Phase.CLOSED,
            trade_date=following.trade_date,
            auction=None,
            next_change=following.at,
            next_phase=following.phase,
            next_session=following.session,
            after_midnight=False,
            day_off=not trading_day(today),
        )
    return MarketState(
        session=current.session,
        phase=current.phase,
        trade_date=current.trade_date,
        auction=(current.at, following.at) if current.phase in _AUCTIONS else None,
        next_change=following.at,
        next_phase=following.phase,
        next_session=following.session,
        after_midnight=current.session is Session.NIGHT and now.hour < 12,
        day_off=False,
    )


def trading_since(now: datetime) -> datetime | None:
    """When the session that is on began to trade; none while none trades, or not yet."""
    state = at(now)
    if state.session is None or state.phase is Phase.OPENING_AUCTION:
        return None
    # A night that is on after midnight began on the day before.
    day = now.astimezone(KST).date() - timedelta(days=state.after_midnight)
    return next(
        turn.at
        for turn in _turns(day)
        if turn.session is state.session and turn.phase is Phase.CONTINUOUS
    )


def session_for(now: datetime) -> Session:
    """The session that is on or, between sessions, the one that comes next."""
    state = at(now)
    return state.session or state.next_session


def expected_window(now: datetime) -> bool:
    """Whether an auction is on or begins within two minutes."""
    state = at(now)
    if state.auction is not None:
        return True
    return state.next_phase in _AUCTIONS and state.next_change - now <= EXPECTED_LEAD


def format_clock(now: datetime) -> str:
    """The clock, marked +1 after midnight of a night session."""
    return f"{now:%H:%M:%S}" + (" +1" if at(now).after_midnight else "")
