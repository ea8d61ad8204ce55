"""Copies of tapes with gaps: what their keyframes, gap entries and results say."""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest
from harness.tape_samples import (
    BEGIN,
    BOOTED,
    FUTURE,
    HEADER,
    OPTION,
    entry,
    link,
    trade,
    trades,
    with_end,
    write_tape,
)

from app.feed.phase import LinkPhase
from app.system.errors import UsageError
from app.tape import writer as writer_module
from app.tape.check import DamageKind, check
from app.tape.copying import CopyResult, MissingEntries, cut, repair
from app.tape.entry import MARKER, EntryKind, TapeEntry, pack
from app.tape.gap import EndEntry
from app.tape.json_entries import read_gap
from app.tape.keyframe import Keyframe, KeyframeBuilder, read
from app.tape.reader import Tape
from app.tape.times import nanoseconds
from app.tape.writer import TapeWriter


def ns(after: float) -> int:
    return nanoseconds(BEGIN) + round(after * 1e9)


def write_segment(path: Path, entries: Iterable[TapeEntry], heads: KeyframeBuilder) -> Path:
    """Write a tape of one segment, however long it lasts, that begins with a state."""
    writer = TapeWriter(path, HEADER)
    for number, one in enumerate(entries):
        if number == 0:
            writer.begin_segment(heads.pack(), one.monotonic, one.wall)
        writer.write(one)
        writer.flush()
    writer.close()
    return path


def repaired(path: Path) -> tuple[CopyResult, list[TapeEntry]]:
    out = path.with_name("repaired.ktape")
    out.unlink(missing_ok=True)
    with Tape(path) as tape:
        copied = repair(tape, out)
    with Tape(out) as tape:
        assert check(tape) == []
        return copied, list(tape.entries())


def keyframes(entries: Iterable[TapeEntry]) -> list[Keyframe]:
    return [read(one.payload) for one in entries if one.kind == EntryKind.KEYFRAME]


def test_a_segment_that_a_copy_begins_has_the_state_of_all_before_it(tmp_path: Path) -> None:
    heads = KeyframeBuilder()
    heads.name({FUTURE: "F 202612"})
    heads.miss({FUTURE: 7.0})
    heads.apply(entry(-1, trade(OPTION, -1, 5)))
    written = [entry(0, trade(FUTURE, 0, 100)), entry(400, trade(FUTURE, 400, 101))]
    copied, entries = repaired(write_segment(tmp_path / "a.ktape", written, heads))
    first, second = keyframes(entries)
    assert [one.frame for one in first.frames] == [trade(OPTION, -1, 5)]
    assert [one.frame for one in second.frames] == [trade(OPTION, -1, 5), trade(FUTURE, 0, 100)]
    assert first.names == second.names == {FUTURE: "F 202612"}
    assert first.missed == second.missed == {FUTURE: 7.0}
    assert (copied.entries, copied.messages, copied.holes, copied.lost) == (2, 2, [], 0)


def hurt_checksum(monkeypatch: pytest.MonkeyPatch, path: Path, *numbers: int) -> list[TapeEntry]:
    """Write a tape of segments of 50 entries in which entries have a wrong checksum."""
    wanted = list(trades(150))
    bad = {wanted[number] for number in numbers}

    def packed(one: TapeEntry) -> bytes:
        content = bytearray(pack(one))
        content[-1] ^= one in bad
        return bytes(content)

    monkeypatch.setattr(writer_module, "pack", packed)
    write_tape(path, with_end(wanted), every=50)
    monkeypatch.undo()
    return wanted


def test_entries_with_a_wrong_checksum_are_counted_and_cost_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.ktape"
    wanted = hurt_checksum(monkeypatch, path, 60, 70, 71, 140)
    with Tape(path) as tape:
        found = check(tape)
        assert tape.damage.entries == 4
        assert tape.damage.segments == 0
    assert [(one.what, one.count, one.size, one.segment) for one in found] == [
        (DamageKind.WRONG, 3, 0, 1),
        (DamageKind.WRONG, 1, 0, 2),
    ]
    # The time of the newest entry before the first of them.
    assert [one.wall for one in found] == [ns(59), ns(139)]
    copied, entries = repaired(path)
    assert copied.entries == 150 + 1 - 4
    frames = [one for one in entries if one.kind == EntryKind.FRAME]
    assert frames == [one for at, one in enumerate(wanted) if at not in (60, 70, 71, 140)]
    assert copied.holes == [
        MissingEntries(ns(99), 3, 1.0, 0),
        # A segment of its own has the end, of the time of the last trade.
        MissingEntries(ns(149), 1, 0.0, 0),
    ]
    assert copied.lost == 4


def test_a_gap_is_told_with_the_times_around_it(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    sizes = write_tape(path, with_end(trades(150)), every=50)
    content = bytearray(path.read_bytes())
    # All of the second segment behind its keyframe.
    content[sizes[50] - 20 : sizes[99]] = b""
    path.write_bytes(content)
    copied, entries = repaired(path)
    [hole] = copied.holes
    assert (hole.wall, hole.count, hole.seconds) == (ns(50), 50, 50.0)
    [gap] = [one for one in entries if one.kind == EntryKind.GAP]
    told = read_gap(gap.payload)
    assert told is not None
    assert (told.why, told.seconds, told.missed) == ("tape.why_damaged", 50.0, 50)
    # Its times are the first ones of the next segment.
    assert (gap.monotonic, gap.wall) == (BOOTED + 100 * 10**9, ns(100))


def test_a_gap_before_a_segment_of_an_earlier_time_is_where_the_copy_is(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    early = list(trades(100, seed=3))
    late = [TapeEntry(e.kind, e.monotonic + 10**13, e.wall + 10**13, e.payload) for e in early]
    write_tape(path, [*late[:50], *early[50:]], every=25)
    head, *segments = path.read_bytes().split(MARKER)
    path.write_bytes(MARKER.join([head, segments[0], *segments[2:]]))
    out = tmp_path / "b.ktape"
    with Tape(path) as tape:
        copied = repair(tape, out)
    [hole] = copied.holes
    # 25 entries and the keyframe before them.
    assert (hole.count, hole.seconds) == (26, 0.0)
    with Tape(out) as tape:
        [gap] = [one for one in tape.entries() if one.kind == EntryKind.GAP]
    assert (gap.monotonic, gap.wall) == (late[24].monotonic, late[24].wall)


def test_a_repaired_tape_keeps_its_end_or_says_that_it_was_repaired(tmp_path: Path) -> None:
    for entries, why in ((trades(20), "repaired"), (with_end(trades(20), "session"), "session")):
        path = tmp_path / "a.ktape"
        path.unlink(missing_ok=True)
        write_tape(path, entries)
        last = repaired(path)[1][-1]
        assert msgspec.json.decode(last.payload, type=EndEntry) == EndEntry(why)
        assert (last.monotonic, last.wall) == (BOOTED + 19 * 10**9, ns(19))


def test_a_copy_is_on_the_disk_and_its_file_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(TapeWriter, "sync", lambda writer: synced.append(writer.path))
    path = tmp_path / "a.ktape"
    write_tape(path, trades(20))
    with Tape(path) as tape:
        before = len(os.listdir("/proc/self/fd"))
        repair(tape, tmp_path / "b.ktape")
        cut(tape, tmp_path / "c.ktape", ns(0), ns(9), ())
        with pytest.raises(UsageError):
            cut(tape, tmp_path / "d.ktape", ns(50), ns(99), ())
        assert len(os.listdir("/proc/self/fd")) == before
    assert len(synced) == 2


@pytest.mark.parametrize("every", [10, 30])
def test_repair_reports_the_bytes_of_each_segment(tmp_path: Path, every: int) -> None:
    path, ticks = tmp_path / "a.ktape", list[int]()
    write_tape(path, trades(60), every=every)
    with Tape(path) as tape:
        repair(tape, tmp_path / "b.ktape", ticks.append)
        sizes = [one.end - one.start for one in tape.segments]
    assert ticks == sizes
    assert len(ticks) == 60 // every


STATES = [link(after, LinkPhase.LIVE) for after in range(10)]


def test_a_cut_of_all_codes_may_hold_no_record(tmp_path: Path) -> None:
    path, out = tmp_path / "a.ktape", tmp_path / "b.ktape"
    write_tape(path, STATES)
    with Tape(path) as tape:
        assert cut(tape, out, ns(2), ns(5), ()) == CopyResult(4, 0)


@pytest.mark.parametrize(
    ("code", "key"), [(FUTURE, "tape.nothing_then"), (OPTION, "tape.no_codes")]
)
def test_a_cut_of_a_code_needs_a_record_of_it(tmp_path: Path, code: str, key: str) -> None:
    path, out = tmp_path / "a.ktape", tmp_path / "b.ktape"
    write_tape(path, [*STATES, entry(20, trade(FUTURE, 20, 1))])
    with Tape(path) as tape, pytest.raises(UsageError) as caught:
        cut(tape, out, ns(2), ns(5), (code,))
    assert caught.value.key == key
    assert not out.exists()


def test_a_cut_of_codes_keeps_their_records_and_the_state_of_the_rest(tmp_path: Path) -> None:
    path, out = tmp_path / "a.ktape", tmp_path / "b.ktape"
    heads = KeyframeBuilder()
    heads.name({FUTURE: "F 202612"})
    heads.miss({FUTURE: 7.0})
    for code in (FUTURE, OPTION):
        heads.apply(entry(-1, trade(code, -1, 5)))
    written = [
        entry(0, trade(FUTURE, 0, 6)),
        link(1, LinkPhase.LIVE),
        entry(2, trade(OPTION, 2, 6)),
        entry(3, trade(FUTURE, 3, 7)),
        entry(4, b'{"why":"asked"}', EntryKind.END),
    ]
    with Tape(write_segment(path, written, heads)) as tape:
        copied = cut(tape, out, ns(1), ns(9), (OPTION,))
    with Tape(out) as tape:
        first, *others = tape.entries()
    assert [one.frame for one in read(first.payload).frames] == [trade(OPTION, -1, 5)]
    assert read(first.payload).names == {FUTURE: "F 202612"}
    assert read(first.payload).missed == {FUTURE: 7.0}
    assert others == [written[1], written[2], written[4]]
    assert (copied.entries, copied.messages) == (3, 1)


def test_a_cut_takes_names_and_missed_contracts_of_later_keyframes(tmp_path: Path) -> None:
    path, out = tmp_path / "a.ktape", tmp_path / "b.ktape"
    writer, heads = TapeWriter(path, HEADER), KeyframeBuilder()
    for number, one in enumerate([entry(at, trade(FUTURE, at, at + 1)) for at in (0, 10, 500)]):
        heads.name({FUTURE: f"name {number}"})
        heads.miss({FUTURE: float(number)})
        writer.begin_segment(heads.pack(), one.monotonic, one.wall)
        writer.write(one)
        heads.apply(one)
    writer.close()
    with Tape(path) as tape:
        cut(tape, out, ns(5), ns(600), ())
    with Tape(out) as tape:
        first, second = keyframes(tape.entries())
    assert (first.names, first.missed) == ({FUTURE: "name 1"}, {FUTURE: 1.0})
    assert (second.names, second.missed) == ({FUTURE: "name 2"}, {FUTURE: 2.0})
    assert [one.frame for one in second.frames] == [trade(FUTURE, 10, 11)]
