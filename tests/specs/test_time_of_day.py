"""Times of day as KIS writes them, with the hours of a night after 24."""

from math import isnan

import pytest

from specs.time_of_day import clock_text, hour_minute_second, second_of_trade_date


@pytest.mark.parametrize(
    ("time", "parts", "text", "second"),
    [
        # The trade date begins at 17:00 of the evening before.
        ("170000", (17, 0, 0), "17:00:00", 0),
        ("180001", (18, 0, 1), "18:00:01", 3601),
        ("235959", (23, 59, 59), "23:59:59", 25_199),
        ("000000", (0, 0, 0), "00:00:00", 25_200),
        ("031200", (3, 12, 0), "03:12:00", 36_720),
        ("271200", (3, 12, 0), "03:12:00", 36_720),
        ("305959", (6, 59, 59), "06:59:59", 50_399),
        ("084500", (8, 45, 0), "08:45:00", 56_700),
        ("165959", (16, 59, 59), "16:59:59", 86_399),
        # KIS sends 240000 for a time that it does not know.
        ("240000", None, None, None),
        ("240001", (0, 0, 1), "00:00:01", 25_201),
        ("310000", None, None, None),
        ("186000", None, None, None),
        ("180060", None, None, None),
        ("18000", None, None, None),
        ("1800000", None, None, None),
        ("", None, None, None),
        ("１８０000", None, None, None),
        ("-10000", None, None, None),
    ],
)
def test_a_time_of_day_is_read(
    time: str, parts: tuple[int, int, int] | None, text: str | None, second: float | None
) -> None:
    assert hour_minute_second(time) == parts
    assert clock_text(time) == text
    found = second_of_trade_date(time)
    assert isnan(found) if second is None else found == second
