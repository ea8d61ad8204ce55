"""A recording from its first message to its end: real files and threads, a clock that is moved."""

import os
import stat
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

import msgspec
import pytest
from tapes import FUTURE, OPTION, trade

from app.clock import KST, ManualClock, SystemClock
from app.errors import UsageError
from app.feed.phase import Phase
from app.secret import Secret
from app.tape.entry import Entry, Kind
from app.tape.gap import Ending, Gap
from app.tape.keyframe import read
from app.tape.link_step import LinkStep
from app.tape.place import TapePlace
from app.tape.reader import Tape
from app.tape.recorder import Recorder
from app.tape.writer import TapeWriter

PATIENCE = 5.0
NIGHT = datetime(2026, 11, 20, 18, tzinfo=KST)


def until(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = monotonic() + PATIENCE
    while not condition():
        assert monotonic() < end, "not so"
        sleep(0.005)


def entries(path: Path, *kinds: Kind) -> list[Entry]:
    """The entries of a sound tape, of these kinds or of all but keyframes."""
    with Tape(path) as tape:
        found = list(tape.entries())
        assert (tape.damage.entries, tape.damage.segments, tape.torn()) == (0, 0, 0)
    return [e for e in found if (e.kind in kinds if kinds else e.kind != Kind.KEYFRAME)]


def gaps(path: Path) -> list[Gap]:
    return [msgspec.json.decode(e.payload, type=Gap) for e in entries(path, Kind.GAP)]


def frames(path: Path) -> list[str]:
    return [e.payload.decode() for e in entries(path, Kind.FRAME)]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NIGHT)


@pytest.fixture
def place(tmp_path: Path) -> TapePlace:
    return TapePlace(tmp_path / "tapes")


@pytest.fixture
def recorder(place: TapePlace, clock: ManualClock) -> Iterator[Recorder]:
    made = Recorder(place, clock)
    yield made
    made.stop()


def tapes(place: TapePlace) -> list[str]:
    return sorted(path.name for path in place.folder.iterdir())


def test_what_was_taken_is_in_the_tape_with_its_times(
    recorder: Recorder, place: TapePlace, clock: ManualClock
) -> None:
    recorder.start(strict=True)
    recorder.take(Kind.FRAME, "a", 1.5)
    clock.move_to(NIGHT.replace(second=1))
    recorder.take(Kind.FRAME, "가", 2.25)
    recorder.take(Kind.BINARY, b"\x00\xff", 3.0)
    recorder.stop()
    [first, second, third, last] = entries(place.folder / "20261123-night.ktape")
    seconds = int(NIGHT.timestamp())
    assert first == Entry(Kind.FRAME, 1_500_000_000, seconds * 10**9, b"a")
    assert second == Entry(Kind.FRAME, 2_250_000_000, (seconds + 1) * 10**9, "가".encode())
    assert (third.kind, third.payload) == (Kind.BINARY, b"\x00\xff")
    assert last.kind == Kind.END
    assert msgspec.json.decode(last.payload, type=Ending) == Ending("asked")


def test_before_the_start_and_after_the_end_nothing_is_recorded(
    recorder: Recorder, place: TapePlace
) -> None:
    recorder.take(Kind.FRAME, "before", 1.0)
    assert not recorder.recording.on
    recorder.start()
    recorder.take(Kind.FRAME, "within", 2.0)
    recorder.stop()
    recorder.take(Kind.FRAME, "after", 3.0)
    recorder.stop()
    assert frames(place.folder / recorder.recording.name) == ["within"]
    assert not recorder.recording.on


def test_files_are_for_their_user_alone_and_named_by_trade_date_and_session(
    tmp_path: Path, clock: ManualClock
) -> None:
    old = os.umask(0)
    try:
        for demo in (False, True, False, False):
            recorder = Recorder(TapePlace(tmp_path / "a" / "tapes", demo=demo), clock)
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
    recorder: Recorder, place: TapePlace
) -> None:
    step = LinkStep(Phase.LIVE, epoch=3, used=2, limit=41)
    recorder.link(LinkStep(Phase.DIAL), 1.0)
    recorder.link(step, 1.0)
    recorder.name({OPTION: "콜 1085"})
    recorder.miss({OPTION: 3.0})
    recorder.start()
    recorder.stop()
    path = place.folder / recorder.recording.name
    [first] = entries(path, Kind.LINK)
    assert msgspec.json.decode(first.payload, type=LinkStep) == step
    keyframe = read(entries(path, Kind.KEYFRAME)[0].payload)
    assert keyframe.names == {OPTION: "콜 1085"}
    assert keyframe.missed == {OPTION: 3.0}


def test_names_that_come_later_are_in_the_tape_though_no_segment_was_due(
    recorder: Recorder, place: TapePlace, clock: ManualClock
) -> None:
    recorder.start()
    recorder.take(Kind.FRAME, "a", clock.monotonic())
    for _ in range(3):
        recorder.name({OPTION: "콜 1085"})
        recorder.take(Kind.FRAME, "b", clock.monotonic())
    recorder.stop()
    keyframes = entries(place.folder / recorder.recording.name, Kind.KEYFRAME)
    assert [read(e.payload).names for e in keyframes] == [{}, {OPTION: "콜 1085"}]


def test_the_end_of_a_session_begins_the_next_tape_a_minute_later(
    recorder: Recorder, place: TapePlace, clock: ManualClock
) -> None:
    recorder.start()
    recorder.name({FUTURE: "미니"})
    taken: list[str] = []
    for at in ("20 23:59", "21 05:59", "21 06:00", "21 06:01", "23 08:40", "23 15:46", "23 16:00"):
        clock.move_to(datetime.strptime(f"2026-11-{at}", "%Y-%m-%d %H:%M").replace(tzinfo=KST))
        taken.append(trade(FUTURE, 0, len(taken) + 1))
        recorder.take(Kind.FRAME, taken[-1], clock.monotonic())
    recorder.stop()
    names = ["20261123-day.ktape", "20261123-night.ktape", "20261124-night.ktape"]
    assert tapes(place) == names
    assert frames(place.folder / names[1]) == taken[:3]
    assert frames(place.folder / names[0]) == taken[3:5]
    assert frames(place.folder / names[2]) == taken[5:]
    ending = entries(place.folder / names[1])[-1]
    assert msgspec.json.decode(ending.payload, type=Ending) == Ending("session")
    keyframe = read(entries(place.folder / names[0], Kind.KEYFRAME)[0].payload)
    assert [told.frame for told in keyframe.frames] == taken[2:3]
    assert keyframe.names == {FUTURE: "미니"}


def test_without_a_message_the_next_tape_begins_by_the_clock(
    recorder: Recorder, place: TapePlace, clock: ManualClock
) -> None:
    recorder.start()
    until(lambda: recorder.recording.name)
    clock.move_to(datetime(2026, 11, 21, 6, 1, tzinfo=KST))
    until(lambda: recorder.recording.name == "20261123-day.ktape")


def test_no_message_is_lost_where_a_session_ends_in_a_burst(
    recorder: Recorder, place: TapePlace, clock: ManualClock
) -> None:
    recorder.start()
    end = datetime(2026, 11, 21, 6, 1, tzinfo=KST).timestamp()
    for number in range(20_000):
        if number % 100 == 0:
            clock.move_to(datetime.fromtimestamp(end + (number - 10_000) / 1000, KST))
        recorder.take(Kind.FRAME, f"0|{number}", clock.monotonic())
    recorder.stop()
    assert recorder.recording.entries == 20_000
    night, day = (frames(place.folder / f"20261123-{name}.ktape") for name in ("night", "day"))
    assert night + day == [f"0|{number}" for number in range(20_000)]
    assert len(night) == 10_000


def test_a_file_that_was_asked_for_holds_all_sessions(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / "mine.ktape"
    recorder = Recorder(TapePlace(tmp_path, path), clock)
    recorder.start(strict=True)
    recorder.take(Kind.FRAME, "night", 1.0)
    clock.move_to(datetime(2026, 11, 23, 9, tzinfo=KST))
    recorder.take(Kind.FRAME, "day", 2.0)
    recorder.stop()
    assert list(tmp_path.glob("*.ktape")) == [path]
    assert frames(path) == ["night", "day"]


@pytest.mark.parametrize("how", ["unlink", "rename", "folder"])
def test_a_file_that_is_gone_is_followed_by_another_that_says_so(
    place: TapePlace, tmp_path: Path, how: str
) -> None:
    recorder = Recorder(place, SystemClock())
    recorder.start()
    recorder.take(Kind.FRAME, "before", 1.0)
    until(lambda: recorder.recording.entries == 1)
    path, moved = place.folder / recorder.recording.name, tmp_path / "moved"
    inode = path.stat().st_ino
    if how == "unlink":
        path.unlink()
    elif how == "rename":
        path.rename(moved)
    else:
        place.folder.rename(moved)
    until(path.exists)
    recorder.take(Kind.FRAME, "after", 2.0)
    recorder.stop()
    assert frames(path) == ["after"]
    assert [gap.why for gap in gaps(path)] == ["record.why_lost"]
    if how != "unlink":
        old = moved if how == "rename" else moved / path.name
        assert old.stat().st_ino == inode
        assert frames(old) == ["before"]


def test_a_folder_that_cannot_be_made_is_said_and_tried_again(tmp_path: Path) -> None:
    blocked = tmp_path / "tapes"
    blocked.write_text("a file where the folder belongs")
    said = threading.Event()
    recorder = Recorder(TapePlace(blocked), SystemClock(), retry=0.1)
    recorder.changed = said.set
    recorder.start()
    recorder.take(Kind.FRAME, "while it was blocked", 1.0)
    until(lambda: recorder.recording.trouble)
    assert said.is_set()
    assert recorder.recording.on
    blocked.unlink()
    until(lambda: not recorder.recording.trouble)
    recorder.stop()
    path = blocked / recorder.recording.name
    assert frames(path) == ["while it was blocked"]
    [gap] = gaps(path)
    assert gap.why == "record.why_failed"
    assert gap.missed == 0
    assert gap.seconds > 0


def test_a_folder_that_cannot_be_made_is_refused_where_a_recording_is_a_must(
    tmp_path: Path, clock: ManualClock
) -> None:
    (tmp_path / "tapes").write_text("")
    recorder = Recorder(TapePlace(tmp_path / "tapes"), clock)
    with pytest.raises(UsageError, match=r"tapes"):
        recorder.start(strict=True)
    assert not recorder.recording.on
    recorder.take(Kind.FRAME, "x", 1.0)
    recorder.stop()


class Held:
    """Holds up whoever syncs, as a disk that takes its time does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        self.reached, self.released = threading.Event(), threading.Event()
        work = getattr(TapeWriter, name)

        def held(writer: TapeWriter, *what: object) -> object:
            self.reached.set()
            self.released.wait(PATIENCE)
            return work(writer, *what)

        monkeypatch.setattr(TapeWriter, name, held)


def test_a_disk_that_syncs_slowly_holds_up_no_writing(
    place: TapePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Held(monkeypatch, "sync")
    recorder = Recorder(place, SystemClock())
    recorder.start()
    recorder.take(Kind.FRAME, "first", 1.0)
    until(disk.reached.is_set)
    for number in range(100):
        recorder.take(Kind.FRAME, f"{number}", 2.0)
    until(lambda: recorder.recording.entries == 101)
    disk.released.set()
    recorder.stop()
    assert len(frames(place.folder / recorder.recording.name)) == 101


def test_a_disk_that_writes_slowly_holds_up_no_feed_and_what_finds_no_room_is_counted(
    place: TapePlace, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(place, clock, most=100_000)
    recorder.start()
    recorder.take(Kind.FRAME, "first", 0.0)
    until(lambda: recorder.recording.entries)
    disk = Held(monkeypatch, "write")
    began = monotonic()
    for number in range(2000):
        recorder.take(Kind.FRAME, f"0|{number:0100}", float(number))
    assert monotonic() - began < 1
    until(disk.reached.is_set)
    dropped = recorder.recording.dropped
    assert 1600 < dropped < 1800
    disk.released.set()
    until(lambda: recorder.recording.entries == 2001 - dropped)
    recorder.take(Kind.FRAME, "after", 2000.0)
    recorder.stop()
    path = place.folder / recorder.recording.name
    assert frames(path) == ["first", *(f"0|{n:0100}" for n in range(2000 - dropped)), "after"]
    [gap] = gaps(path)
    assert gap == Gap("record.why_slow", float(dropped), dropped)
    order = [e.kind for e in entries(path)]
    assert order[-3:] == [Kind.GAP, Kind.FRAME, Kind.END]


def test_the_end_does_not_wait_for_a_disk_that_stands_still(
    place: TapePlace, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Held(monkeypatch, "write")
    recorder = Recorder(place, clock)
    recorder.start()
    recorder.take(Kind.FRAME, "first", 0.0)
    until(disk.reached.is_set)
    began = monotonic()
    recorder.stop(wait=False)
    assert monotonic() - began < 0.5
    disk.released.set()
    until(lambda: "tape" not in {thread.name for thread in threading.enumerate()})
    assert frames(place.folder / recorder.recording.name) == ["first"]


def test_no_key_gets_into_a_tape(recorder: Recorder, place: TapePlace) -> None:
    secret = "s3ntinel-of-an-approval-key"
    Secret(secret)
    named, cipher = "0bscure-value", "c1f3e71ec70e1b2d"
    recorder.start()
    for message in (
        f"0|H0EUCNT0|001|{secret}^1",
        f'{{"body":{{"output":{{"iv":"{cipher}","key":"{cipher}"}},"msg1":"{secret}"}}}}',
        f"<html appkey='{named}'>{secret}</html>",
    ):
        recorder.take(Kind.FRAME, message, 1.0)
        recorder.take(Kind.BINARY, message.encode(), 1.0)
    recorder.link(LinkStep(detail=f"refused: {secret}"), 1.0)
    recorder.stop()
    kept = b"".join(e.payload for e in entries(place.folder / recorder.recording.name))
    for key in (secret, named, cipher):
        assert key.encode() not in kept
    assert b"0|H0EUCNT0|001|***^1" in kept


def test_a_message_of_a_hostile_server_ends_no_recording(
    recorder: Recorder, place: TapePlace
) -> None:
    recorder.start()
    for message in ("", "\0", "[" * 200_000, "가" * 150_000, "0|" + "^" * 400_000, "\udcff"):
        recorder.take(Kind.FRAME, message, 1.0)
    recorder.take(Kind.BINARY, bytes(range(256)), 1.0)
    recorder.take(Kind.FRAME, "last", 2.0)
    recorder.stop()
    assert recorder.recording.entries == 8
    assert entries(place.folder / recorder.recording.name, Kind.FRAME)[-1].payload == b"last"
