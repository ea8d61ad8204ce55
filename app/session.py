"""The KRX derivatives calendar as pure functions of a moment: session, phase, auction, trade date.

Night session: opening auction 17:50-18:00, trading to 05:50, closing auction to 06:00; it belongs
to the next trading day, so Friday's night is Monday's.  Day: 08:30-08:45, to 15:35, to 15:45.
"""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from msgspec import Struct

from app.expiries import last_trading_day, second_thursday, weekly_expiry
from app.trading_days import next_trading_day, trading_day
from specs.catalog import Session

__all__ = [
    "EXPECTED_LEAD",
    "MarketState",
    "Phase",
    "at",
    "expected_window",
    "format_clock",
    "last_trading_day",
    "next_trading_day",
    "second_thursday",
    "session_for",
    "trading_day",
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
    auction: tuple[datetime, datetime] | None
    next_change: datetime
    next_phase: Phase
    next_session: Session
    after_midnight: bool


_AUCTIONS = (Phase.OPENING_AUCTION, Phase.CLOSING_AUCTION)
_DAY = (
    (time(8, 30), Phase.OPENING_AUCTION),
    (time(8, 45), Phase.CONTINUOUS),
    (time(15, 35), Phase.CLOSING_AUCTION),
    (time(15, 45), Phase.CLOSED),
)
_NIGHT = (
    (timedelta(hours=17, minutes=50), Phase.OPENING_AUCTION),
    (timedelta(hours=18), Phase.CONTINUOUS),
    (timedelta(hours=29, minutes=50), Phase.CLOSING_AUCTION),
    (timedelta(hours=30), Phase.CLOSED),
)


class _Turn(Struct, frozen=True):
    """From `at` on, a session is in a phase."""

    at: datetime
    session: Session
    phase: Phase
    trade_date: date


def _turns(day: date, zone: datetime) -> list[_Turn]:
    """The phase changes of the day and the night session that begin on a date."""
    if not trading_day(day):
        return []
    midnight = datetime.combine(day, time(), zone.tzinfo)
    turns = [
        _Turn(datetime.combine(day, at, zone.tzinfo), Session.DAY, phase, day) for at, phase in _DAY
    ]
    after = next_trading_day(day)
    return turns + [_Turn(midnight + at, Session.NIGHT, phase, after) for at, phase in _NIGHT]


def at(now: datetime) -> MarketState:
    """The market at a moment (KST, aware)."""
    turns = [
        turn
        for offset in range(-12, 14)
        for turn in _turns(now.date() + timedelta(days=offset), now)
    ]
    index = max(i for i, turn in enumerate(turns) if turn.at <= now)
    current, following = turns[index], turns[index + 1]
    closed = current.phase is Phase.CLOSED
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return MarketState(
        session=None if closed else current.session,
        phase=current.phase,
        trade_date=following.trade_date if closed else current.trade_date,
        auction=(current.at, following.at) if current.phase in _AUCTIONS else None,
        next_change=following.at,
        next_phase=following.phase,
        next_session=following.session,
        after_midnight=(
            not closed and current.session is Session.NIGHT and now - midnight < timedelta(hours=6)
        ),
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
