"""The server's clock, estimated from PINGPONGs, delayed ones among them."""

from datetime import datetime, timedelta
from math import isnan

import pytest

from app.feed.server_clock import ServerClock
from app.system.clock import KST

START = datetime(2026, 12, 1, 1, 0, tzinfo=KST)


def heard(*steps: tuple[float, float, float]) -> ServerClock:
    """A clock after PINGPONGs: when the server sent them, how late they came, how far it is ahead.

    All are seconds; KIS cuts its time to whole ones.
    """
    clock = ServerClock()
    for sent, delay, ahead in steps:
        told = START + timedelta(seconds=sent + ahead)
        at = sent + delay
        clock.apply(f"{told:%Y%m%d%H%M%S}", START + timedelta(seconds=at), at)
    return clock


def test_clocks_that_agree_differ_by_nothing_to_speak_of() -> None:
    clock = heard(*((10.0 * n + 0.3, 0.05, 0.0) for n in range(9)))
    assert -1 < clock.skew <= 0


@pytest.mark.parametrize("ahead", [-3600.0, -90.0, -7.0, 7.0, 90.0, 3600.0, 86_400.0 * 400])
def test_three_pingpongs_tell_how_far_the_server_is_ahead(ahead: float) -> None:
    clock = heard(*((30.0 * n, 0.4, ahead) for n in range(3)))
    assert clock.skew == pytest.approx(ahead, abs=1.5)


def test_one_pingpong_is_enough_for_a_server_that_is_ahead() -> None:
    """No delay makes a server look early."""
    assert heard((0.0, 0.2, 70.0)).skew == pytest.approx(69.8, abs=1.0)


@pytest.mark.parametrize("late", [1, 2])
def test_pingpongs_that_were_held_up_are_no_wrong_clock(late: int) -> None:
    on_time = [(10.0 * n, 0.1, 0.0) for n in range(4)]
    held_up = [(40.0 + 10 * n, 9.0 + 30 * n, 0.0) for n in range(late)]
    assert abs(heard(*on_time, *held_up).skew) < 1.5
    assert isnan(heard(*held_up).skew)


def test_a_backlog_that_is_read_at_once_counts_as_one() -> None:
    """A process that was stopped for ten minutes reads them all when it goes on."""
    backlog = [(10.0 * n, 600.0 - 10 * n, 0.0) for n in range(1, 50)]
    assert isnan(heard(*backlog).skew)
    on_time = [(10.0 * n - 40, 0.1, 0.0) for n in range(3)]
    assert abs(heard(*on_time, *backlog).skew) < 1.5


def test_a_clock_that_is_set_right_is_believed_after_three_pingpongs() -> None:
    wrong = [(10.0 * n, 0.1, 300.0) for n in range(5)]
    right = [(50.0 + 10 * n, 0.1, 0.0) for n in range(3)]
    assert heard(*wrong, *right[:2]).skew > 290
    assert abs(heard(*wrong, *right).skew) < 1.5


@pytest.mark.parametrize("told", ["", "now", "20261301000000", "2026120101", "0" * 14, "9" * 32])
def test_a_pingpong_without_a_time_says_nothing(told: str) -> None:
    clock = heard((0.0, 0.1, 20.0))
    before = clock.skew
    clock.apply(told, START, 99.0)
    assert clock.skew == before
