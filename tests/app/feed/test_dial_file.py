"""The dial budget on disk."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.feed.dial_budget import WINDOWS, DialBudget
from app.feed.dial_file import DialFile
from app.system.clock import KST, ManualClock
from app.system.secret import Secret

KEY = Secret("PSABCDEFGH0123456789")
START = datetime(2026, 11, 20, 18, tzinfo=KST)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def file(tmp_path: Path, clock: ManualClock) -> DialFile:
    return DialFile(tmp_path, KEY, clock)


def only(folder: Path) -> Path:
    (path,) = folder.glob("dials-*.json")
    return path


def test_dials_are_remembered_by_the_next_run(
    tmp_path: Path, clock: ManualClock, file: DialFile
) -> None:
    budget = DialBudget()
    for _ in range(3):
        clock.move_to(clock.now() + timedelta(seconds=10))
        budget = budget.spend(clock.monotonic())
    file.save(budget)
    later = ManualClock(clock.now() + timedelta(seconds=60))
    loaded = DialFile(tmp_path, KEY, later).load()
    ages = [later.monotonic() - moment for moment in loaded.spent]
    assert ages == pytest.approx([80, 70, 60], abs=0.01)


def test_a_crash_loop_does_not_get_beyond_the_budget(tmp_path: Path) -> None:
    wall, dials = START, []
    for _ in range(200):
        clock = ManualClock(wall)
        file = DialFile(tmp_path, KEY, clock)
        budget, now = file.load(), clock.monotonic()
        allowed = budget.next_at(now)
        wall += timedelta(seconds=max(1.0, allowed - now))
        if allowed <= now:
            file.save(budget.spend(now))
            dials.append(clock.now())
    for seconds, most in WINDOWS:
        window = timedelta(seconds=seconds - 1)
        for first in dials:
            assert sum(first <= dial <= first + window for dial in dials) <= most


def test_dials_of_the_future_count_as_now(tmp_path: Path, file: DialFile) -> None:
    file.save(DialBudget((1e9,)))
    only(tmp_path).write_text("[9999999999.0, 9999999999.5]")
    assert file.load() == DialBudget((1000.0, 1000.0))


DAMAGED = {
    "empty": "",
    "cut": "{",
    "null": "[null]",
    "text": '["x"]',
    "deep": "[" * 5000,
    "zeros": "\0" * 100,
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_leaves_one_dial_for_now(
    tmp_path: Path, file: DialFile, content: str
) -> None:
    file.save(DialBudget())
    only(tmp_path).write_text(content)
    loaded = file.load()
    assert loaded.next_at(1000.0) == 1000.0
    assert loaded.spend(1000.0).next_at(1000.0) == pytest.approx(1600.0)


def test_the_file_is_private_and_does_not_tell_the_key(tmp_path: Path, file: DialFile) -> None:
    file.save(DialBudget((1.0,)))
    assert only(tmp_path).stat().st_mode & 0o777 == 0o600
    assert KEY.reveal() not in str(only(tmp_path)) + only(tmp_path).read_text()


def test_dials_of_the_last_twelve_hours_are_loaded(tmp_path: Path, file: DialFile) -> None:
    file.save(DialBudget())
    wall = START.timestamp()
    ages = (43_201, 43_200, 43_199, 10, 0)
    only(tmp_path).write_text(str([wall - age for age in ages]))
    assert [1000.0 - moment for moment in file.load().spent] == [43_199, 10, 0]


def test_the_newest_150_dials_are_loaded(tmp_path: Path, file: DialFile) -> None:
    file.save(DialBudget())
    wall = START.timestamp()
    only(tmp_path).write_text(str([wall - age for age in range(200, 0, -1)]))
    assert [1000.0 - moment for moment in file.load().spent] == list(range(150, 0, -1))


def test_without_a_file_no_dial_was_made(file: DialFile) -> None:
    assert file.load() == DialBudget()
