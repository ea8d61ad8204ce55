"""The clock of a tape: its position, its wall time within bounds, and what it does standing."""

from datetime import UTC, datetime, timedelta
from math import inf

import pytest

from app.system.clock import KST, ManualClock
from app.tape.tape_clock import PlaybackPace, TapeClock, bounded, moment
from app.tape.times import nanoseconds

EVENING = datetime(2026, 11, 20, 18, tzinfo=KST)


@pytest.mark.parametrize(
    ("real", "speed", "playing", "position"),
    [
        (10.0, 2.0, True, 5.0),
        (11.0, 2.0, True, 7.0),
        (11.0, 0.25, True, 5.25),
        (12.0, 2.0, True, 8.0),
        (9.0, 2.0, True, 5.0),
        (11.0, 2.0, False, 5.0),
        (11.0, inf, True, 5.0),
    ],
)
def test_the_position_goes_on_by_the_speed_up_to_where_it_waits(
    real: float, speed: float, playing: bool, position: float
) -> None:
    pace = PlaybackPace(10.0, 5.0, until=8.0, speed=speed, playing=playing)
    assert pace.position_at(real) == position


def test_a_clock_of_no_tape_stands_at_its_beginning() -> None:
    clock = TapeClock(ManualClock(EVENING))
    assert (clock.position, clock.monotonic(), clock.suspended()) == (0.0, 0.0, 0.0)
    assert clock.pace == PlaybackPace(0.0, 0.0, 0.0, 0, 0.0, 1.0, False, False)
    assert clock.now() == datetime(2000, 1, 2, tzinfo=UTC)


def test_a_clock_that_plays_tells_wall_and_monotonic_time() -> None:
    real = ManualClock(EVENING)
    clock = TapeClock(real)
    assert clock.real == real.monotonic()
    wall = nanoseconds(EVENING)
    clock.pace = PlaybackPace(clock.real, 5.0, 100.0, wall, 7.0, 10.0, playing=True)
    real.move_to(EVENING + timedelta(seconds=2))
    assert (clock.position, clock.monotonic()) == (25.0, 32.0)
    assert clock.now() == EVENING + timedelta(seconds=20)


@pytest.mark.parametrize(
    ("wall", "bound"),
    [
        (-(2**63), datetime(2000, 1, 2, tzinfo=UTC)),
        (2**63 - 1, datetime(2099, 12, 1, tzinfo=UTC)),
        (nanoseconds(EVENING), EVENING),
    ],
)
def test_a_wall_time_of_a_tape_lies_in_this_century(wall: int, bound: datetime) -> None:
    assert bounded(wall) == nanoseconds(bound)
    assert moment(wall) == bound


@pytest.mark.parametrize(("ns", "us"), [(0, 0), (499, 0), (500, 1), (1499, 1), (1500, 2)])
def test_a_moment_is_the_nearest_microsecond(ns: int, us: int) -> None:
    assert moment(nanoseconds(EVENING) + ns) == EVENING + timedelta(microseconds=us)
