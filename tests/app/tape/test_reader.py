"""Tapes that are cut off, damaged, or still being written."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from harness.command_line import ROOT
from harness.tape_samples import BOOTED, HEADER, entry, expectations, trades, with_end, write_tape

from app.system.clock import KST
from app.tape.entry import (
    MAGIC,
    MARKER,
    EntryKind,
    Header,
    TapeEntry,
    TapeError,
    pack_header,
    pack_segment,
)
from app.tape.reader import Tape
from app.tape.writer import TapeWriter

RECORDS = 1000
CUT_RECORDS = 200


def heard(path: Path) -> list[TapeEntry]:
    with Tape(path) as tape:
        found = [one for one in tape.entries() if one.kind != EntryKind.KEYFRAME]
        assert tape.damage.entries == tape.damage.segments == 0
        return found


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path, wanted = tmp_path / "a.ktape", list(trades(RECORDS))
    write_tape(path, wanted, every=300)
    assert heard(path) == wanted
    with Tape(path) as tape:
        assert tape.header == HEADER
        assert [s.number for s in tape.segments] == [0, 301, 602, 903]
        assert tape.torn() == 0
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_last_record_is_read_wherever_a_piece_of_the_reading_ends(tmp_path: Path) -> None:
    path, written = tmp_path / "a.ktape", 0
    writer = TapeWriter(path, HEADER)
    writer.begin_segment(b"{}", BOOTED, 0)
    body = "%0199d"
    for number in range(700):
        writer.write(entry(number, body % number))
        writer.flush()
        written += 1
        if number % 20 < 3 or 290 < number < 310:
            assert len(heard(path)) == written
    writer.close()
    assert len(heard(path)) == written


def test_a_tape_cut_at_every_byte_gives_every_whole_record(tmp_path: Path) -> None:
    whole, cut, wanted = tmp_path / "a.ktape", tmp_path / "b.ktape", list(expectations(CUT_RECORDS))
    sizes, content = write_tape(whole, wanted, every=25), whole.read_bytes()
    begin = content.index(MARKER)
    cut.write_bytes(content)
    count = CUT_RECORDS
    for size in reversed(range(len(content))):
        os.truncate(cut, size)
        while count and sizes[count - 1] > size:
            count -= 1
        if size < len(MAGIC):
            with pytest.raises(TapeError):
                Tape(cut)
            continue
        with Tape(cut) as tape:
            assert tape.has_header is (size >= begin)
            torn = tape.torn()
            # What lies behind the last whole record: a part of one, or of what begins a segment.
            last = max([begin, *(s for s in sizes[max(0, count - 1) : count])])
            assert torn <= max(0, size - last), size
            # At a segment's begin all records are read, elsewhere only the last segment.
            seen = wanted[:count]
            entries = tape.entries(0 if size % 997 == 0 else max(0, len(tape.segments) - 1))
            found = [one for one in entries if one.kind != EntryKind.KEYFRAME]
            assert found == (seen[-len(found) :] if found else []), size
            first = tape.segments[-1].number if tape.segments and size % 997 else 0
            assert len(found) == max(0, count - (first - len(tape.segments) + 1 if first else 0))
            assert tape.damage.entries == tape.damage.segments == 0, size


def test_torn_says_the_bytes_of_the_record_that_was_not_finished(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    # The last one takes several blocks of zstd.
    noise = os.urandom(400_000).hex()
    sizes = write_tape(path, [*trades(20), entry(30, noise)])
    for size in (sizes[-1] - 1, sizes[-2] + 150_000, sizes[-2] + 3, sizes[-2] + 1, sizes[-2]):
        os.truncate(path, size)
        with Tape(path) as tape:
            assert tape.torn() == size - sizes[-2]
            assert len([*tape.entries()]) == 21


def test_damage_costs_the_segment_it_lies_in(tmp_path: Path) -> None:
    path, wanted = tmp_path / "a.ktape", list(trades(RECORDS))
    sizes = write_tape(path, wanted, every=250)
    content = bytearray(path.read_bytes())
    content[sizes[300]] ^= 0xFF
    path.write_bytes(content)
    with Tape(path) as tape:
        found = [one for one in tape.entries() if one.kind != EntryKind.KEYFRAME]
        assert tape.damage.entries + tape.damage.segments > 0
        assert [*tape.faults] == [tape.segments[1]]
    assert found[:300] == wanted[:300]
    assert found[-500:] == wanted[-500:]


def test_a_damaged_header_costs_what_it_says(tmp_path: Path) -> None:
    path, wanted = tmp_path / "a.ktape", list(trades(50))
    write_tape(path, wanted)
    content = bytearray(path.read_bytes())
    for place in (3, len(MAGIC) + 1, len(MAGIC) + 5, len(MAGIC) + 12):
        hurt = bytearray(content)
        hurt[place] ^= 0x10
        path.write_bytes(hurt)
        with Tape(path) as tape:
            assert tape.damage.header
            assert tape.header == Header("2026-11-23", "night")
            assert [one for one in tape.entries() if one.kind == EntryKind.FRAME] == wanted


def test_the_number_of_entries_and_bytes_begins_a_segment(tmp_path: Path) -> None:
    writer = TapeWriter(tmp_path / "a.ktape", HEADER)
    assert writer.is_due(BOOTED)
    writer.begin_segment(b"{}", BOOTED, 0)
    long = TapeEntry(EntryKind.FRAME, BOOTED, 0, bytes(1024 * 1024))
    count = 0
    while not writer.is_due(BOOTED):
        writer.write(long)
        count += 1
    assert count == 16
    writer.begin_segment(b"{}", BOOTED, 0)
    assert not writer.is_due(BOOTED + 300_000_000_000)
    assert writer.is_due(BOOTED + 300_000_000_001)
    with pytest.raises(ValueError, match="1048577"):
        writer.write(TapeEntry(EntryKind.FRAME, BOOTED, 0, bytes(1024 * 1024 + 1)))
    with pytest.raises(ValueError, match="1048577"):
        writer.begin_segment(bytes(1024 * 1024 + 1), BOOTED, 0)
    assert writer.is_due(BOOTED)
    writer.close()
    assert len(heard(tmp_path / "a.ktape")) == 16


def test_a_message_cannot_pass_for_a_segment(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    false = os.urandom(64) + pack_segment(7, 7, 7) + os.urandom(64)
    hostile = [entry(n, false, EntryKind.BINARY) for n in range(20)]
    write_tape(path, [*hostile, entry(30, "0|after")])
    with Tape(path) as tape:
        assert len(tape.segments) == 1
        found = [one for one in tape.entries() if one.kind != EntryKind.KEYFRAME]
    assert [len(one.payload) for one in found[:-1]] == [len(false)] * 20
    assert found[-1].payload == b"0|after"


_WRITER = """
import sys, time
from pathlib import Path
from harness.tape_samples import HEADER, trades
from app.tape.keyframe import KeyframeBuilder
from app.tape.writer import TapeWriter
writer, heads = TapeWriter(Path(sys.argv[1]), HEADER), KeyframeBuilder()
for number, one in enumerate(trades(8_000)):
    if writer.is_due(one.monotonic) or number % 500 == 0:
        writer.begin_segment(heads.pack(), one.monotonic, one.wall)
        writer.flush()
        print(number, flush=True)
    writer.write(one)
    writer.flush()
    heads.apply(one)
writer.close()
"""


def test_a_tape_that_is_being_written_shows_whole_records_only(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    wanted = [one.payload for one in trades(8_000)]
    command = [sys.executable, "-c", _WRITER, str(path)]
    folders = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    with subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": folders}, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        looks, grown = 0, set()
        while writer.poll() is None:
            with Tape(path) as tape:
                last = len(tape.segments) - 1
                segment = tape.segments[last]
                found = [one for one in tape.entries(last) if one.kind != EntryKind.KEYFRAME]
                assert tape.damage.entries == tape.damage.segments == 0
            first = segment.number - last
            assert [one.payload for one in found] == wanted[first : first + len(found)]
            looks += 1
            grown.add(first + len(found))
        assert writer.returncode == 0
    assert [one.payload for one in heard(path)] == wanted
    assert looks > 5
    assert len(grown) > 5


def test_a_header_alone_is_a_tape_that_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    path.write_bytes(pack_header(HEADER))
    with Tape(path) as tape:
        assert (tape.header, tape.segments, tape.torn()) == (HEADER, [], 0)
        assert [*tape.entries()] == []


def test_a_hole_of_terabytes_costs_nothing(tmp_path: Path) -> None:
    path, wanted = tmp_path / "a.ktape", list(trades(50))
    write_tape(path, wanted)
    with path.open("r+b") as file:
        file.truncate(1 << 42)
    assert heard(path) == wanted


def test_a_tape_without_an_end_that_was_written_just_now_is_being_recorded(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    for entries, grows in ((list(trades(20)), True), (list(with_end(trades(20))), False)):
        path.unlink(missing_ok=True)
        write_tape(path, entries)
        with Tape(path) as tape:
            written = datetime.fromtimestamp(path.stat().st_mtime, KST)
            assert tape.is_growing(written + timedelta(seconds=5)) is grows
            assert not tape.is_growing(written + timedelta(minutes=5))
            assert not tape.is_growing(written - timedelta(minutes=5))
