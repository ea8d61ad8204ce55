"""The writer of one tape: writes that a disk takes in part, and the end of segments."""

import errno
import os
from pathlib import Path

import pytest
from harness.tape_samples import BOOTED, HEADER, entry, trades

from app.tape import writer as writer_module
from app.tape.entry import SEGMENT_ENTRIES, EntryKind, TapeEntry, pack_header
from app.tape.reader import Tape
from app.tape.writer import SEGMENT_SPAN, TapeWriter


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.ktape"


class PartialDisk:
    """Takes only some bytes of each write, and raises when none are left."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *takes: int) -> None:
        self._takes = list(takes)
        self._write = os.write
        monkeypatch.setattr("app.tape.writer.os.write", self._put)

    def _put(self, file: int, content: bytes) -> int:
        if not self._takes:
            raise OSError(errno.ENOSPC, "write")
        return self._write(file, content[: self._takes.pop(0)])


def frames(path: Path) -> list[bytes]:
    with Tape(path) as tape:
        found = [one.payload for one in tape.entries() if one.kind == EntryKind.FRAME]
        assert (tape.damage.entries, tape.damage.segments, tape.torn()) == (0, 0, 0)
    return found


def test_a_new_tape_holds_its_header_alone(path: Path) -> None:
    writer = TapeWriter(path, HEADER)
    assert path.read_bytes() == pack_header(HEADER)
    assert (writer.size, writer.entries) == (path.stat().st_size, 0)
    assert writer.is_due(0)
    with pytest.raises(FileExistsError):
        TapeWriter(path, HEADER)
    writer.close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_header_that_cannot_be_written_leaves_no_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    PartialDisk(monkeypatch, 5)
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(OSError, match="write"):
        TapeWriter(path, HEADER)
    assert not path.exists()
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("takes", [(10,), (10, 5), (0,), ()])
def test_an_entry_that_fits_in_part_is_taken_back(
    path: Path, monkeypatch: pytest.MonkeyPatch, takes: tuple[int, ...]
) -> None:
    writer = TapeWriter(path, HEADER)
    writer.begin_segment(b"{}", BOOTED, 0)
    writer.write(entry(0, "first"))
    writer.flush()
    whole = path.read_bytes()
    with monkeypatch.context() as patch:
        PartialDisk(patch, *takes)
        writer.write(entry(1, "second" * 20))
        with pytest.raises(OSError, match=r"write|No space left") as caught:
            writer.flush()
    assert caught.value.errno == errno.ENOSPC
    assert path.read_bytes() == whole
    assert (writer.size, writer.entries) == (len(whole), 2)
    # The compressor went on without the file: the next entry begins a segment.
    assert writer.is_due(BOOTED)
    writer.begin_segment(b"{}", BOOTED, 0)
    writer.write(entry(2, "third"))
    writer.close()
    assert frames(path) == [b"first", b"third"]


def test_an_entry_that_two_writes_take_is_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = TapeWriter(path, HEADER)
    writer.begin_segment(b"{}", BOOTED, 0)
    with monkeypatch.context() as patch:
        PartialDisk(patch, 7, 1000)
        writer.write(entry(1, "whole"))
        writer.flush()
    writer.close()
    assert frames(path) == [b"whole"]
    assert path.stat().st_size > writer.size - 100


def test_a_segment_whose_keyframe_cannot_be_written_is_not_begun(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = TapeWriter(path, HEADER)
    with monkeypatch.context() as patch:
        PartialDisk(patch, 12)
        writer.begin_segment(b"{}", BOOTED, 0)
        with pytest.raises(OSError, match="write"):
            writer.flush()
    assert writer.entries == 0
    assert path.read_bytes() == pack_header(HEADER)
    assert writer.is_due(BOOTED)
    with pytest.raises(AssertionError, match="no segment"):
        writer.write(entry(0, "x"))
    writer.close()


def test_entries_are_in_the_file_after_a_flush_in_one_write(path: Path) -> None:
    writer = TapeWriter(path, HEADER)
    writer.begin_segment(b"{}", BOOTED, 0)
    for number in range(3):
        writer.write(entry(number, f"{number}"))
    assert frames(path) == []
    assert path.read_bytes() == pack_header(HEADER)
    writer.flush()
    size = writer.size
    writer.flush()
    assert writer.size == size == path.stat().st_size
    assert frames(path) == [b"0", b"1", b"2"]
    writer.close()


def test_the_numbers_of_segments_count_all_entries(path: Path) -> None:
    writer = TapeWriter(path, HEADER)
    sizes = []
    for number, one in enumerate(trades(9)):
        if number % 3 == 0:
            writer.begin_segment(b"{}", one.monotonic, one.wall)
        writer.write(one)
        writer.flush()
        sizes.append(writer.size)
    assert writer.entries == 12
    assert sizes == sorted(set(sizes))
    writer.close()
    assert writer.size == path.stat().st_size
    with Tape(path) as tape:
        assert [one.number for one in tape.segments] == [0, 4, 8]
        assert [one.monotonic for one in tape.segments] == [
            BOOTED + second * 10**9 for second in (0, 3, 6)
        ]


def test_a_segment_ends_after_five_minutes(path: Path) -> None:
    assert SEGMENT_SPAN == 300 * 10**9
    writer = TapeWriter(path, HEADER)
    writer.begin_segment(b"{}", BOOTED, 0)
    assert [writer.is_due(BOOTED + ns) for ns in (-1, 0, SEGMENT_SPAN, SEGMENT_SPAN + 1)] == [
        False, False, False, True,
    ]  # fmt: skip
    writer.close()


def test_a_segment_ends_after_16384_entries(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert SEGMENT_ENTRIES == 16_384
    monkeypatch.setattr(writer_module, "SEGMENT_ENTRIES", 3)
    writer = TapeWriter(path, HEADER)
    writer.begin_segment(b"{}", BOOTED, 0)
    due = []
    for _ in range(3):
        due.append(writer.is_due(BOOTED))
        writer.write(entry(0, "x"))
    # The keyframe is one of them.
    assert due == [False, False, True]
    writer.close()


def test_a_tape_is_lost_where_its_name_leads_elsewhere(path: Path) -> None:
    writer = TapeWriter(path, HEADER)
    assert (writer.is_lost(), writer.is_deleted()) == (False, False)
    path.rename(path.with_name("b"))
    assert (writer.is_lost(), writer.is_deleted()) == (True, False)
    path.write_bytes(b"another")
    assert (writer.is_lost(), writer.is_deleted()) == (True, False)
    path.with_name("b").unlink()
    assert (writer.is_lost(), writer.is_deleted()) == (True, True)
    writer.close()
    assert (writer.is_lost(), writer.is_deleted()) == (True, False)


def test_the_file_is_closed_though_the_last_bytes_cannot_be_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(os.listdir("/proc/self/fd"))
    writer = TapeWriter(path, HEADER)
    writer.begin_segment(b"{}", BOOTED, 0)
    with monkeypatch.context() as patch:
        PartialDisk(patch)
        with pytest.raises(OSError, match="write"):
            writer.close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_payload_that_is_too_long_changes_nothing(path: Path) -> None:
    writer = TapeWriter(path, HEADER)
    writer.begin_segment(b"{}", BOOTED, 0)
    size = writer.size
    with pytest.raises(ValueError, match="1048577"):
        writer.write(TapeEntry(EntryKind.FRAME, BOOTED, 0, bytes(1024 * 1024 + 1)))
    assert (writer.size, writer.entries, writer.is_due(BOOTED)) == (size, 1, False)
    writer.close()
