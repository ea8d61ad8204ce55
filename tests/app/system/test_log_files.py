"""Handlers of the log: a ring in memory, a rotated file for its owner alone."""

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness.log_lines import capture_log

from app.system import log_file, logs
from app.system.errors import UsageError
from app.system.event_log import log_event
from app.system.logs import MOST_LINES


@pytest.fixture(autouse=True)
def _root() -> Iterator[None]:
    """The root logger as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        if handler not in handlers:
            root.removeHandler(handler)
            handler.close()
    for handler in handlers:
        if handler not in root.handlers:
            root.addHandler(handler)
    root.setLevel(level)


def written(path: Path) -> list[str]:
    """The lines of a log whose writer has ended."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, log_file.LogFile):
            handler.close()
    return path.read_text(encoding="utf-8").splitlines()


def log_hundred() -> None:
    for _ in range(100):
        log_event("feed", "wait")


def test_ring_keeps_the_newest_lines_whatever_the_threads() -> None:
    with capture_log() as ring:
        threads = [threading.Thread(target=log_hundred) for _ in range(4)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            assert len(ring.lines()) <= MOST_LINES
        log_event("feed", "last")
    assert ring.written == 401
    assert len(ring.lines()) == MOST_LINES
    assert ring.lines()[-1].endswith("feed last")


def test_set_up_keeps_lines_in_memory_where_no_file_is_asked_for() -> None:
    ring = logs.set_up(None)
    log_event("feed", "dial", 1)
    log_event("feed", "frame", level=logging.DEBUG)
    assert [line.partition("feed ")[2] for line in ring.lines()] == ["dial=1"]


@pytest.mark.parametrize(
    ("level", "expected"),
    [("debug", ["frame", "dial=1", "refused"]), ("info", ["dial=1", "refused"]),
     ("warning", ["refused"])],
)  # fmt: skip
def test_log_file_holds_its_level_and_the_ring_info(
    tmp_path: Path, level: str, expected: list[str]
) -> None:
    ring = logs.set_up(tmp_path / "logs" / "run.log", level)
    log_event("feed", "frame", level=logging.DEBUG)
    log_event("feed", "dial", 1)
    log_event("feed", "refused", level=logging.WARNING)
    lines = written(tmp_path / "logs" / "run.log")
    assert [line.partition(" feed ")[2] for line in lines if " feed " in line] == expected
    assert len(ring.lines()) == 2


def test_log_file_is_rotated_five_deep_and_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "LARGEST", 1000)
    path = tmp_path / "run.log"
    path.write_text("older\n")
    path.chmod(0o644)
    logs.set_up(path)
    for number in range(100):
        log_event("feed", "wait", number, why="x" * 100)
    assert written(path)[-1].endswith("x" * 100)
    found = sorted(tmp_path.glob("run.log*"))
    assert [one.name for one in found] == ["run.log", *(f"run.log.{at}" for at in range(1, 5))]
    assert {one.stat().st_mode & 0o777 for one in found} == {0o600}
    assert all(one.stat().st_size <= 1000 for one in found)


def test_log_sizes_are_those_documented() -> None:
    assert (log_file.LARGEST, log_file.FILES) == (10 * 1024 * 1024, 5)


def test_full_disk_loses_lines_and_nothing_else() -> None:
    before = os.stat("/dev/full").st_mode
    ring = logs.set_up(Path("/dev/full"))
    for _ in range(50):
        log_event("feed", "wait", 1)
    logging.getLogger().handlers[-1].close()
    assert len(ring.lines()) == 50
    assert os.stat("/dev/full").st_mode == before


def test_file_that_cannot_be_opened_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        logs.set_up(tmp_path)
