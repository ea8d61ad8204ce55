"""A simulated session has the hours that KRX gives its date."""

from datetime import date, datetime, time, timedelta

import pytest

from app.krx.calendar import MarketPhase, at
from app.simulator.hours import SimulatedHours, demo_start, session_of
from app.system.clock import KST
from specs.catalog import Session

DAY, NIGHT = Session.DAY, Session.NIGHT


@pytest.mark.parametrize(
    ("session", "moment", "begin", "bounds"),
    [
        (NIGHT, "2026-11-20T17:59", "2026-11-20T17:50", (600, 43_200, 43_800)),
        (NIGHT, "2026-11-21T03:00", "2026-11-20T17:50", (600, 43_200, 43_800)),
        (DAY, "2026-11-20T09:00", "2026-11-20T08:30", (900, 25_500, 26_100)),
        (NIGHT, "2026-11-20T03:00", "2026-11-19T18:50", (600, 39_600, 40_200)),
        (DAY, "2026-11-19T10:00", "2026-11-19T09:30", (900, 25_500, 26_100)),
        (DAY, "2026-01-02T10:00", "2026-01-02T09:30", (900, 21_900, 22_500)),
    ],
)
def test_a_session_is_as_long_as_its_date_makes_it(
    session: Session, moment: str, begin: str, bounds: tuple[int, int, int]
) -> None:
    found = SimulatedHours.containing(session, datetime.fromisoformat(moment).replace(tzinfo=KST))
    assert found.begin == datetime.fromisoformat(begin).replace(tzinfo=KST)
    assert (found.open, found.close, found.end) == bounds


@pytest.mark.parametrize(
    ("start", "session"),
    [
        (None, NIGHT),
        (time(7, 59), NIGHT),
        (time(8), DAY),
        (time(10), DAY),
        (time(17, 30), DAY),
        (time(17, 31), NIGHT),
        (time(3), NIGHT),
    ],
)
def test_session_of_is_the_day_from_eight_to_half_past_five(
    start: time | None, session: Session
) -> None:
    assert session_of(start) is session


@pytest.mark.parametrize("session", list(Session))
@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 11, 19), date(2026, 1, 2)])
def test_a_demo_begins_a_minute_before_the_market_opens(session: Session, day: date) -> None:
    start = demo_start(session, day)
    assert (at(start).session, at(start).phase) == (session, MarketPhase.OPENING_AUCTION)
    assert at(start).next_change - start == timedelta(minutes=1)
    found = SimulatedHours.containing(session, start)
    assert found.moment(found.seconds(start)) == start
    assert found.moment(found.open) == at(start).next_change
