"""The tapes of one recording: their names, ends and gaps, and the counts of each."""

import errno
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from harness.log_lines import capture_log
from harness.recordings import entries, gaps

from app.feed.recording import ClosedTape
from app.system.clock import KST, ManualClock
from app.tape.backlog import Backlog
from app.tape.destination import TapeDestination
from app.tape.entry import EntryKind, Header, TapeEntry
from app.tape.gap import EndEntry, Gap
from app.tape.keyframe import KeyframeBuilder, read
from app.tape.reader import Tape
from app.tape.tape_set import TapeSet
from app.tape.times import nanoseconds
from app.tape.writer import TapeWriter

NIGHT = datetime(2026, 11, 20, 18, tzinfo=KST)
NAME = "20261123-night.ktape"
NEVER = 1 << 63


class Recorded:
    """A set of tapes in a folder, on a clock that is moved."""

    def __init__(self, folder: Path, *, file: Path | None = None, demo: bool = False) -> None:
        self.folder, self.clock = folder, ManualClock(NIGHT)
        self.backlog, self.heads = Backlog(self.clock), KeyframeBuilder()
        self.changes = 0
        self.room: list[Path] = []
        self.set = TapeSet(
            TapeDestination(folder, file, demo, is_generated=file is None),
            self.clock,
            self.backlog,
            self.heads,
            changed=self._change,
            make_room=self._make_room,
        )

    def _change(self) -> None:
        self.changes += 1

    def _make_room(self, path: Path) -> int:
        self.room.append(path)
        return 2

    def now(self) -> tuple[int, int]:
        return self.backlog.ticks(self.clock.monotonic()), nanoseconds(self.clock.now())

    def write(self, text: str) -> None:
        writer = self.set.ready(*self.now())
        writer.write(TapeEntry(EntryKind.FRAME, *self.now(), text.encode()))

    def stop(self) -> None:
        self.set.syncer.stop(10.0)


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    return Recorded(tmp_path / "tapes")


def test_a_set_without_tapes_has_written_nothing(recorded: Recorded) -> None:
    found = recorded.set
    assert (found.writer, found.path, found.until, found.due) == (None, None, NEVER, False)
    assert (found.gaps, found.messages, found.begun, found.closed, found.removed) == (
        [], 0, 0, (), 0,
    )  # fmt: skip
    found.close("asked")
    assert not found.release()
    assert (found.closed, recorded.changes) == ((), 0)
    recorded.stop()


def test_a_tape_is_begun_with_its_name_header_and_end(recorded: Recorded) -> None:
    recorded.set.messages = 7
    with capture_log() as log:
        recorded.set.open(*recorded.now())
    assert [line.partition(" tape ")[2] for line in log.lines()] == [f"begun={NAME} session=night"]
    found = recorded.set
    assert found.path == recorded.folder / NAME
    assert (found.messages, found.begun, found.removed, recorded.changes) == (0, 1, 2, 1)
    assert recorded.room == [found.path]
    assert found.until == nanoseconds(datetime(2026, 11, 21, 6, 1, tzinfo=KST))
    found.close("asked")
    recorded.stop()
    with Tape(recorded.folder / NAME) as tape:
        assert (tape.header.trade_date, tape.header.session) == ("2026-11-23", "night")
        assert (tape.header.demo, tape.header.version) == (False, 1)
        assert tape.header.program.startswith("kis-tui ")


def test_a_tape_whose_name_is_taken_gets_a_number(recorded: Recorded) -> None:
    for name in (NAME, "20261123-night-2.ktape", "20261123-night-3.ktape"):
        recorded.set.open(*recorded.now())
        assert recorded.set.path == recorded.folder / name
        recorded.set.close("session", say=False)
    assert [one.name for one in recorded.set.closed][1:] == [
        "20261123-night-2.ktape", "20261123-night-3.ktape",
    ]  # fmt: skip
    assert (recorded.set.begun, recorded.set.removed) == (3, 6)
    recorded.stop()


def test_where_every_name_is_taken_there_is_no_tape(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*_: object) -> None:
        raise FileExistsError

    monkeypatch.setattr("app.tape.tape_set.TapeWriter", taken)
    with pytest.raises(FileExistsError) as caught:
        recorded.set.open(*recorded.now())
    assert caught.value.errno == errno.EEXIST
    assert (recorded.set.begun, recorded.changes) == (0, 0)
    recorded.stop()


def test_a_file_that_was_asked_for_is_never_over(tmp_path: Path) -> None:
    one = Recorded(tmp_path, file=tmp_path / "mine.ktape", demo=True)
    one.set.open(*one.now())
    assert one.set.until == NEVER
    one.set.close("asked")
    one.stop()
    with Tape(tmp_path / "mine.ktape") as tape:
        assert tape.header.demo


def test_a_tape_of_an_impossible_time_is_named_by_the_clock(recorded: Recorded) -> None:
    recorded.set.open(0, 2**62)
    assert recorded.set.path == recorded.folder / NAME
    recorded.set.close("asked", say=False)
    recorded.stop()


def test_what_waits_first_tells_the_times(recorded: Recorded) -> None:
    assert recorded.set.times() == recorded.now()
    recorded.backlog.add(EntryKind.FRAME, "a", recorded.clock.monotonic())
    waiting = recorded.now()
    recorded.clock.move_to(NIGHT + timedelta(seconds=9))
    assert recorded.set.times() == waiting != recorded.now()
    recorded.stop()


def test_gaps_come_before_the_next_entry_and_after_a_keyframe_that_is_due(
    recorded: Recorded,
) -> None:
    recorded.write("a")
    recorded.heads.name({"A01612": "F"})
    recorded.set.due = True
    recorded.set.gaps += [Gap("x", 1.0, 2), Gap("y", 3.0, None)]
    recorded.write("b")
    assert (recorded.set.gaps, recorded.set.due) == ([], False)
    recorded.write("c")
    recorded.set.close("asked")
    recorded.stop()
    kinds = [e.kind for e in entries(recorded.folder / NAME, *EntryKind)]
    assert bytes(kinds) == b"KFKGGFFE"
    assert gaps(recorded.folder / NAME) == [Gap("x", 1.0, 2), Gap("y", 3.0, None)]
    [_, second] = entries(recorded.folder / NAME, EntryKind.KEYFRAME)
    assert read(second.payload).names == {"A01612": "F"}


@pytest.mark.parametrize(("seconds", "segments"), [(300.0, 1), (300.5, 2)])
def test_an_end_begins_a_segment_where_one_is_due(
    recorded: Recorded, seconds: float, segments: int
) -> None:
    recorded.write("a")
    recorded.clock.move_to(NIGHT + timedelta(seconds=seconds))
    with capture_log() as log:
        recorded.set.close("session")
    ended = f"ended={NAME} why=session messages=0"
    assert [line.partition(" tape ")[2] for line in log.lines()] == [ended]
    recorded.stop()
    with Tape(recorded.folder / NAME) as tape:
        assert len(tape.segments) == segments
        *_, last = tape.entries()
    assert (last.monotonic, last.wall) == recorded.now()
    assert msgspec.json.decode(last.payload, type=EndEntry) == EndEntry("session")


def test_a_tape_that_is_closed_without_a_word_has_no_end(recorded: Recorded) -> None:
    recorded.write("a")
    recorded.set.messages = 1
    recorded.set.close("trouble", say=False)
    recorded.stop()
    assert [e.kind for e in entries(recorded.folder / NAME)] == [EntryKind.FRAME]
    assert recorded.set.closed == (ClosedTape(NAME, 1, "trouble"),)
    assert recorded.set.writer is None


def test_an_end_that_cannot_be_written_is_left_out(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "write")

    recorded.write("a")
    with monkeypatch.context() as patch:
        patch.setattr(TapeWriter, "write", full)
        recorded.set.close("asked")
    recorded.stop()
    assert recorded.set.closed == (ClosedTape(NAME, 0, "asked"),)


@pytest.mark.parametrize(
    ("moved", "why", "gap"),
    [
        (True, "moved", Gap("record.why_moved", 0.0, 0)),
        (False, "lost", Gap("record.why_lost", 9.5, 3)),
    ],
)
def test_a_tape_that_is_gone_says_how_in_the_next_one(
    recorded: Recorded, moved: bool, why: str, gap: Gap
) -> None:
    recorded.write("a")
    assert not recorded.set.release()
    recorded.set.messages = 3
    path = recorded.folder / NAME
    if moved:
        path.rename(recorded.folder / "moved.ktape")
    else:
        path.unlink()
    recorded.clock.move_to(NIGHT + timedelta(seconds=9.5))
    assert recorded.set.release()
    assert (recorded.set.closed, recorded.set.gaps) == ((ClosedTape(NAME, 3, why),), [gap])
    assert not recorded.set.release()
    recorded.write("b")
    recorded.set.close("asked")
    recorded.stop()
    assert gaps(path) == [gap]


def test_a_lost_tape_that_was_begun_later_lasted_no_time(recorded: Recorded) -> None:
    recorded.clock.move_to(NIGHT + timedelta(seconds=60))
    recorded.set.open(*recorded.now())
    (recorded.folder / NAME).unlink()
    recorded.clock.move_to(NIGHT)
    recorded.backlog.add(EntryKind.FRAME, "a", recorded.clock.monotonic() - 90)
    recorded.set.close("asked")
    assert recorded.set.gaps == [Gap("record.why_lost", 0.0, 0)]
    recorded.stop()


def test_a_header_of_a_tape_has_defaults() -> None:
    assert Header("a", "b") == Header("a", "b", False, "", 1)
