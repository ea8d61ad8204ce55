"""Segments of a file: where they begin and end, and the bounds of what is read."""

from pathlib import Path

import pytest
from harness.tape_samples import BEGIN, BOOTED, HEADER, entry, trades, with_end, write_tape

from app.tape import segments as segments_module
from app.tape import writer as writer_module
from app.tape.check import DamageKind, check
from app.tape.entry import MARKER, SEGMENT_ENTRIES, EntryKind, Header, pack, pack_header
from app.tape.reader import Damage, Tape
from app.tape.segments import HEAD, Fault
from app.tape.times import nanoseconds
from app.tape.writer import TapeWriter

ORIGIN = nanoseconds(BEGIN)


def starts(path: Path) -> list[int]:
    with Tape(path) as tape:
        return [one.start for one in tape.segments]


@pytest.mark.parametrize("chunk", [1, 7, 64, 500])
def test_segments_are_found_wherever_a_read_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    path = tmp_path / "a.ktape"
    write_tape(path, trades(60), every=10)
    content = path.read_bytes()
    wanted = [at + HEAD for at in range(len(content)) if content.startswith(MARKER, at)]
    assert starts(path) == wanted
    monkeypatch.setattr(segments_module, "_CHUNK", chunk)
    assert starts(path) == wanted
    with Tape(path) as tape:
        assert [one.end for one in tape.segments] == [
            *(one.start - HEAD for one in tape.segments[1:]),
            len(content),
        ]


def test_a_tape_has_65536_segments_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ktape"
    write_tape(path, trades(60), every=10)
    whole = starts(path)
    assert segments_module.MOST == 65_536
    for most in (3, 5, 6, 7):
        monkeypatch.setattr(segments_module, "MOST", most)
        assert starts(path) == whole[:most]


def hurt(monkeypatch: pytest.MonkeyPatch, path: Path, count: int, wrong: int) -> None:
    """Write a tape of one segment whose last entries have a wrong checksum."""
    entries = list(trades(count))
    bad = set(entries[count - wrong :])

    def packed(one: object) -> bytes:
        content = bytearray(pack(one))  # type: ignore[arg-type]
        content[-1] ^= one in bad
        return bytes(content)

    with monkeypatch.context() as patch:
        patch.setattr(writer_module, "pack", packed)
        write_tape(path, with_end(entries))


@pytest.mark.parametrize(("wrong", "broken"), [(1, 0), (15, 0), (16, 1), (17, 1)])
def test_a_segment_is_given_up_after_16_wrong_checksums(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: int, broken: int
) -> None:
    path = tmp_path / "a.ktape"
    hurt(monkeypatch, path, 60, wrong)
    with Tape(path) as tape:
        kinds = [one.kind for one in tape.entries()]
        assert tape.damage == Damage(min(wrong, 16), broken, False)
        [fault] = tape.faults.values()
        # The times of the newest entry before the first of them.
        before = 60 - wrong - 1
        times = ORIGIN + before * 10**9, BOOTED + before * 10**9
        assert (fault.wall, fault.monotonic) == times
    assert (EntryKind.END in kinds) is not broken
    assert kinds.count(EntryKind.FRAME) == 60 - wrong


def test_a_fault_before_all_entries_has_the_times_of_its_segment(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    write_tape(path, trades(20))
    [start] = starts(path)
    content = bytearray(path.read_bytes())
    content[start:] = b"\xff" * (len(content) - start)
    path.write_bytes(content)
    with Tape(path) as tape:
        assert list(tape.entries()) == []
        assert tape.faults == {tape.segments[0]: Fault(0, True, ORIGIN, BOOTED)}
        assert tape.damage == Damage(0, 1, False)
    assert Fault() == Fault(0, False, 0, 0)


@pytest.mark.parametrize(
    ("most", "read", "broken"), [(21, 21, True), (22, 21, False), (3, 3, True)]
)
def test_a_segment_has_twice_as_many_entries_as_a_writer_puts_into_it_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, read: int, broken: bool
) -> None:
    assert segments_module._MOST_ENTRIES == 2 * SEGMENT_ENTRIES == 32_768
    path = tmp_path / "a.ktape"
    write_tape(path, trades(20))
    monkeypatch.setattr(segments_module, "_MOST_ENTRIES", most)
    with Tape(path) as tape:
        assert len(list(tape.entries())) == read
        assert tape.damage.segments == broken


@pytest.mark.parametrize("most", [19, 20, 21, 22])
def test_the_end_of_a_segment_of_too_many_entries_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    path = tmp_path / "a.ktape"
    write_tape(path, trades(20))
    monkeypatch.setattr(segments_module, "_MOST_ENTRIES", most)
    with Tape(path) as tape:
        # The keyframe is the 21st.
        assert (tape.ending(tape.segments[0]).damaged is None) is (most >= 21)


def headed(size: int) -> bytes:
    """Return a header of so many bytes."""
    header = pack_header(Header("2026-11-23", "night"))
    return pack_header(Header("2026-11-23", "night", program="x" * (size - len(header))))


@pytest.mark.parametrize(("size", "is_found"), [(200, True), (4096, True), (4097, False)])
def test_another_tape_is_found_by_a_header_of_up_to_4_kib(
    tmp_path: Path, size: int, is_found: bool
) -> None:
    path = tmp_path / "a.ktape"
    write_tape(path, with_end(trades(60)), every=30)
    whole = path.read_bytes()
    header = headed(size)
    assert len(header) == size
    path.write_bytes(whole + header + whole[whole.index(MARKER) :])
    with Tape(path) as tape:
        assert tape.second == (len(whole) if is_found else None)
        assert tape.rest == (path.stat().st_size - len(whole) if is_found else 0)
        assert tape.size == (len(whole) if is_found else path.stat().st_size)
        assert len(tape.segments) == (3 if is_found else 6)
        assert tape.segments[-1].end == tape.size
    if is_found:
        with Tape(path) as tape:
            [found] = check(tape)
        assert (found.what, found.at) == (DamageKind.SECOND, len(whole))
        assert found.size == size + len(whole) - whole.index(MARKER)


def test_a_header_before_a_later_segment_begins_no_other_tape(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    write_tape(path, with_end(trades(60)), every=30)
    whole = path.read_bytes()
    head, first, *others = whole.split(MARKER)
    path.write_bytes(MARKER.join([head, first]) + headed(200) + MARKER + MARKER.join(others))
    with Tape(path) as tape:
        assert (tape.second, len(tape.segments)) == (None, 3)


def test_a_tape_whose_segments_are_empty_ends_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    writer = TapeWriter(path, HEADER)
    for number in range(3):
        one = entry(number, "{}")
        writer.begin_segment(b"{}", one.monotonic, one.wall)
    writer.close()
    with Tape(path) as tape:
        assert [one.number for one in tape.segments] == [0, 1, 2]
        assert [tape.ending(one).torn for one in tape.segments] == [0, 0, 0]
        assert [tape.ending(one).stray for one in tape.segments] == [0, 0, 0]
        assert check(tape) == []
