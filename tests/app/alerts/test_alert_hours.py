"""When an alert may fire: its hours, also over midnight, and the end of its session."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.alerts.alert import dated, session_end
from app.alerts.alert_parser import parse_alert
from app.krx.calendar import KRX
from app.system.clock import KST

FRIDAY = datetime(2026, 11, 20, tzinfo=KST)
minutes = st.integers(0, 24 * 60 - 1)


@given(minutes, minutes, minutes)
def test_an_alert_is_active_from_its_first_to_its_last_minute(
    begin: int, end: int, now: int
) -> None:
    if begin == end:
        return
    hours = "-".join(f"{at // 60:02}:{at % 60:02}" for at in (begin, end))
    alert = parse_alert(f"A01612 price > 1 {hours}")
    # Minutes that have passed since it began to be active, counted over midnight.
    passed, whole = (now - begin) % 1440, (end - begin) % 1440
    assert alert.is_active(FRIDAY + timedelta(minutes=now)) is (passed < whole)


@pytest.mark.parametrize(
    ("made", "ends"),
    [
        ("2026-11-20T17:00", "2026-11-21T06:00"),
        ("2026-11-20T18:00", "2026-11-21T06:00"),
        ("2026-11-21T03:00", "2026-11-21T06:00"),
        ("2026-11-21T12:00", "2026-11-23T15:45"),
        ("2026-11-23T09:00", "2026-11-23T15:45"),
    ],
)
def test_an_alert_of_a_session_ends_with_the_one_that_is_on_or_comes_next(
    made: str, ends: str
) -> None:
    moment, end = (datetime.fromisoformat(one).replace(tzinfo=KST) for one in (made, ends))
    alert = dated(parse_alert("A01612 price > 1 session"), KRX, moment)
    assert alert.ends == session_end(KRX, moment) == end
    assert alert.is_active(end - timedelta(seconds=1))
    assert not alert.is_active(end)


def test_an_alert_that_is_kept_has_no_end() -> None:
    alert = dated(parse_alert("A01612 price > 1 session kept"), KRX, FRIDAY)
    assert alert.ends is None
