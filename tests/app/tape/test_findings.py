"""Every kind of damage as a whole finding: place, times, counts and segment."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from harness.tape_samples import BEGIN, BOOTED, HEADER, entry, trades, with_end, write_tape

from app.tape import check as check_module
from app.tape.check import MISSING, DamageKind, Finding, check, damage_events, damage_in
from app.tape.entry import MARKER, EntryKind, Header, TapeEntry, pack_header
from app.tape.reader import Tape
from app.tape.segments import HEAD
from app.tape.times import nanoseconds
from app.tape.writer import TapeWriter

Kind = DamageKind


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.ktape"


def wall(after: float) -> int:
    return nanoseconds(BEGIN) + round(after * 1e9)


def mono(after: float) -> int:
    return BOOTED + round(after * 1e9)


def write(path: Path) -> tuple[list[int], list[bytes]]:
    """Write three segments of ten trades, a second apart; the offsets and parts of them."""
    path.unlink(missing_ok=True)
    sizes = write_tape(path, trades(30), every=10)
    head, *segments = path.read_bytes().split(MARKER)
    return sizes, [head, *(MARKER + one for one in segments)]


def found(path: Path) -> list[Finding]:
    with Tape(path) as tape:
        return check(tape)


def test_a_finding_knows_no_more_than_its_kind_and_place() -> None:
    assert Finding(Kind.LOST, 5) == Finding(Kind.LOST, 5, 0, 0, 0, 0, 0, None)
    assert {Kind.WRONG, Kind.DAMAGED, Kind.BROKEN, Kind.LOST} == MISSING


def test_a_torn_end(path: Path) -> None:
    sizes, _ = write(path)
    path.write_bytes(path.read_bytes()[: sizes[-1] - 4])
    torn = sizes[-1] - 4 - sizes[-2]
    assert found(path) == [Finding(Kind.TORN, sizes[-2], wall(20), torn, torn, 2, mono(20), None)]


def test_a_segment_that_breaks_off_before_another(path: Path) -> None:
    sizes, parts = write(path)
    start = len(parts[0]) + len(parts[1])
    cut = sizes[14] + 5 - start
    path.write_bytes(b"".join([*parts[:2], parts[2][:cut], *parts[3:]]))
    assert found(path) == [Finding(Kind.BROKEN, sizes[14], wall(10), 5, 5, 1, mono(10), mono(20))]


def test_a_segment_that_is_missing(path: Path) -> None:
    _, parts = write(path)
    path.write_bytes(b"".join([*parts[:2], *parts[3:]]))
    place = len(parts[0]) + len(parts[1])
    # Ten entries and the keyframe before them.
    assert found(path) == [Finding(Kind.LOST, place, wall(9), 11, 0, 0, mono(9), mono(20))]


def test_a_segment_that_comes_twice(path: Path) -> None:
    _, parts = write(path)
    path.write_bytes(b"".join([*parts[:3], parts[2], *parts[3:]]))
    place = sum(map(len, parts[:3]))
    assert found(path) == [Finding(Kind.ORDER, place, wall(10), 0, 0, 1, mono(10), mono(10))]


def test_segments_that_are_swapped(path: Path) -> None:
    _, parts = write(path)
    path.write_bytes(b"".join([parts[0], parts[1], parts[3], parts[2]]))
    places = [sum(map(len, parts[:2])), sum(map(len, parts[:2])) + len(parts[3])]
    assert found(path) == [
        Finding(Kind.LOST, places[0], wall(9), 11, 0, 0, mono(9), mono(20)),
        Finding(Kind.ORDER, places[1], wall(10), 0, 0, 1, mono(10), mono(10)),
    ]


@pytest.mark.parametrize(
    ("back", "is_found"), [(0.9, False), (1.0, False), (1.000000001, True), (1.1, True)]
)
def test_times_that_go_back_by_more_than_a_second(path: Path, back: float, is_found: bool) -> None:
    writer = TapeWriter(path, HEADER)
    for number, after in enumerate((0.0, 50.0, 50.0 - back)):
        one = entry(after, "{}")
        if number != 1:
            writer.begin_segment(b"{}", one.monotonic, one.wall)
        writer.write(one)
    writer.close()
    with Tape(path) as tape:
        second = tape.segments[1]
        back_at = Finding(Kind.BACK, second.start - HEAD, wall(50 - back), segment=1)
        assert check(tape) == ([back_at] if is_found else [])


def test_bytes_before_the_first_segment_and_behind_the_last(path: Path) -> None:
    _, parts = write(path)
    path.write_bytes(parts[0] + b"stray" + b"".join(parts[1:]) + b"strays")
    size = path.stat().st_size
    assert found(path) == [
        Finding(Kind.STRAY, len(parts[0]), count=5),
        Finding(Kind.STRAY, size - 6, wall(20), 6, 0, 2, mono(20), None),
    ]


def test_a_header_that_is_damaged(path: Path) -> None:
    _, parts = write(path)
    content = bytearray(path.read_bytes())
    content[len(parts[0]) - 3] ^= 1
    path.write_bytes(content)
    assert found(path) == [Finding(Kind.HEADER, 0)]


def test_another_tape_behind_this_one(path: Path) -> None:
    _, parts = write(path)
    whole = path.read_bytes()
    path.write_bytes(whole + whole)
    assert found(path) == [Finding(Kind.SECOND, len(whole), size=len(whole))]
    with Tape(path) as tape:
        assert (tape.second, tape.rest, tape.size) == (len(whole), len(whole), len(whole))
        assert len(tape.segments) == len(parts) - 1


def numbered(path: Path, *numbers: int) -> None:
    """Write segments of one entry whose heads claim these numbers."""
    writer = TapeWriter(path, HEADER)
    for after, number in enumerate(numbers):
        writer.entries = number
        one = entry(after, "{}")
        writer.begin_segment(b"{}", one.monotonic, one.wall)
        writer.write(one)
    writer.close()


@pytest.mark.parametrize(
    ("number", "kinds"),
    [
        (2, []),
        (3, [(Kind.LOST, 1)]),
        (1 + (1 << 40), [(Kind.LOST, (1 << 40) - 1)]),
        (2 + (1 << 40), [(Kind.ORDER, 0)]),
        (1, [(Kind.ORDER, 0)]),
    ],
)
def test_the_numbers_of_segments_tell_what_is_missing(
    path: Path, number: int, kinds: list[tuple[DamageKind, int]]
) -> None:
    numbered(path, 0, number)
    assert [(one.what, one.count) for one in found(path)] == kinds


def test_findings_are_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_module.MOST == 1000
    numbered(path, *(10 * n for n in range(9)))
    with Tape(path) as tape:
        whole = check(tape)
    assert [one.segment for one in whole] == list(range(8))
    monkeypatch.setattr(check_module, "MOST", 3)
    with Tape(path) as tape:
        assert check(tape) == damage_events(tape) == whole[:3]


def test_times_that_go_back_are_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_module, "MOST", 2)
    writer = TapeWriter(path, HEADER)
    for after in (100, 80, 60, 40, 20):
        one = entry(after, "{}")
        writer.begin_segment(b"{}", one.monotonic, one.wall)
        writer.write(one)
    writer.close()
    assert [(one.what, one.segment) for one in found(path)] == [(Kind.BACK, 1), (Kind.BACK, 2)]


def test_damage_of_a_segment_is_told_where_it_was_read(path: Path) -> None:
    sizes, _ = write(path)
    content = bytearray(path.read_bytes())
    content[sizes[14]] ^= 0xFF
    path.write_bytes(content)
    with Tape(path) as tape:
        assert damage_events(tape) == []
        for segment in tape.segments[:2]:
            list(tape.entries_of(segment))
        [one] = damage_in(tape, 1)
        assert (one.what, one.segment, one.count) == (Kind.DAMAGED, 1, 5)
        assert damage_in(tape, 0) == []
        assert damage_events(tape) == [one]


def test_entries_are_told_with_their_segments(path: Path) -> None:
    write(path)
    told: list[tuple[int, TapeEntry]] = []
    with Tape(path) as tape:
        check(tape, lambda segment, one: told.append((segment.number, one)))
        wanted: Iterable[tuple[int, TapeEntry]] = [
            (segment.number, one) for segment in tape.segments for one in tape.entries_of(segment)
        ]
    assert told == wanted
    assert [number for number, one in told if one.kind == EntryKind.KEYFRAME] == [0, 11, 22]


def test_a_tape_that_ended_well_has_no_findings(path: Path) -> None:
    write_tape(path, with_end(trades(30)), every=10)
    assert found(path) == []
    empty = pack_header(Header("2026-11-23", "night"))
    path.write_bytes(empty + b"nonsense")
    assert found(path) == [Finding(Kind.STRAY, len(empty), count=8)]
