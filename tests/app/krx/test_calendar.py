"""The calendar: session, phase, auction and trade date at many moments."""

import csv
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.krx.calendar import (
    MarketPhase,
    at,
    expected_window,
    format_clock,
    last_trade_moment,
    last_trading_day,
    next_trading_day,
    second_thursday,
    session_for,
    trading_day,
    weekly_expiry,
)
from app.krx.holidays import CLOSED_NIGHTS, KNOWN, closed_days, of_library
from app.krx.hours import held, hours
from app.system.clock import KST
from specs.catalog import Session

DAY, NIGHT = Session.DAY, Session.NIGHT
TABLE = Path(__file__).parents[2] / "data" / "calendar.tsv"
MONDAY, THURSDAY = 0, 3
FIRST = datetime(2025, 6, 9, tzinfo=KST)
moments = st.integers(0, 6 * 365 * 86_400).map(lambda s: FIRST + timedelta(seconds=s))
# The first date of a year that is not kept imports the library, which takes seconds.
days = st.dates(FIRST.date(), date(2031, 12, 31))


def moment(text: str) -> datetime:
    """A moment; without a year one of 2026."""
    full = text if text.startswith("20") else f"2026-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=KST)


def table() -> list[list[str]]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t")
    return list(rows)


@pytest.mark.parametrize(("now", "session", "phase", "trade_date", "follows"), table())
def test_the_market_at_a_moment(
    now: str, session: str, phase: str, trade_date: str, follows: str
) -> None:
    state = at(moment(now))
    assert (state.session or "-", state.phase) == (session, phase)
    assert state.trade_date == date.fromisoformat(trade_date)
    assert state.next_change == moment(follows)
    assert (state.auction is not None) == phase.endswith("auction")


def test_the_calendar_is_koreas_in_every_zone() -> None:
    here = moment("11-21T03:12:44")
    assert at(here.astimezone(None)) == at(here)


def test_an_auction_says_from_when_to_when() -> None:
    assert at(moment("11-21T05:55:00")).auction == (
        moment("11-21T05:50:00"),
        moment("11-21T06:00:00"),
    )


@pytest.mark.parametrize(
    ("now", "off"),
    [
        ("11-18T16:30:00", False),
        ("11-21T03:00:00", False),
        ("11-21T06:00:00", True),
        ("11-22T12:00:00", True),
        ("09-23T19:00:00", False),
        ("02-13T19:00:00", False),
        ("09-24T12:00:00", True),
    ],
)
def test_a_day_off_is_told_from_a_pause(now: str, off: bool) -> None:
    assert at(moment(now)).day_off is off


@pytest.mark.parametrize(
    ("now", "inside"),
    [
        ("11-18T08:28:00", False),
        ("11-18T08:37:59", False),
        ("11-18T08:38:00", True),
        ("11-18T08:44:59", True),
        ("11-18T08:45:00", False),
        ("11-18T15:32:59", False),
        ("11-18T15:33:00", True),
        ("11-18T15:44:59", True),
        ("11-18T15:45:00", False),
        ("11-18T17:47:59", False),
        ("11-18T17:48:00", True),
        ("11-18T17:59:59", True),
        ("11-18T18:00:00", False),
        ("11-21T05:48:00", True),
        ("11-21T05:59:59", True),
        ("11-21T06:00:00", False),
        ("11-21T08:30:00", False),
        ("11-21T17:55:00", False),
        ("11-19T08:40:00", False),
        ("11-19T09:28:00", False),
        ("11-19T09:38:00", True),
        ("11-19T15:40:00", False),
        ("11-19T16:33:00", True),
        ("11-19T17:55:00", False),
        ("11-19T18:48:00", True),
        ("09-23T17:55:00", True),
        ("09-24T08:40:00", False),
        ("02-13T17:55:00", False),
    ],
)
def test_expected_prices_are_wanted_from_two_minutes_before_they_are_published(
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
        ("09-23T16:30:00", NIGHT),
        ("09-25T20:00:00", DAY),
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
        ("09-24T03:12:44", "03:12:44 +1"),
        ("09-25T03:12:44", "03:12:44"),
        ("10-03T03:12:44", "03:12:44 +1"),
    ],
)
def test_the_clock_marks_what_lies_after_a_nights_midnight(now: str, shown: str) -> None:
    assert format_clock(moment(now)) == shown


@example(moment("2025-10-03T00:00:00"))
@settings(deadline=None)
@given(moments)
def test_the_calendar_holds_together_at_every_moment(now: datetime) -> None:
    state = at(now)
    assert now < state.next_change <= now + timedelta(days=11)
    assert trading_day(state.trade_date)
    assert state.trade_date >= now.date() or state.session is NIGHT
    following = at(state.next_change)
    assert following.phase is state.next_phase
    assert following.phase is not state.phase
    assert state.next_session is (following.session or state.session)
    assert following.trade_date >= state.trade_date
    if state.auction is not None:
        assert state.auction[0] <= now < state.auction[1]
    before = at(state.next_change - timedelta(seconds=1))
    assert (before.phase, before.session) == (state.phase, state.session)


@settings(deadline=None)
@given(days)
def test_a_session_goes_through_its_four_phases_once(day: date) -> None:
    for session in Session:
        if not held(session, day):
            continue
        bounds = hours(session, day)
        assert bounds.begin < bounds.open < bounds.close < bounds.end
        assert [at(moment).phase for moment in bounds] == [
            MarketPhase.OPENING_AUCTION,
            MarketPhase.CONTINUOUS,
            MarketPhase.CLOSING_AUCTION,
            MarketPhase.CLOSED,
        ]
        trade_dates = {at(moment).trade_date for moment in bounds[:3]}
        assert trade_dates == {day if session is DAY else next_trading_day(day)}


@settings(deadline=None)
@given(days)
def test_a_night_is_held_where_the_day_it_starts_on_trades(day: date) -> None:
    assert held(NIGHT, day) is (trading_day(day) and day not in CLOSED_NIGHTS)
    assert held(DAY, day) is trading_day(day)


def test_every_known_closed_day_is_a_weekday() -> None:
    for year in range(2025, 2031):
        assert 10 <= len(closed_days(year)) <= 25
        assert all(day.year == year and day.weekday() < 5 for day in closed_days(year))


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_krx_closes_on_the_last_weekday_of_the_year(year: int) -> None:
    last = max(date(year, 12, d) for d in (29, 30, 31) if date(year, 12, d).weekday() < 5)
    assert not trading_day(last)


@pytest.mark.parametrize("year", sorted(KNOWN))
def test_the_kept_years_are_those_of_the_library(year: int) -> None:
    assert closed_days(year) == {day for day in of_library(year) if day.weekday() < 5}


def test_weekdays_stand_in_a_year_that_the_library_does_not_know() -> None:
    assert closed_days(2150) == frozenset()
    assert trading_day(date(2150, 10, 9))
    assert not trading_day(date(2150, 10, 10))


def test_the_library_is_not_imported_for_a_year_that_is_kept() -> None:
    asked = (
        "import sys; from datetime import date; from app.krx.trading_days import next_trading_day;"
        "next_trading_day(date(2026, 11, 20)); print('holidays' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "False"


def test_a_trading_day_is_followed_by_the_next_one() -> None:
    assert next_trading_day(date(2026, 11, 19)) == date(2026, 11, 20)
    assert next_trading_day(date(2026, 11, 20)) == date(2026, 11, 23)
    assert next_trading_day(date(2026, 9, 23)) == date(2026, 9, 28)
    assert next_trading_day(date(2025, 10, 2)) == date(2025, 10, 10)


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2026, 10, 8), (2026, 12, 10), (2027, 1, 14), (2027, 4, 8)]
)
def test_a_month_expires_on_its_second_thursday(year: int, month: int, day: int) -> None:
    assert second_thursday(year, month) == date(year, month, day)
    assert last_trading_day(year, month) == date(year, month, day)


@settings(deadline=None)
@given(st.integers(2025, 2035), st.integers(1, 12))
def test_a_month_never_ends_on_a_closed_day_nor_outside_itself(year: int, month: int) -> None:
    last = last_trading_day(year, month)
    assert trading_day(last)
    assert (last.year, last.month) == (year, month)
    assert next_trading_day(last) > second_thursday(year, month) >= last


def test_a_month_whose_second_thursday_is_closed_ends_before() -> None:
    assert last_trading_day(2025, 10) == date(2025, 10, 2)


@pytest.mark.parametrize(
    ("name", "weekday", "expiry"),
    [
        ("2609W1", THURSDAY, "2026-09-03"),
        ("2609W4", THURSDAY, "2026-09-23"),
        ("2610W1", THURSDAY, "2026-10-01"),
        ("2601W1", THURSDAY, "2025-12-30"),
        ("2609W4", MONDAY, "2026-09-28"),
        ("2608W3", MONDAY, "2026-08-18"),
        ("2610W1", MONDAY, "2026-10-06"),
        ("2602W3", MONDAY, "2026-02-19"),
        ("2510W1", MONDAY, "2025-10-10"),
    ],
)
def test_a_weekly_ends_on_its_day_or_the_trading_day_beside_it(
    name: str, weekday: int, expiry: str
) -> None:
    year, month, nth = 2000 + int(name[:2]), int(name[2:4]), int(name[5])
    assert weekly_expiry(year, month, nth, weekday) == date.fromisoformat(expiry)


@pytest.mark.parametrize(
    ("expiry", "last"),
    [
        ("2026-12-10", "2026-12-10T15:20:00"),
        ("2026-11-19", "2026-11-19T16:20:00"),
        ("2026-01-02", "2026-01-02T15:20:00"),
    ],
)
def test_a_contract_stops_in_the_afternoon_of_its_last_day(expiry: str, last: str) -> None:
    assert last_trade_moment(date.fromisoformat(expiry)) == moment(last)
