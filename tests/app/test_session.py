"""The calendar: session, phase, auction and trade date at many moments."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import KST
from app.session import (
    Phase,
    at,
    expected_window,
    format_clock,
    next_trading_day,
    second_thursday,
    session_for,
)
from specs.catalog import Session

DAY, NIGHT = Session.DAY, Session.NIGHT
CLOSED, OPENING = Phase.CLOSED, Phase.OPENING_AUCTION
OPEN, CLOSING = Phase.CONTINUOUS, Phase.CLOSING_AUCTION


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=KST)


# 2026-11-20 is a Friday, 11-30 a Monday.
@pytest.mark.parametrize(
    ("now", "session", "phase", "trade_date", "follows"),
    [
        ("11-19T08:29:59", None, CLOSED, "11-19", "11-19T08:30:00"),
        ("11-19T08:30:00", DAY, OPENING, "11-19", "11-19T08:45:00"),
        ("11-19T08:44:59", DAY, OPENING, "11-19", "11-19T08:45:00"),
        ("11-19T08:45:00", DAY, OPEN, "11-19", "11-19T15:35:00"),
        ("11-19T15:34:59", DAY, OPEN, "11-19", "11-19T15:35:00"),
        ("11-19T15:35:00", DAY, CLOSING, "11-19", "11-19T15:45:00"),
        ("11-19T15:45:00", None, CLOSED, "11-20", "11-19T17:50:00"),
        ("11-19T17:50:00", NIGHT, OPENING, "11-20", "11-19T18:00:00"),
        ("11-19T18:00:00", NIGHT, OPEN, "11-20", "11-20T05:50:00"),
        ("11-19T23:59:59", NIGHT, OPEN, "11-20", "11-20T05:50:00"),
        ("11-20T00:00:00", NIGHT, OPEN, "11-20", "11-20T05:50:00"),
        ("11-20T05:49:59", NIGHT, OPEN, "11-20", "11-20T05:50:00"),
        ("11-20T05:50:00", NIGHT, CLOSING, "11-20", "11-20T06:00:00"),
        ("11-20T05:59:59", NIGHT, CLOSING, "11-20", "11-20T06:00:00"),
        ("11-20T06:00:00", None, CLOSED, "11-20", "11-20T08:30:00"),
        ("11-20T17:50:00", NIGHT, OPENING, "11-23", "11-20T18:00:00"),
        ("11-20T18:00:00", NIGHT, OPEN, "11-23", "11-21T05:50:00"),
        ("11-21T03:12:44", NIGHT, OPEN, "11-23", "11-21T05:50:00"),
        ("11-21T05:59:59", NIGHT, CLOSING, "11-23", "11-21T06:00:00"),
        ("11-21T06:00:00", None, CLOSED, "11-23", "11-23T08:30:00"),
        ("11-21T18:00:00", None, CLOSED, "11-23", "11-23T08:30:00"),
        ("11-22T12:00:00", None, CLOSED, "11-23", "11-23T08:30:00"),
        ("11-23T00:30:00", None, CLOSED, "11-23", "11-23T08:30:00"),
        ("11-30T20:00:00", NIGHT, OPEN, "12-01", "12-01T05:50:00"),
        ("12-01T00:00:00", NIGHT, OPEN, "12-01", "12-01T05:50:00"),
    ],
)
def test_the_market_at_a_moment(
    now: str, session: Session | None, phase: Phase, trade_date: str, follows: str
) -> None:
    state = at(moment(now))
    assert (state.session, state.phase) == (session, phase)
    assert state.trade_date == moment(trade_date).date()
    assert state.next_change == moment(follows)
    assert (state.auction is not None) == (phase in (OPENING, CLOSING))


def test_an_auction_says_from_when_to_when() -> None:
    assert at(moment("11-21T05:55:00")).auction == (
        moment("11-21T05:50:00"),
        moment("11-21T06:00:00"),
    )


@pytest.mark.parametrize(
    ("now", "inside"),
    [
        ("11-19T08:27:59", False),
        ("11-19T08:28:00", True),
        ("11-19T08:44:59", True),
        ("11-19T08:45:00", False),
        ("11-19T15:32:59", False),
        ("11-19T15:33:00", True),
        ("11-19T15:44:59", True),
        ("11-19T15:45:00", False),
        ("11-19T17:47:59", False),
        ("11-19T17:48:00", True),
        ("11-19T17:59:59", True),
        ("11-19T18:00:00", False),
        ("11-21T05:48:00", True),
        ("11-21T05:59:59", True),
        ("11-21T06:00:00", False),
        ("11-21T08:30:00", False),
        ("11-21T17:55:00", False),
    ],
)
def test_expected_prices_are_wanted_from_two_minutes_before_an_auction(
    now: str, inside: bool
) -> None:
    assert expected_window(moment(now)) is inside


@pytest.mark.parametrize(
    ("now", "session"),
    [
        ("11-20T12:00:00", DAY),
        ("11-20T16:30:00", NIGHT),
        ("11-21T05:00:00", NIGHT),
        ("11-21T06:00:00", DAY),
        ("11-22T20:00:00", DAY),
    ],
)
def test_between_sessions_the_next_one_counts(now: str, session: Session) -> None:
    assert session_for(moment(now)) is session


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ("11-20T23:59:59", "23:59:59"),
        ("11-21T03:12:44", "03:12:44 +1"),
        ("11-21T06:00:00", "06:00:00"),
        ("11-23T03:12:44", "03:12:44"),
    ],
)
def test_the_clock_marks_what_lies_after_a_nights_midnight(now: str, shown: str) -> None:
    assert format_clock(moment(now)) == shown


@given(st.integers(0, 9 * 365 * 86_400))
def test_the_calendar_holds_together_at_every_moment(seconds: int) -> None:
    now = datetime(2024, 1, 1, tzinfo=KST) + timedelta(seconds=seconds)
    state = at(now)
    assert now < state.next_change <= now + timedelta(days=3)
    assert state.trade_date.weekday() < 5
    following = at(state.next_change)
    assert following.phase is state.next_phase
    if state.auction is not None:
        assert state.auction[0] <= now < state.auction[1]


def test_a_trading_day_is_followed_by_the_next_one() -> None:
    assert next_trading_day(date(2026, 11, 19)) == date(2026, 11, 20)
    assert next_trading_day(date(2026, 11, 20)) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2026, 10, 8), (2026, 12, 10), (2027, 1, 14), (2027, 4, 8)]
)
def test_a_month_expires_on_its_second_thursday(year: int, month: int, day: int) -> None:
    assert second_thursday(year, month) == date(year, month, day)
