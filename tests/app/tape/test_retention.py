"""Old tapes that are deleted for room, and files that are never touched."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.system.clock import KST, ManualClock, SystemClock
from app.tape.destination import TapeDestination
from app.tape.recorder import Recorder
from app.tape.retention import Retention, make_room

NOW = datetime(2026, 11, 20, 18, tzinfo=KST)


def keep(folder: Path, name: str, *, days: float, size: int = 1000) -> Path:
    """A file that was last written to so many days ago."""
    path, at = folder / name, (NOW - timedelta(days=days)).timestamp()
    path.write_bytes(bytes(size))
    os.utime(path, (at, at))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "tapes"
    made.mkdir()
    return made


@pytest.fixture
def current(folder: Path) -> Path:
    return keep(folder, "20261123-night.ktape", days=90)


def test_tapes_older_than_their_days_go(folder: Path, current: Path) -> None:
    old = keep(folder, "20261001-day.ktape", days=31)
    young = keep(folder, "20261101-day-2.ktape", days=29)
    assert make_room(folder, Retention(days=30), NOW, current) == [old]
    assert sorted(folder.iterdir()) == [young, current]


def test_the_oldest_go_until_the_others_fit(folder: Path, current: Path) -> None:
    made = [keep(folder, f"2026111{n}-night.ktape", days=9 - n) for n in range(9)]
    assert make_room(folder, Retention(bytes=4500), NOW, current) == made[:6]
    assert sorted(folder.iterdir()) == [*made[6:], current]


def test_without_limits_everything_stays(folder: Path, current: Path) -> None:
    keep(folder, "20200102-day.ktape", days=2000, size=100_000)
    assert make_room(folder, Retention(), NOW, current) == []


def test_what_is_being_written_and_what_is_not_its_own_stays(folder: Path, current: Path) -> None:
    keep(folder, "20261120-night.ktape", days=0.001)
    keep(folder, "mine.ktape", days=500)
    keep(folder, "20261001-day.ktape.txt", days=500)
    (folder / "20261001-night.ktape").mkdir()
    (folder / "20261002-night.ktape").symlink_to(keep(folder, "elsewhere", days=500))
    before = sorted(folder.iterdir())
    assert make_room(folder, Retention(days=1, bytes=1), NOW, current) == []
    assert sorted(folder.iterdir()) == before


def test_a_folder_that_is_not_there_has_nothing_to_remove(folder: Path) -> None:
    assert make_room(folder / "none", Retention(1, 1), NOW, folder / "x") == []


@pytest.mark.parametrize("own", [True, False])
def test_a_recorder_makes_room_in_the_programs_own_folder_alone(folder: Path, own: bool) -> None:
    old = folder / "20200102-day.ktape"
    old.write_bytes(b"old")
    at = SystemClock().now().timestamp() - 40 * 86400
    os.utime(old, (at, at))
    recorder = Recorder(
        TapeDestination(folder, is_generated=own), ManualClock(NOW), Retention(days=30)
    )
    recorder.start(strict=True)
    recorder.stop()
    assert old.exists() is not own
    assert recorder.recording.removed == own
