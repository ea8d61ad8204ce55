"""What an open tape says of itself: header, damage, growth, and the entries that were read."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from harness.tape_samples import BEGIN, BOOTED, HEADER, entry, trades, with_end, write_tape

from app.system.clock import KST
from app.tape.entry import MARKER, Header, TapeError, pack_header
from app.tape.reader import RECENT, Damage, Tape
from app.tape.segments import HEAD
from app.tape.times import nanoseconds

WRITTEN = datetime(2026, 11, 20, 20, tzinfo=KST)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.ktape"


@pytest.mark.parametrize(
    ("seconds", "grows"),
    [(0.0, True), (59.9, True), (60.0, False), (-59.9, True), (-60.0, False), (3600.0, False)],
)
def test_a_tape_grows_within_a_minute_of_its_last_write(
    path: Path, seconds: float, grows: bool
) -> None:
    assert RECENT == 60.0
    now = WRITTEN + timedelta(seconds=seconds)
    for entries, is_open in ((trades(20), True), (with_end(trades(20)), False)):
        path.unlink(missing_ok=True)
        write_tape(path, entries, every=6)
        os.utime(path, (WRITTEN.timestamp(),) * 2)
        with Tape(path) as tape:
            assert tape.written == WRITTEN.timestamp()
            assert tape.is_growing(now) is (grows and is_open)


def test_an_end_in_an_earlier_segment_is_no_end_of_the_tape(path: Path) -> None:
    write_tape(path, [*with_end(trades(5)), *trades(5)], every=6)
    os.utime(path, (WRITTEN.timestamp(),) * 2)
    with Tape(path) as tape:
        assert tape.is_growing(WRITTEN)


def test_what_was_read_of_a_segment_is_known_afterwards(path: Path) -> None:
    write_tape(path, trades(30), every=10)
    with Tape(path) as tape:
        first, second, third = tape.segments
        assert (tape.counts, tape.lasts, tape.faults) == ({}, {}, {})
        assert len(list(tape.entries_of(second))) == 11
        assert tape.counts == {second: 11}
        assert tape.lasts == {second: (nanoseconds(BEGIN) + 19 * 10**9, BOOTED + 19 * 10**9)}
        # One that is left in the middle is not known.
        next(tape.entries_of(first))
        assert first not in tape.counts
        assert len(list(tape.entries(1))) == 22
        assert set(tape.counts) == {second, third}
        assert tape.damage == Damage(0, 0, header=False)
        assert (tape.has_header, tape.header, tape.rest, tape.second) == (True, HEADER, 0, None)
        assert (tape.begin, tape.size) == (first.start - HEAD, path.stat().st_size)


def test_a_tape_is_read_from_an_offset(path: Path) -> None:
    write_tape(path, trades(10))
    whole = path.read_bytes()
    path.write_bytes(b"before" + whole)
    with Tape(path, 6) as tape:
        assert (tape.header, tape.begin) == (HEADER, 6 + len(pack_header(HEADER)))
        assert len(list(tape.entries())) == 11


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "tape.empty"),
        (b"no tape", "tape.no_tape"),
        (b"KISTAPE", "tape.no_tape"),
        (b"KISTAPE\x02" + bytes(50), "tape.newer"),
        (b"x" * 50 + MARKER + bytes(60), "tape.no_tape"),
    ],
)
def test_what_is_no_tape_of_this_program_says_why(path: Path, content: bytes, key: str) -> None:
    path.write_bytes(content)
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(TapeError) as caught:
        Tape(path)
    assert caught.value.key == key
    assert caught.value.hint
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("version", [1, 2, 99])
def test_a_header_of_a_newer_version_is_refused(path: Path, version: int) -> None:
    path.write_bytes(pack_header(Header("2026-11-23", "night", version=version)))
    if version == 1:
        with Tape(path) as tape:
            assert tape.header.version == 1
        return
    with pytest.raises(TapeError) as caught:
        Tape(path)
    assert (caught.value.key, caught.value.values["version"]) == ("tape.newer", version)


def test_a_file_that_is_not_there_says_so(path: Path) -> None:
    with pytest.raises(TapeError) as caught:
        Tape(path)
    assert (caught.value.key, caught.value.values["name"]) == ("tape.no_such", path)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("after", "header"),
    [(0.0, Header("2026-11-23", "night")), (15 * 3600.0, Header("2026-11-23", "day"))],
)
def test_a_header_that_is_damaged_is_guessed_by_the_first_segment(
    path: Path, after: float, header: Header
) -> None:
    write_tape(path, [entry(after, "{}")])
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)
    with Tape(path) as tape:
        assert (tape.header, tape.has_header, tape.begin) == (header, False, 0)
        assert tape.damage == Damage(0, 0, header=True)


def test_a_guess_without_a_possible_time_is_empty(path: Path) -> None:
    one = entry(0, "{}")
    write_tape(path, [type(one)(one.kind, one.monotonic, 0, one.payload)])
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)
    with Tape(path) as tape:
        assert tape.header == Header("", "")


def test_the_file_of_a_tape_is_closed(path: Path) -> None:
    write_tape(path, trades(3))
    before = len(os.listdir("/proc/self/fd"))
    with Tape(path) as tape:
        assert len(os.listdir("/proc/self/fd")) == before + 1
    assert len(os.listdir("/proc/self/fd")) == before
    again = Tape(path)
    again.close()
    assert len(os.listdir("/proc/self/fd")) == before
    assert tape.path == again.path == path


def test_a_tape_that_cannot_be_read_any_more_says_so(path: Path) -> None:
    write_tape(path, trades(3))
    tape = Tape(path)
    tape.close()
    with pytest.raises(TapeError) as caught:
        tape.ending(tape.segments[0])
    assert caught.value.key == "files.unreadable"


def test_only_the_last_segment_can_be_torn(path: Path) -> None:
    sizes = write_tape(path, trades(20), every=10)
    with Tape(path) as tape:
        assert tape.torn() == 0
    os.truncate(path, sizes[-1] - 3)
    with Tape(path) as tape:
        assert tape.torn() == sizes[-1] - 3 - sizes[-2]
    path.write_bytes(pack_header(HEADER))
    with Tape(path) as tape:
        assert (tape.torn(), tape.segments, tape.header) == (0, [], HEADER)
