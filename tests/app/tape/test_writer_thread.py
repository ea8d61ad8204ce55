"""The work of the writer thread, one part at a time: drain, look, halt and resume."""

import errno
import logging
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from harness.log_lines import capture_log
from harness.recordings import entries, gaps
from harness.tape_samples import FUTURE, trade

from app.feed.recording import ClosedTape, Recording
from app.system.clock import KST, ManualClock
from app.tape.backlog import Backlog, StateNote
from app.tape.destination import TapeDestination
from app.tape.entry import EntryKind
from app.tape.gap import EndEntry, Gap
from app.tape.keyframe import KeyframeBuilder, read
from app.tape.tape_set import TapeSet
from app.tape.writer import TapeWriter
from app.tape.writer_thread import GATHER, LOOK, RETRY, WriterThread

NIGHT = datetime(2026, 11, 20, 18, tzinfo=KST)
NAME = "20261123-night.ktape"
FRAME = EntryKind.FRAME


class StillWriter:
    """A writer thread that is not started: each part of its work is a call."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.folder, self.clock = folder, clock
        self.backlog, self.heads = Backlog(clock), KeyframeBuilder()
        self.changes = 0
        shared = clock, self.backlog, self.heads
        place = TapeDestination(folder, is_generated=True)
        self.series = TapeSet(place, *shared, changed=self._change, make_room=lambda _: 0)
        self.thread = WriterThread(self.series, *shared, changed=self._change)

    def _change(self) -> None:
        self.changes += 1

    def add(self, *texts: str) -> None:
        for text in texts:
            self.backlog.add(FRAME, text, self.clock.monotonic())

    def drain(self) -> None:
        self.thread._trying(self.thread._drain)

    def look(self) -> None:
        self.thread._trying(self.thread._look)

    def end(self) -> None:
        """End the tape, and wait until its file is closed."""
        self.thread._trying(self.thread._drain)
        self.series.close("asked")
        self.series.syncer.stop(10.0)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NIGHT)


@pytest.fixture
def still(tmp_path: Path, clock: ManualClock) -> StillWriter:
    return StillWriter(tmp_path / "tapes", clock)


def test_a_writer_thread_has_recorded_nothing_before_it_begins(still: StillWriter) -> None:
    assert still.thread.recording == Recording(True, "", 0, 0, 0, "", 0, 0, ())
    assert (GATHER, LOOK, RETRY) == (0.08, 1.0, 5.0)


def test_a_drain_writes_what_waits_with_its_times(still: StillWriter, clock: ManualClock) -> None:
    still.add("a", "b")
    still.backlog.add(EntryKind.BINARY, b"c", clock.monotonic())
    still.backlog.add(EntryKind.LINK, "{}", clock.monotonic())
    still.drain()
    assert not still.backlog.waiting
    now, size = still.thread.recording, (still.folder / NAME).stat().st_size
    assert now == Recording(True, NAME, 3, size, 0, "", 0, 1, ())
    still.end()
    assert [(e.kind, e.payload) for e in entries(still.folder / NAME)[:4]] == [
        (FRAME, b"a"), (FRAME, b"b"), (EntryKind.BINARY, b"c"), (EntryKind.LINK, b"{}"),
    ]  # fmt: skip


def test_notes_are_for_the_next_keyframe(still: StillWriter, clock: ManualClock) -> None:
    def note(name: str, *, at_once: bool) -> None:
        told = StateNote(lambda heads: heads.name({FUTURE: name}), at_once)
        still.backlog.add(EntryKind.KEYFRAME, told, clock.monotonic())

    still.add("a")
    note("later", at_once=False)
    still.add("b")
    note("now", at_once=True)
    note("now", at_once=False)
    still.add(trade(FUTURE, 0, 1))
    note("last", at_once=True)
    still.add("c")
    still.drain()
    assert still.thread.recording.messages == 4
    still.end()
    kinds = (EntryKind.KEYFRAME, FRAME)
    found = [
        read(e.payload).names.get(FUTURE, "") if e.kind == EntryKind.KEYFRAME else e.payload[:1]
        for e in entries(still.folder / NAME, *kinds)
    ]
    assert found == ["", b"a", b"b", "now", b"0", "last", b"c"]
    last = [e for e in entries(still.folder / NAME, *kinds) if e.kind == EntryKind.KEYFRAME][-1]
    assert [one.frame for one in read(last.payload).frames] == [trade(FUTURE, 0, 1)]


def test_an_entry_after_the_session_begins_the_next_tape_but_an_end_does_not(
    still: StillWriter, clock: ManualClock
) -> None:
    still.add("night")
    still.drain()
    # The night ends at 06:00, and a minute later its tape.
    for at, name in (("06:00:59.999", NAME), ("06:01:00", "20261123-day.ktape")):
        clock.move_to(datetime.fromisoformat(f"2026-11-21T{at}+09:00"))
        still.add(at)
        still.drain()
        assert still.thread.recording.name == name
    assert still.thread.recording.closed == (ClosedTape(NAME, 2, "session"),)
    clock.move_to(datetime(2026, 11, 24, 12, tzinfo=KST))
    still.backlog.close(EntryKind.END, b'{"why":"asked"}', clock.monotonic())
    still.drain()
    assert still.thread.recording.name == "20261123-day.ktape"


@pytest.mark.parametrize(
    ("seconds", "waits", "name"),
    [(0.9, False, NAME), (1.0, False, "20261123-day.ktape"), (1.0, True, NAME)],
)
def test_a_look_at_the_calendar_comes_once_a_second_and_not_before_what_waits(
    still: StillWriter, clock: ManualClock, seconds: float, waits: bool, name: str
) -> None:
    still.add("night")
    still.drain()
    clock.move_to(datetime(2026, 11, 21, 6, 0, 59, 500_000, tzinfo=KST))
    still.look()
    clock.move_to(clock.now() + timedelta(seconds=seconds))
    if waits:
        still.add("waits")
    still.look()
    assert still.thread.recording.name == name


def test_a_look_raises_what_the_disk_said_of_a_sync(still: StillWriter, clock: ManualClock) -> None:
    still.add("a")
    still.drain()
    still.series.syncer._failure = OSError(errno.EIO, "sync")
    clock.move_to(NIGHT + timedelta(seconds=5))
    still.look()
    assert still.thread.recording.trouble
    assert still.thread.recording.closed == (ClosedTape(NAME, 1, "trouble"),)


def test_a_look_finds_a_deleted_tape_and_begins_another(
    still: StillWriter, clock: ManualClock
) -> None:
    still.add("a", "b")
    still.drain()
    (still.folder / NAME).unlink()
    clock.move_to(NIGHT + timedelta(seconds=5))
    still.look()
    now = still.thread.recording
    assert (now.closed, now.begun) == ((ClosedTape(NAME, 2, "lost"),), 2)
    still.end()
    assert gaps(still.folder / NAME) == [Gap("record.why_lost", 5.0, 2)]


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let every write of an entry fail."""

    def write(*_: object) -> None:
        raise error

    monkeypatch.setattr(TapeWriter, "write", write)


@pytest.mark.parametrize(
    ("number", "trouble", "closed"),
    [
        (errno.ENOSPC, "record.why_full", ()),
        (errno.EIO, None, (ClosedTape(NAME, 1, "trouble"),)),
    ],
)
def test_what_cannot_be_written_waits_for_five_seconds_and_is_then_written(
    still: StillWriter,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    trouble: str | None,
    closed: tuple[ClosedTape, ...],
) -> None:
    still.add("before")
    still.drain()
    changes = still.changes
    with monkeypatch.context() as patch, capture_log() as log:
        failing(patch, OSError(number, "write"))
        still.add("waits")
        for _ in range(3):
            still.drain()
        # The first error alone is one of a change.
        assert still.changes == changes + 1
        assert [line for line in log.lines() if "halted" in line][1:] == []
    why = still.thread.recording.trouble
    assert why == (trouble or why) != ""
    assert (still.backlog.trouble, still.thread.recording.closed) == (why, closed)
    clock.move_to(NIGHT + timedelta(seconds=4.9))
    still.look()
    still.drain()
    assert (still.thread.recording.trouble, len(still.backlog.waiting)) == (why, 1)
    clock.move_to(NIGHT + timedelta(seconds=5))
    with capture_log() as log:
        still.drain()
        [line] = [line for line in log.lines() if "resumed" in line]
    assert "after=5.0s dropped=0" in line
    assert (still.thread.recording.trouble, still.backlog.trouble) == ("", "")
    assert not still.backlog.waiting
    path = still.series.path
    assert path is not None
    still.end()
    assert gaps(path) == [Gap(why, 5.0, 0)]


def test_the_gap_lasts_from_the_first_error_on(
    still: StillWriter, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    still.add("before")
    still.drain()
    with monkeypatch.context() as patch, capture_log() as log:
        failing(patch, OSError(errno.ENOSPC, "write"))
        still.add("waits")
        for seconds in (0, 5, 10):
            clock.move_to(NIGHT + timedelta(seconds=seconds))
            still.drain()
        assert not any("resumed" in line for line in log.lines())
    clock.move_to(NIGHT + timedelta(seconds=14))
    still.drain()
    assert still.thread.recording.trouble
    clock.move_to(NIGHT + timedelta(seconds=15))
    still.end()
    assert gaps(still.folder / NAME) == [Gap("record.why_full", 15.0, 0)]


def test_an_unexpected_error_costs_the_entry_that_raised_it(
    still: StillWriter, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    still.add("before")
    still.drain()
    with monkeypatch.context() as patch, capture_log(logging.ERROR) as log:
        failing(patch, ValueError("entry"))
        still.add("bad", "waits")
        still.drain()
        assert sum("tape failed" in line for line in log.lines()) == 1
    assert [message for _, message, *_ in still.backlog.waiting] == ["waits"]
    now = still.thread.recording
    assert (now.dropped, now.trouble) == (1, "record.why_failed")
    clock.move_to(NIGHT + timedelta(seconds=5))
    still.drain()
    path = still.series.path
    assert path is not None
    still.end()
    assert gaps(path) == [Gap("record.why_failed", 0.0, 1), Gap("record.why_failed", 5.0, 0)]


def test_an_unexpected_error_without_entries_drops_none(
    still: StillWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ValueError

    still.thread._trying(fail)
    assert (still.thread.recording.dropped, still.series.gaps) == (0, [])
    assert still.thread.recording.trouble == "record.why_failed"


def test_a_thread_that_closes_tries_though_it_is_not_time(
    still: StillWriter, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        failing(patch, OSError(errno.ENOSPC, "write"))
        still.add("waits")
        still.drain()
    still.thread.close(0.0)
    still.drain()
    assert not still.backlog.waiting


def test_a_thread_that_ends_says_so_and_counts_what_it_did_not_write(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    still = StillWriter(tmp_path / "tapes", clock)
    failing(monkeypatch, OSError(errno.ENOSPC, "write"))
    still.add("a", "b", "c")
    changes = still.changes
    still.thread.start()
    still.thread.close(10.0)
    assert (still.thread.recording.dropped, still.thread.recording.on) == (3, False)
    assert still.changes >= changes + 2
    assert still.thread.recording.closed == (ClosedTape(NAME, 0, "asked"),)


def test_open_makes_the_file_of_what_waits_first(still: StillWriter, clock: ManualClock) -> None:
    still.add("night")
    clock.move_to(datetime(2026, 11, 21, 7, tzinfo=KST))
    still.thread.open()
    assert still.thread.recording.name == NAME
    still.thread._begin()
    assert still.thread.recording.begun == 1
    still.end()
    [ending] = entries(still.folder / NAME, EntryKind.END)
    assert msgspec.json.decode(ending.payload, type=EndEntry) == EndEntry("asked")
