"""The time at which the current session began to trade."""

from datetime import datetime

import pytest

from app.krx.calendar import trading_since
from app.system.clock import KST


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=KST)


@pytest.mark.parametrize(
    ("now", "since"),
    [
        ("11-18T08:44:59", None),
        ("11-18T08:45:00", "11-18T08:45:00"),
        ("11-18T15:40:00", "11-18T08:45:00"),
        ("11-18T16:30:00", None),
        ("11-20T17:55:00", None),
        ("11-20T18:00:00", "11-20T18:00:00"),
        ("11-20T23:59:59", "11-20T18:00:00"),
        ("11-21T00:00:00", "11-20T18:00:00"),
        ("11-21T05:55:00", "11-20T18:00:00"),
        ("11-21T06:00:00", None),
        ("12-01T01:00:00", "11-30T18:00:00"),
        ("11-22T12:00:00", None),
    ],
)
def test_trading_since_is_the_opening_of_the_session_that_is_on(
    now: str, since: str | None
) -> None:
    """Day 08:45 and night 18:00, after the opening auction; KRX trading hours of 2026."""
    assert trading_since(moment(now)) == (moment(since) if since else None)
