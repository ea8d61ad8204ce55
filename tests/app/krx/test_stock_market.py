"""The last close of the index."""

from datetime import datetime

import pytest

from app.krx.hours import last_close
from app.system.clock import KST


@pytest.mark.parametrize(
    ("now", "close"),
    [
        ("2026-11-20 18:00", "2026-11-20 15:30"),
        ("2026-11-21 05:59", "2026-11-20 15:30"),
        ("2026-11-23 15:29", "2026-11-20 15:30"),
        ("2026-11-23 15:30", "2026-11-23 15:30"),
        ("2026-11-19 16:00", "2026-11-18 15:30"),
        ("2026-11-19 18:00", "2026-11-19 16:30"),
        ("2026-09-27 12:00", "2026-09-23 15:30"),
    ],
)
def test_last_close_is_that_of_the_last_trading_day(now: str, close: str) -> None:
    """On 2026-11-19, the day of the university entrance exam, it is an hour later."""
    assert last_close(datetime.fromisoformat(now).replace(tzinfo=KST)) == datetime.fromisoformat(
        close
    ).replace(tzinfo=KST)
