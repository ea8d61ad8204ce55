"""The sync thread: which tape it syncs, and when it leaves a file alone."""

import errno
import threading
from pathlib import Path

import pytest

from app.tape import syncer
from app.tape.entry import Header
from app.tape.syncer import Syncer
from app.tape.writer import TapeWriter

PATIENCE = 10.0


class CountedWriter(TapeWriter):
    """A writer that counts its syncs, and fails them with a number of errno if there is one."""

    failing = 0

    def __init__(self, path: Path) -> None:
        self.syncs = 0
        self.synced, self.closed = threading.Event(), threading.Event()
        super().__init__(path, Header("2026-12-01", "night"))

    def sync(self) -> None:
        self.syncs += 1
        self.synced.set()
        if self.failing:
            raise OSError(self.failing, "sync")

    def close(self) -> None:
        super().close()
        self.closed.set()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncer, "EVERY", 0.01)


def test_a_closed_tape_is_synced_once_more_and_then_left_alone(tmp_path: Path) -> None:
    thread, first = Syncer(), CountedWriter(tmp_path / "a.ktape")
    thread.add(first)
    assert first.synced.wait(PATIENCE)
    thread.close(first)
    assert first.closed.wait(PATIENCE)
    count, second = first.syncs, CountedWriter(tmp_path / "b.ktape")
    assert thread._current is None
    thread.add(second)
    assert second.synced.wait(PATIENCE)
    thread.close(second)
    thread.stop(PATIENCE)
    assert second.closed.is_set()
    assert first.syncs == count


@pytest.mark.parametrize(
    ("failing", "is_failure"),
    [(0, False), (errno.EIO, True), (errno.EINVAL, False), (errno.ENOTSUP, False),
     (errno.EBADF, False), (errno.ENOSPC, True)],
)  # fmt: skip
def test_a_failed_sync_is_reported_once_unless_the_disk_knows_no_sync(
    tmp_path: Path, failing: int, is_failure: bool
) -> None:
    thread, writer = Syncer(), CountedWriter(tmp_path / "a.ktape")
    writer.failing = failing
    thread.add(writer)
    assert writer.synced.wait(PATIENCE)
    thread.close(writer)
    thread.stop(PATIENCE)
    assert writer.closed.is_set()
    failure = thread.failure()
    assert (failure is not None) is is_failure
    assert failure is None or failure.errno == failing
    assert thread.failure() is None


def test_an_unchanged_tape_is_not_synced_again(tmp_path: Path) -> None:
    thread, writer = Syncer(), CountedWriter(tmp_path / "a.ktape")
    thread.add(writer)
    assert writer.synced.wait(PATIENCE)
    threading.Event().wait(0.2)
    assert writer.syncs == 1
    thread.close(writer)
    thread.stop(PATIENCE)
    assert writer.syncs == 2
