"""Times of day, and lengths of time that run out."""

from math import isnan

import pytest

from specs.time_of_day import second_of_trade_date
from widgets import times
from widgets.texts import use


@pytest.mark.parametrize(
    ("seconds", "korean", "english"),
    [
        (0.2, "1초", "1s"),
        (59.0, "59초", "59s"),
        (60.0, "1:00", "1:00"),
        (7511.0, "2:05:11", "2:05:11"),
        (86_399.0, "23:59:59", "23:59:59"),
        (86_399.5, "1일", "1d"),
        (90_000.0, "1일 1시간", "1d 1h"),
        (575_999.0, "6일 15시간", "6d 15h"),
        (-3.0, "0초", "0s"),
    ],
)
def test_a_wait_of_more_than_a_day_is_told_in_days(
    seconds: float, korean: str, english: str
) -> None:
    assert times.countdown(seconds) == korean
    try:
        use("en")
        assert times.countdown(seconds) == english
    finally:
        use("ko")


def test_times_stand_in_the_order_of_a_trade_date() -> None:
    told = ["175000", "235959", "000000", "031239", "060000", "083000", "164500"]
    assert sorted(told, key=second_of_trade_date) == told


def test_the_small_hours_have_one_place_however_they_are_spelt() -> None:
    assert second_of_trade_date("253000") == second_of_trade_date("013000")
    assert times.clock("253000") == times.clock("013000") == "01:30:00"


@pytest.mark.parametrize("time", ["", "12345", "310000", "126000", "１２3000", "-10000"])
def test_what_is_no_time_has_no_place(time: str) -> None:
    assert isnan(second_of_trade_date(time))
    assert times.clock(time) == times.MISSING
