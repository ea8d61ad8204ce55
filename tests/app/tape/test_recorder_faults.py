"""Folders that are gone or cannot be made, slow disks, hostile servers."""

import threading
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from harness.recordings import PATIENCE, entries, frames, gaps, until

from app.feed.link_step import LinkStep
from app.system.clock import ManualClock, SystemClock
from app.system.errors import UsageError
from app.system.secret import Secret
from app.tape.destination import TapeDestination
from app.tape.entry import EntryKind
from app.tape.gap import Gap
from app.tape.reader import Tape
from app.tape.recorder import Recorder
from app.tape.summary import summarise
from app.tape.writer import TapeWriter


def test_a_users_folder_that_is_gone_is_not_made_again_and_recorded_into_when_it_is_back(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    recorder = Recorder(TapeDestination(folder), SystemClock(), retry=0.1)
    recorder.start(strict=True)
    recorder.record(EntryKind.FRAME, "before", monotonic())
    until(lambda: recorder.recording.messages)
    folder.rename(tmp_path / "away")
    until(lambda: recorder.recording.trouble == "record.why_no_folder")
    recorder.record(EntryKind.FRAME, "meanwhile", monotonic())
    assert not folder.exists()
    folder.mkdir()
    until(lambda: not recorder.recording.trouble)
    recorder.stop()
    name = recorder.recording.name
    assert frames(tmp_path / "away" / name) == ["before"]
    assert frames(folder / name) == ["meanwhile"]
    assert {gap.missed for gap in gaps(folder / name)} == {0}


def test_a_folder_that_cannot_be_made_is_said_and_tried_again(tmp_path: Path) -> None:
    blocked = tmp_path / "tapes"
    blocked.write_text("a file where the folder belongs")
    said = threading.Event()
    recorder = Recorder(TapeDestination(blocked, is_generated=True), SystemClock(), retry=0.1)
    recorder.changed = said.set
    recorder.start()
    recorder.record(EntryKind.FRAME, "while it was blocked", 1.0)
    until(lambda: recorder.recording.trouble)
    assert said.is_set()
    assert recorder.recording.on
    blocked.unlink()
    until(lambda: not recorder.recording.trouble)
    recorder.stop()
    path = blocked / recorder.recording.name
    assert frames(path) == ["while it was blocked"]
    [gap] = gaps(path)
    assert gap.why == "os_error.not_a_folder"
    assert gap.missed == 0
    assert gap.seconds > 0
    with Tape(path) as tape:
        assert summarise(tape).holes == []


def test_a_folder_that_cannot_be_made_is_refused_where_a_recording_is_a_must(
    tmp_path: Path, clock: ManualClock
) -> None:
    (tmp_path / "tapes").write_text("")
    recorder = Recorder(TapeDestination(tmp_path / "tapes"), clock)
    with pytest.raises(UsageError, match=r"tapes"):
        recorder.start(strict=True)
    assert not recorder.recording.on
    recorder.record(EntryKind.FRAME, "x", 1.0)
    recorder.stop()


class Held:
    """Blocks every fsync, as a slow disk does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        self.reached, self.released = threading.Event(), threading.Event()
        work = getattr(TapeWriter, name)

        def held(writer: TapeWriter, *what: object) -> object:
            self.reached.set()
            self.released.wait(PATIENCE)
            return work(writer, *what)

        monkeypatch.setattr(TapeWriter, name, held)


def test_a_disk_that_syncs_slowly_holds_up_no_writing(
    place: TapeDestination, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Held(monkeypatch, "sync")
    recorder = Recorder(place, SystemClock())
    recorder.start()
    recorder.record(EntryKind.FRAME, "first", 1.0)
    until(disk.reached.is_set)
    for number in range(100):
        recorder.record(EntryKind.FRAME, f"{number}", 2.0)
    until(lambda: recorder.recording.messages == 101)
    disk.released.set()
    recorder.stop()
    assert len(frames(place.folder / recorder.recording.name)) == 101


def test_a_disk_that_writes_slowly_holds_up_no_feed_and_what_finds_no_room_is_counted(
    place: TapeDestination, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(place, clock, most=100_000)
    recorder.start()
    recorder.record(EntryKind.FRAME, "first", 0.0)
    until(lambda: recorder.recording.messages)
    disk = Held(monkeypatch, "write")
    began = monotonic()
    for number in range(2000):
        recorder.record(EntryKind.FRAME, f"0|{number:0100}", float(number))
    assert monotonic() - began < 1
    until(disk.reached.is_set)
    dropped = recorder.recording.dropped
    assert 1600 < dropped < 1800
    disk.released.set()
    until(lambda: recorder.recording.messages == 2001 - dropped)
    recorder.record(EntryKind.FRAME, "after", 2000.0)
    recorder.stop()
    path = place.folder / recorder.recording.name
    assert frames(path) == ["first", *(f"0|{n:0100}" for n in range(2000 - dropped)), "after"]
    [gap] = gaps(path)
    assert gap == Gap("record.why_slow", float(dropped), dropped)
    order = [e.kind for e in entries(path)]
    assert order[-3:] == [EntryKind.GAP, EntryKind.FRAME, EntryKind.END]


def test_what_found_no_room_while_the_folder_was_missing_is_a_hole_of_that_cause(
    tmp_path: Path, clock: ManualClock
) -> None:
    folder = tmp_path / "disk"
    recorder = Recorder(TapeDestination(folder), clock, retry=0.0, most=10_000)
    recorder.start()
    until(lambda: recorder.recording.trouble)
    for number in range(100):
        clock.move_to(clock.now() + timedelta(seconds=1))
        recorder.record(EntryKind.FRAME, f"0|{number:0100}", clock.monotonic())
    dropped = recorder.recording.dropped
    assert 0 < dropped < 100
    clock.move_to(clock.now() + timedelta(seconds=1))
    folder.mkdir()
    until(lambda: recorder.recording.messages == 100 - dropped)
    recorder.record(EntryKind.FRAME, "after", clock.monotonic())
    recorder.stop()
    waited, lost = gaps(folder / recorder.recording.name)
    assert (waited.why, waited.missed) == ("record.why_no_folder", 0)
    assert lost == Gap("record.why_no_folder", float(dropped), dropped)
    with Tape(folder / recorder.recording.name) as tape:
        first = next(e for e in tape.entries() if e.kind == EntryKind.FRAME)
        [hole] = summarise(tape).holes
    assert (hole.missed, hole.seconds) == (dropped, dropped)
    assert (hole.wall - first.wall) / 1e9 == pytest.approx(100 - dropped, abs=0.001)


def test_the_end_does_not_wait_for_a_disk_that_stands_still(
    place: TapeDestination, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Held(monkeypatch, "write")
    recorder = Recorder(place, clock)
    recorder.start()
    recorder.record(EntryKind.FRAME, "first", 0.0)
    until(disk.reached.is_set)
    began = monotonic()
    recorder.stop(wait=False)
    assert monotonic() - began < 0.5
    disk.released.set()
    until(lambda: "tape" not in {thread.name for thread in threading.enumerate()})
    assert frames(place.folder / recorder.recording.name) == ["first"]


def test_no_key_gets_into_a_tape(recorder: Recorder, place: TapeDestination) -> None:
    secret = "s3ntinel-of-an-approval-key"
    Secret(secret)
    named, cipher = "0bscure-value", "c1f3e71ec70e1b2d"
    recorder.start()
    for message in (
        f"0|H0EUCNT0|001|{secret}^1",
        f'{{"body":{{"output":{{"iv":"{cipher}","key":"{cipher}"}},"msg1":"{secret}"}}}}',
        f"<html appkey='{named}'>{secret}</html>",
    ):
        recorder.record(EntryKind.FRAME, message, 1.0)
        recorder.record(EntryKind.BINARY, message.encode(), 1.0)
    recorder.link(LinkStep(detail=f"refused: {secret}"), 1.0)
    recorder.stop()
    kept = b"".join(e.payload for e in entries(place.folder / recorder.recording.name))
    for key in (secret, named, cipher):
        assert key.encode() not in kept
    assert b"0|H0EUCNT0|001|***^1" in kept


def test_a_message_of_a_hostile_server_ends_no_recording(
    recorder: Recorder, place: TapeDestination
) -> None:
    recorder.start()
    for message in ("", "\0", "[" * 200_000, "가" * 150_000, "0|" + "^" * 400_000, "\udcff"):
        recorder.record(EntryKind.FRAME, message, 1.0)
    recorder.record(EntryKind.BINARY, bytes(range(256)), 1.0)
    recorder.record(EntryKind.FRAME, "last", 2.0)
    recorder.stop()
    assert recorder.recording.messages == 8
    assert entries(place.folder / recorder.recording.name, EntryKind.FRAME)[-1].payload == b"last"
