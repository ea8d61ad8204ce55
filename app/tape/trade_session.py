"""Trade date and session of a moment, and until when they apply."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from app.krx.calendar import KRX, Schedule
from specs.catalog import Session

AFTER = timedelta(minutes=1)
"""Time after a session's end in which its last prints may come."""


class TradeSession(Struct, frozen=True):
    """Trade date and session of a tape, and the moment at which the next one begins."""

    trade_date: date
    session: Session
    until: datetime


def label_at(now: datetime, schedule: Schedule = KRX) -> TradeSession:
    """Of the session that is on; between sessions, of the one to come."""
    state = schedule.state_at(now - AFTER)
    own = state.trade_date, state.session or state.next_session
    following, until = state, state.next_change
    while (following.trade_date, following.session or following.next_session) == own:
        until = following.next_change
        following = schedule.state_at(until)
    return TradeSession(*own, until + AFTER)
