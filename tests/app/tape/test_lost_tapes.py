"""Tapes that are deleted or moved while they are written."""

from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from harness.recordings import frames, gaps, until

from app.feed.recording import ClosedTape
from app.system.clock import ManualClock, SystemClock
from app.tape.destination import TapeDestination
from app.tape.entry import EntryKind
from app.tape.gap import Gap
from app.tape.reader import Tape
from app.tape.recorder import Recorder
from app.tape.recording_news import news
from app.tape.summary import summarise
from specs.user_message import UserMessage


def test_a_tape_that_is_deleted_is_followed_by_another_that_says_what_went_with_it(
    place: TapeDestination,
) -> None:
    recorder = Recorder(place, SystemClock())
    recorder.start()
    began = monotonic()
    for _ in range(3):
        recorder.record(EntryKind.FRAME, "before", began)
    until(lambda: recorder.recording.messages == 3)
    path, before = place.folder / recorder.recording.name, recorder.recording
    path.unlink()
    until(lambda: recorder.recording.begun == 2)
    recorder.record(EntryKind.FRAME, "after", monotonic())
    recorder.stop()
    took = monotonic() - began
    assert frames(path) == ["after"]
    [gap] = gaps(path)
    assert (gap.why, gap.missed) == ("record.why_lost", 3)
    assert 0 < gap.seconds <= took + 0.001
    with Tape(path) as tape:
        [hole] = summarise(tape).holes
    assert hole.missed == 3
    now = recorder.recording
    assert now.closed == (ClosedTape(path.name, 3, "lost"), ClosedTape(path.name, 1, "asked"))
    said = [(one.message, one.bad) for one in news(before, now)]
    assert said == [
        (UserMessage("record.lost", name=path.name, count="3"), True),
        (UserMessage("record.stopped", name=path.name, count="1"), False),
        (UserMessage("record.next", name=path.name), False),
    ]
    assert list(news(now, now)) == []


def test_a_tape_that_is_deleted_at_the_end_of_a_recording_or_a_session_is_said_too(
    recorder: Recorder, place: TapeDestination, clock: ManualClock
) -> None:
    recorder.start()
    recorder.record(EntryKind.FRAME, "night", clock.monotonic())
    until(lambda: recorder.recording.messages)
    (place.folder / recorder.recording.name).unlink()
    clock.move_to(clock.now() + timedelta(days=1))
    recorder.record(EntryKind.FRAME, "day", clock.monotonic())
    until(lambda: recorder.recording.begun == 2 and recorder.recording.messages)
    before, path = recorder.recording, place.folder / recorder.recording.name
    assert [one.why for one in before.closed] == ["lost"]
    [gap] = gaps(path)
    assert (gap.why, gap.missed) == ("record.why_lost", 1)
    path.unlink()
    recorder.stop()
    told = [(one.message, one.bad) for one in news(before, recorder.recording)]
    lost = UserMessage("record.lost", name=path.name, count="1")
    assert told == [(lost, True), (UserMessage("record.over"), False)]


@pytest.mark.parametrize("how", ["file", "folder"])
def test_a_tape_that_is_moved_is_whole_and_followed_by_another(
    place: TapeDestination, tmp_path: Path, how: str
) -> None:
    recorder = Recorder(place, SystemClock())
    recorder.start()
    recorder.record(EntryKind.FRAME, "before", monotonic())
    until(lambda: recorder.recording.messages)
    path, moved = place.folder / recorder.recording.name, tmp_path / "moved"
    if how == "file":
        path.rename(moved)
    else:
        place.folder.rename(moved)
    until(path.exists)
    recorder.record(EntryKind.FRAME, "after", monotonic())
    recorder.stop()
    assert frames(moved if how == "file" else moved / path.name) == ["before"]
    assert frames(path) == ["after"]
    assert gaps(path) == [Gap("record.why_moved", 0.0, 0)]
    with Tape(path) as tape:
        assert summarise(tape).holes == []
