"""Hours of the sessions on ordinary days, on a year's first one, and on the entrance exam's."""

from datetime import date, datetime

import pytest

from app.krx.calendar import KRX, Schedule
from app.krx.hours import EXPECTED_AFTER, hours
from app.system.clock import KST
from specs.catalog import Session

# KRX: ordinary hours; an hour late to open on a year's first trading day (2026-01-02); an hour
# late all day, and into the night, on the day of the university entrance exam.
HOURS = [
    (Session.DAY, "2026-11-20", "20 08:30", "20 08:45", "20 15:35", "20 15:45"),
    (Session.NIGHT, "2026-11-20", "20 17:50", "20 18:00", "21 05:50", "21 06:00"),
    (Session.DAY, "2026-01-02", "02 09:30", "02 09:45", "02 15:35", "02 15:45"),
    (Session.NIGHT, "2026-01-02", "02 17:50", "02 18:00", "03 05:50", "03 06:00"),
    (Session.DAY, "2026-01-05", "05 08:30", "05 08:45", "05 15:35", "05 15:45"),
    (Session.DAY, "2027-01-04", "04 09:30", "04 09:45", "04 15:35", "04 15:45"),
    *(
        (session, f"{year}-11-{day}", *times)
        for year, day, next_day in ((2025, 13, 14), (2026, 19, 20), (2027, 18, 19))
        for session, times in (
            (Session.DAY, (f"{day} 09:30", f"{day} 09:45", f"{day} 16:35", f"{day} 16:45")),
            (
                Session.NIGHT,
                (f"{day} 18:50", f"{day} 19:00", f"{next_day} 05:50", f"{next_day} 06:00"),
            ),
        )
    ),
]


@pytest.mark.parametrize(("session", "day", "begin", "opens", "close", "end"), HOURS)
def test_hours_of_a_session(
    session: Session, day: str, begin: str, opens: str, close: str, end: str
) -> None:
    found = hours(session, date.fromisoformat(day))
    assert tuple(f"{moment:%d %H:%M}" for moment in found) == (begin, opens, close, end)
    assert {moment.utcoffset() for moment in found} == {found.begin.utcoffset()}


def test_expected_prices_come_ten_minutes_after_the_days_auction_begins() -> None:
    begin = hours(Session.DAY, date(2026, 11, 20)).begin
    assert f"{begin + EXPECTED_AFTER:%H:%M}" == "08:40"


def test_sessions_between_are_those_that_are_on_with_their_hours() -> None:
    def moment(day: int, hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 11, day, hour, minute, tzinfo=KST)

    def found(begin: datetime, end: datetime) -> list[tuple[Session, datetime]]:
        return [(one, its.begin) for one, its in KRX.sessions_between(begin, end)]

    # 2026-11-20 is a Friday, whose night ends on Saturday.
    assert found(moment(20, 17, 30), moment(20, 17, 50)) == []
    assert found(moment(20, 17, 30), moment(21, 3)) == [(Session.NIGHT, moment(20, 17, 50))]
    assert found(moment(21, 5, 59), moment(23, 8, 30)) == [(Session.NIGHT, moment(20, 17, 50))]
    assert found(moment(21, 5, 59), moment(23, 18)) == [
        (Session.NIGHT, moment(20, 17, 50)),
        (Session.DAY, moment(23, 8, 30)),
        (Session.NIGHT, moment(23, 17, 50)),
    ]
    alone = Schedule(session=Session.DAY)
    assert [one for one, _ in alone.sessions_between(moment(20, 3), moment(21, 3))] == [Session.DAY]
