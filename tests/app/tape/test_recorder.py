"""A recording from its first message to its end: real files and threads, a clock that is moved."""

import os
import stat
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec
import pytest
from harness.recordings import entries, frames, until
from harness.tape_samples import FUTURE, OPTION, trade

from app.feed.link_step import LinkStep
from app.feed.phase import LinkPhase
from app.feed.recording import ClosedTape
from app.krx.calendar import KRX, Schedule
from app.system.clock import KST, Clock, ManualClock, ScaledClock
from app.tape.destination import TapeDestination
from app.tape.entry import EntryKind, TapeEntry
from app.tape.gap import EndEntry
from app.tape.keyframe import read
from app.tape.reader import Tape
from app.tape.recorder import Recorder
from app.tape.recording_news import news
from app.tape.summary import summarise
from specs.catalog import Session
from specs.user_message import UserMessage

NIGHT = datetime(2026, 11, 20, 18, tzinfo=KST)


def is_past(clock: Clock, seconds: float) -> bool:
    return clock.monotonic() >= seconds


def tapes(place: TapeDestination) -> list[str]:
    return sorted(path.name for path in place.folder.iterdir())


def test_what_was_taken_is_in_the_tape_with_its_times(
    recorder: Recorder, place: TapeDestination, clock: ManualClock
) -> None:
    recorder.start(strict=True)
    recorder.record(EntryKind.FRAME, "a", 1.5)
    clock.move_to(NIGHT.replace(second=1))
    recorder.record(EntryKind.FRAME, "가", 2.25)
    recorder.record(EntryKind.BINARY, b"\x00\xff", 3.0)
    recorder.stop()
    [first, second, third, last] = entries(place.folder / "20261123-night.ktape")
    seconds = int(NIGHT.timestamp())
    assert first == TapeEntry(EntryKind.FRAME, 1_500_000_000, seconds * 10**9, b"a")
    assert second == TapeEntry(EntryKind.FRAME, 2_250_000_000, (seconds + 1) * 10**9, "가".encode())
    assert (third.kind, third.payload) == (EntryKind.BINARY, b"\x00\xff")
    assert last.kind == EntryKind.END
    assert msgspec.json.decode(last.payload, type=EndEntry) == EndEntry("asked")


def test_before_the_start_and_after_the_end_nothing_is_recorded(
    recorder: Recorder, place: TapeDestination
) -> None:
    recorder.record(EntryKind.FRAME, "before", 1.0)
    assert not recorder.recording.on
    recorder.start()
    recorder.record(EntryKind.FRAME, "within", 2.0)
    recorder.stop()
    recorder.record(EntryKind.FRAME, "after", 3.0)
    recorder.stop()
    assert frames(place.folder / recorder.recording.name) == ["within"]
    assert not recorder.recording.on


def test_hear_keeps_text_and_binary_messages_apart(
    recorder: Recorder, place: TapeDestination
) -> None:
    recorder.record_message("before", 0.5)
    recorder.start()
    for at, message in enumerate(("text", b"\xff\x00", bytearray(b"\xfe"), None, 7)):
        recorder.record_message(message, float(at))
    recorder.stop()
    recorder.record_message(b"after", 9.0)
    until(lambda: not recorder.recording.on)
    found = entries(place.folder / recorder.recording.name, EntryKind.FRAME, EntryKind.BINARY)
    assert [(e.kind, e.payload) for e in found] == [
        (EntryKind.FRAME, b"text"),
        (EntryKind.BINARY, b"\xff\x00"),
        (EntryKind.BINARY, b"\xfe"),
    ]


@pytest.mark.parametrize(
    ("schedule", "name"),
    [
        (KRX, "20261120-day.ktape"),
        (Schedule(Session.NIGHT), "20261123-night.ktape"),
        (Schedule(Session.DAY), "20261120-day.ktape"),
    ],
)
def test_a_tape_is_named_by_the_session_that_the_run_goes_by(
    tmp_path: Path, schedule: Schedule, name: str
) -> None:
    clock = ManualClock(datetime(2026, 11, 20, 15, 40, tzinfo=KST))
    recorder = Recorder(TapeDestination(tmp_path, schedule=schedule), clock)
    recorder.start(strict=True)
    recorder.stop()
    assert [path.name for path in tmp_path.glob("*.ktape")] == [name]


def test_a_second_start_goes_on_with_the_same_tape(
    recorder: Recorder, place: TapeDestination
) -> None:
    recorder.start()
    recorder.record(EntryKind.FRAME, "first", 1.0)
    recorder.start()
    recorder.start(strict=True)
    recorder.record(EntryKind.FRAME, "second", 2.0)
    recorder.stop()
    until(lambda: not recorder.recording.on)
    assert tapes(place) == [recorder.recording.name]
    assert frames(place.folder / recorder.recording.name) == ["first", "second"]
    assert recorder.recording.begun == 1
    assert [one.messages for one in recorder.recording.closed] == [2]


def test_a_start_after_a_stop_begins_another_tape(
    recorder: Recorder, place: TapeDestination
) -> None:
    held: list[str] = []
    for message in ("first", "second"):
        recorder.start(strict=True)
        recorder.record(EntryKind.FRAME, message, 1.0)
        recorder.stop()
        until(lambda: not recorder.recording.on)
        held += frames(place.folder / recorder.recording.name)
    assert held == ["first", "second"]
    assert len(tapes(place)) == 2


def test_files_are_for_their_user_alone_and_named_by_trade_date_and_session(
    tmp_path: Path, clock: ManualClock
) -> None:
    old = os.umask(0)
    try:
        for demo in (False, True, False, False):
            recorder = Recorder(
                TapeDestination(tmp_path / "a" / "tapes", demo=demo, is_generated=True), clock
            )
            recorder.start()
            recorder.stop()
    finally:
        os.umask(old)
    names = {path.name for path in (tmp_path / "a" / "tapes").iterdir()}
    night = "20261123-night"
    wanted = {f"{night}{more}.ktape" for more in ("", "-demo", "-2", "-3")}
    assert names == wanted
    for path in (tmp_path / "a").rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600)
    with Tape(tmp_path / "a" / "tapes" / f"{night}-demo.ktape") as tape:
        assert tape.header.demo
        assert (tape.header.trade_date, tape.header.session) == ("2026-11-23", "night")
        assert tape.header.program.startswith("kis-tui ")


def test_a_recording_that_begins_later_knows_link_and_names(
    recorder: Recorder, place: TapeDestination
) -> None:
    step = LinkStep(LinkPhase.LIVE, epoch=3, used=2, limit=41)
    recorder.link(LinkStep(LinkPhase.DIAL), 1.0)
    recorder.link(step, 1.0)
    recorder.name({OPTION: "콜 1085"})
    recorder.miss({OPTION: 3.0})
    recorder.start()
    recorder.stop()
    path = place.folder / recorder.recording.name
    [first] = entries(path, EntryKind.LINK)
    assert msgspec.json.decode(first.payload, type=LinkStep) == step
    keyframe = read(entries(path, EntryKind.KEYFRAME)[0].payload)
    assert keyframe.names == {OPTION: "콜 1085"}
    assert keyframe.missed == {OPTION: 3.0}


def test_names_that_come_later_are_in_the_tape_though_no_segment_was_due(
    recorder: Recorder, place: TapeDestination, clock: ManualClock
) -> None:
    recorder.start()
    recorder.record(EntryKind.FRAME, "a", clock.monotonic())
    for _ in range(3):
        recorder.name({OPTION: "콜 1085"})
        recorder.record(EntryKind.FRAME, "b", clock.monotonic())
    recorder.stop()
    keyframes = entries(place.folder / recorder.recording.name, EntryKind.KEYFRAME)
    assert [read(e.payload).names for e in keyframes] == [{}, {OPTION: "콜 1085"}]


def test_the_end_of_a_session_begins_the_next_tape_a_minute_later(
    recorder: Recorder, place: TapeDestination, clock: ManualClock
) -> None:
    recorder.start()
    recorder.name({FUTURE: "미니"})
    taken: list[str] = []
    for at in ("20 23:59", "21 05:59", "21 06:00", "21 06:01", "23 08:40", "23 15:46", "23 16:00"):
        clock.move_to(datetime.strptime(f"2026-11-{at}", "%Y-%m-%d %H:%M").replace(tzinfo=KST))
        taken.append(trade(FUTURE, 0, len(taken) + 1))
        recorder.record(EntryKind.FRAME, taken[-1], clock.monotonic())
    recorder.stop()
    names = ["20261123-day.ktape", "20261123-night.ktape", "20261124-night.ktape"]
    assert tapes(place) == names
    assert frames(place.folder / names[1]) == taken[:3]
    assert frames(place.folder / names[0]) == taken[3:5]
    assert frames(place.folder / names[2]) == taken[5:]
    ending = entries(place.folder / names[1])[-1]
    assert msgspec.json.decode(ending.payload, type=EndEntry) == EndEntry("session")
    keyframe = read(entries(place.folder / names[0], EntryKind.KEYFRAME)[0].payload)
    assert [told.frame for told in keyframe.frames] == taken[2:3]
    assert keyframe.names == {FUTURE: "미니"}


def test_without_a_message_the_next_tape_begins_by_the_clock(
    recorder: Recorder, place: TapeDestination, clock: ManualClock
) -> None:
    recorder.start()
    until(lambda: recorder.recording.name)
    clock.move_to(datetime(2026, 11, 21, 6, 1, tzinfo=KST))
    until(lambda: recorder.recording.name == "20261123-day.ktape")


def test_no_message_is_lost_where_a_session_ends_in_a_burst(
    recorder: Recorder, place: TapeDestination, clock: ManualClock
) -> None:
    recorder.start()
    end = datetime(2026, 11, 21, 6, 1, tzinfo=KST).timestamp()
    for number in range(20_000):
        if number % 100 == 0:
            clock.move_to(datetime.fromtimestamp(end + (number - 10_000) / 1000, KST))
        recorder.record(EntryKind.FRAME, f"0|{number}", clock.monotonic())
    recorder.stop()
    until(lambda: not recorder.recording.on)
    night, day = (frames(place.folder / f"20261123-{name}.ktape") for name in ("night", "day"))
    assert night + day == [f"0|{number}" for number in range(20_000)]
    assert len(night) == 10_000


def test_each_tape_has_its_own_count_and_its_end_is_told(
    recorder: Recorder, place: TapeDestination, clock: ManualClock
) -> None:
    recorder.start()
    before = recorder.recording
    for number in range(3):
        recorder.record(EntryKind.FRAME, f"0|{number}", clock.monotonic())
    recorder.link(LinkStep(LinkPhase.LIVE), clock.monotonic())
    clock.move_to(datetime(2026, 11, 21, 6, 1, tzinfo=KST))
    recorder.record(EntryKind.FRAME, "0|3", clock.monotonic())
    recorder.stop()
    night, day = (f"20261123-{name}.ktape" for name in ("night", "day"))
    now = recorder.recording
    assert now.closed == (ClosedTape(night, 3, "session"), ClosedTape(day, 1, "asked"))
    for one in now.closed:
        with Tape(place.folder / one.name) as tape:
            assert summarise(tape).frames == one.messages
    said = [one.message for one in news(before, now)]
    assert UserMessage("record.stopped", name=night, count="3") in said
    assert UserMessage("record.stopped", name=day, count="1") in said


def test_the_times_of_a_hurried_clock_run_alike(place: TapeDestination) -> None:
    clock = ScaledClock(NIGHT, 60.0)
    recorder = Recorder(place, clock, speed=60.0)
    recorder.start()
    began = clock.monotonic()
    for number in range(4):
        until(partial(is_past, clock, began + number * 0.1))
        recorder.record(EntryKind.FRAME, f"0|{number}", clock.monotonic())
    recorder.stop()
    first, *_, last = entries(place.folder / recorder.recording.name, EntryKind.FRAME)
    gone = (last.monotonic - first.monotonic) / 1e9
    assert gone >= 0.3 * 60
    assert (last.wall - first.wall) / 1e9 == pytest.approx(gone, abs=1.0)


def test_a_file_that_was_asked_for_holds_all_sessions(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / "mine.ktape"
    recorder = Recorder(TapeDestination(tmp_path, path), clock)
    recorder.start(strict=True)
    recorder.record(EntryKind.FRAME, "night", 1.0)
    clock.move_to(datetime(2026, 11, 23, 9, tzinfo=KST))
    recorder.record(EntryKind.FRAME, "day", 2.0)
    recorder.stop()
    assert list(tmp_path.glob("*.ktape")) == [path]
    assert frames(path) == ["night", "day"]
