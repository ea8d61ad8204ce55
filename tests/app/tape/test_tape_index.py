"""Positions of a tape: by monotonic or wall clock, within bounds, and back to wall times."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from harness.player_harness import write_segments
from harness.tape_samples import BEGIN, FUTURE, HEADER, OPTION, entry, link, trade, write_tape

from app.feed.phase import LinkPhase
from app.system.clock import KST
from app.tape.entry import EntryKind, TapeEntry, TapeError, pack
from app.tape.keyframe import Keyframe, KeyframeBuilder
from app.tape.reader import Tape
from app.tape.segments import Segment
from app.tape.tape_index import LONGEST, LONGEST_SEGMENT, TapeIndex, goes_by_wall, is_seen
from app.tape.times import nanoseconds
from app.tape.writer import TapeWriter

DAY = 86_400.0
SECOND = 10**9
ORIGIN = nanoseconds(BEGIN)


def at(monotonic: float, wall: float | None = None, text: str = "{}") -> TapeEntry:
    """Return a message at so many seconds of both clocks."""
    wall = monotonic if wall is None else wall
    times = int(monotonic * SECOND), ORIGIN + int(wall * SECOND)
    return TapeEntry(EntryKind.FRAME, *times, text.encode())


@pytest.mark.parametrize(
    ("monotonic", "wall", "is_by_wall"),
    [
        # More than a second and a twentieth ahead, and not more than a day.
        (100.0, 106.0, False),
        (100.0, 106.1, True),
        (0.0, 1.0, False),
        (0.0, 1.001, True),
        (-50.0, 1.001, True),
        (-50.0, 1.0, False),
        (10.0, DAY, True),
        (10.0, DAY + 1, False),
        (10.0, -5.0, False),
    ],
)
def test_a_segment_goes_by_the_wall_clock_where_that_is_well_ahead(
    monotonic: float, wall: float, is_by_wall: bool
) -> None:
    segment = Segment(0, 0, 0, 7 * SECOND, ORIGIN)
    times = round((7 + monotonic) * SECOND), ORIGIN + round(wall * SECOND)
    assert goes_by_wall(segment, *times) is is_by_wall


@pytest.mark.parametrize(
    ("starts", "begins", "length"),
    [
        # Seconds of both clocks at which segments of one entry begin.
        ([(0, 0), (10, 10), (30, 30)], [0, 10, 30], 30),
        ([(0, 0), (10, 70), (30, 90)], [0, 70, 90], 90),
        # What runs backwards stands still.
        ([(0, 0), (-5, -5), (10, 10)], [0, 0, 15], 15),
        # A segment lasts a day at most, and a tape a week.
        ([(0, 0), (3 * DAY, 3 * DAY)], [0, DAY], DAY),
        ([(n * DAY, n * DAY) for n in range(9)], [min(n, 7) * DAY for n in range(9)], 7 * DAY),
    ],
)
def test_segments_begin_one_after_another(
    tmp_path: Path, starts: list[tuple[float, float]], begins: list[float], length: float
) -> None:
    path = write_segments(tmp_path / "a.ktape", [at(*both) for both in starts], segment=1)
    with Tape(path) as tape:
        index = TapeIndex(tape)
        assert (index.begins, index.length) == (begins, length)
        assert index.header == HEADER


def test_a_position_never_decreases_and_stays_in_its_segment(tmp_path: Path) -> None:
    times = (5, 8, 6, 9, 2 * DAY, 10, 11)
    path = write_segments(tmp_path / "a.ktape", [at(second) for second in times], segment=5)
    with Tape(path) as tape:
        index = TapeIndex(tape)
        found = [(one.segment, one.number, one.position) for one in index.passages()]
        assert [one.position for one in index.passages(1)] == [5, 5, 6]
        assert [one.position for one in index.passages(0, only=True)] == [0, 0, 3, 3, 4, 5]
        assert index.length == 6
    # Keyframes are entries; the one at two days lies at the end of its segment.
    assert found == [
        (0, 0, 0), (0, 1, 0), (0, 2, 3), (0, 3, 3), (0, 4, 4), (0, 5, 5),
        (1, 0, 5), (1, 1, 5), (1, 2, 6),
    ]  # fmt: skip


def test_the_last_entry_of_a_tape_lies_a_day_from_its_segment_at_most(tmp_path: Path) -> None:
    path = write_segments(tmp_path / "a.ktape", [at(0), at(2 * DAY)])
    with Tape(path) as tape:
        index = TapeIndex(tape)
        assert index.length == LONGEST_SEGMENT == DAY
        assert [one.position for one in index.passages()] == [0, 0, DAY]
    assert LONGEST == 7 * DAY


@pytest.mark.parametrize(
    ("place", "segment", "wall"),
    [(-1, 0, -1), (0, 0, 0), (9.5, 0, 9.5), (10, 1, 10), (10.5, 1, 10.5), (20, 3, 20), (99, 3, 99)],
)
def test_a_place_lies_in_the_first_segment_that_begins_there(
    tmp_path: Path, place: float, segment: int, wall: float
) -> None:
    path = write_segments(tmp_path / "a.ktape", [at(n) for n in (0, 10, 10, 20)], segment=1)
    with Tape(path) as tape:
        index = TapeIndex(tape)
        assert index.begins == [0, 10, 10, 20]
        assert index.segment_at(place) == segment
        assert index.wall_at(place) == ORIGIN + int(wall * SECOND)


@pytest.mark.parametrize(
    ("wall", "place"), [(-5, 0), (0, 0), (7, 7), (10, 10), (15, 15), (30, 30), (34, 34), (99, 34)]
)
def test_the_place_of_a_wall_time(tmp_path: Path, wall: float, place: float) -> None:
    entries = [at(n) for n in (0, 8, 10, 20, 30, 34)]
    with Tape(write_segments(tmp_path / "a.ktape", entries, segment=2)) as tape:
        assert TapeIndex(tape).position_at(ORIGIN + int(wall * SECOND)) == place


def test_the_ends_of_a_tape_and_what_lies_between_to_the_minute(tmp_path: Path) -> None:
    with Tape(write_segments(tmp_path / "a.ktape", [at(30), at(600)])) as tape:
        index = TapeIndex(tape)
    begin, end = BEGIN + timedelta(seconds=30), BEGIN + timedelta(seconds=600)
    assert index.ends == (begin, end)
    second = timedelta(seconds=1)
    found = [index.holds(when) for when in (BEGIN - second, BEGIN, begin, end, end + second)]
    assert found == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("begin", "hours", "moment"),
    [
        # A night's hours before noon are those of the next morning, also after midnight.
        ("2026-11-20 18:00", time(18, 30), "2026-11-20 18:30"),
        ("2026-11-20 18:00", time(1, 30), "2026-11-21 01:30"),
        ("2026-11-20 18:00", time(12, 0), "2026-11-20 12:00"),
        ("2026-11-21 02:00", time(18, 30), "2026-11-20 18:30"),
        ("2026-11-21 02:00", time(1, 30), "2026-11-21 01:30"),
        ("2026-11-20 10:00", time(9, 30), "2026-11-20 09:30"),
        ("2026-11-20 10:00", time(15, 30), "2026-11-20 15:30"),
    ],
)
def test_a_time_of_day_is_one_of_the_tapes_session(
    tmp_path: Path, begin: str, hours: time, moment: str
) -> None:
    first = datetime.strptime(begin, "%Y-%m-%d %H:%M").replace(tzinfo=KST)
    passed = (first - BEGIN).total_seconds()
    with Tape(write_segments(tmp_path / "a.ktape", [at(0, passed), at(1, passed + 1)])) as tape:
        assert f"{TapeIndex(tape).moment_of(hours):%Y-%m-%d %H:%M}" == moment


def test_a_tape_without_segments_cannot_be_played(tmp_path: Path) -> None:
    write_tape(tmp_path / "a.ktape", [])
    with Tape(tmp_path / "a.ktape") as tape, pytest.raises(TapeError) as caught:
        TapeIndex(tape)
    assert caught.value.key == "replay.empty"


def test_codes_and_names_are_those_of_both_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    writer, heads = TapeWriter(path, HEADER), KeyframeBuilder()
    for number, code in enumerate((OPTION, "A05612", FUTURE)):
        heads.name({code: f"name {number}"})
        begun = entry(number, trade(code, number, 1))
        writer.begin_segment(heads.pack(), begun.monotonic, begun.wall)
        writer.write(begun)
        writer.write(entry(number, "0|H0MFCNT0|001|damaged"))
    writer.close()
    with Tape(path) as tape:
        index = TapeIndex(tape)
    assert list(index.pairs) == [("H0EUCNT0", OPTION), ("H0MFCNT0", FUTURE)]
    assert index.names == {OPTION: "name 0", "A05612": "name 1", FUTURE: "name 2"}
    assert index.codes == [OPTION, FUTURE]


def test_the_keyframe_of_a_segment_without_one_is_empty(tmp_path: Path) -> None:
    path = write_segments(tmp_path / "a.ktape", [at(0, text=trade(FUTURE, 0, 1)), at(1)], segment=1)
    with Tape(path) as tape:
        index = TapeIndex(tape)
        _, second = tape.segments
        assert [one.frame for one in index.keyframe(1).frames] == [trade(FUTURE, 0, 1)]
    content = bytearray(path.read_bytes())
    content[second.start : second.end] = bytes(second.end - second.start)
    path.write_bytes(content)
    with Tape(path) as tape:
        assert TapeIndex(tape).keyframe(1) == Keyframe()


def test_a_keyframe_that_is_not_first_is_none_of_its_segment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hurt(one: TapeEntry) -> bytes:
        content = bytearray(pack(one))
        content[-1] ^= one.kind == EntryKind.KEYFRAME and one.payload == b"{}"
        return bytes(content)

    path = tmp_path / "a.ktape"
    writer = TapeWriter(path, HEADER)
    with monkeypatch.context() as patch:
        patch.setattr("app.tape.writer.pack", hurt)
        writer.begin_segment(b"{}", 0, ORIGIN)
        writer.write(at(0))
        names = b'{"names":{"A01612":"F"}}'
        writer.write(TapeEntry(EntryKind.KEYFRAME, 0, ORIGIN, names))
    writer.close()
    with Tape(path) as tape:
        assert TapeIndex(tape).keyframe(0) == Keyframe()


@pytest.mark.parametrize(
    ("one", "is_shown"),
    [
        (entry(0, trade(FUTURE, 0, 1)), True),
        (entry(0, ' {"header":{}}'), False),
        (entry(0, b"\xff", EntryKind.BINARY), True),
        (entry(0, b' {"header":{}}', EntryKind.BINARY), False),
        (link(0, LinkPhase.LIVE), True),
        (entry(0, "{}", EntryKind.GAP), True),
        (entry(0, "{}", EntryKind.END), False),
        (entry(0, "{}", EntryKind.KEYFRAME), False),
    ],
)
def test_an_entry_is_seen_if_it_changes_the_screen(one: TapeEntry, is_shown: bool) -> None:
    assert is_seen(one) is is_shown


def test_the_visible_entry_before_another_may_lie_segments_back(tmp_path: Path) -> None:
    shown = trade(FUTURE, 0, 1)
    entries = [at(0, text=shown), at(1), at(2, text=shown), at(3), at(4), at(5, text=shown), at(6)]
    with Tape(write_segments(tmp_path / "a.ktape", entries, segment=2)) as tape:
        index = TapeIndex(tape)
        passages = [one for one in index.passages() if one.entry.kind == EntryKind.FRAME]
        before = [index.seen_before(one) for one in passages]
    assert [one and one.position for one in before] == [None, None, 0, 0, 0, 2, 2]
