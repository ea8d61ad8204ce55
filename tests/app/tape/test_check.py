"""What is wrong with a tape and where, and what it holds, as `kis-tui tape` tells them."""

import os
from datetime import datetime
from itertools import pairwise
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
from app.tape.check import MISSING, DamageKind, Finding, check, damage_events
from app.tape.entry import MARKER, EntryKind, Header, TapeEntry, pack_header
from app.tape.gap import Gap
from app.tape.reader import Tape
from app.tape.summary import Summary, summarise
from app.tape.times import moment, nanoseconds


def findings(path: Path) -> list[Finding]:
    with Tape(path) as tape:
        return check(tape)


def recorded(path: Path, count: int = 400) -> bytes:
    write_tape(path, with_end(trades(count)), every=100)
    return path.read_bytes()


def after(wall: int) -> float:
    """Seconds from the beginning to a wall time."""
    return (wall - nanoseconds(BEGIN)) / 1e9


def test_a_whole_tape_has_nothing_wrong_with_it(tmp_path: Path) -> None:
    recorded(tmp_path / "a.ktape")
    assert findings(tmp_path / "a.ktape") == []


def test_check_reports_the_bytes_that_it_has_read(tmp_path: Path) -> None:
    path, ticks = tmp_path / "a.ktape", list[int]()
    recorded(path)
    with Tape(path) as tape:
        check(tape, tick=ticks.append)
        ends = [tape.begin, *(one.end for one in tape.segments)]
    assert ticks == [end - begin for begin, end in pairwise(ends)]
    assert sum(ticks) == path.stat().st_size - ends[0]


def test_a_torn_end_is_told_with_its_place_and_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    sizes = write_tape(path, trades(400), every=100)
    os.truncate(path, sizes[-1] - 5)
    [found] = findings(path)
    assert (found.what, found.at) == (DamageKind.TORN, sizes[-2])
    assert found.count == sizes[-1] - 5 - sizes[-2]
    os.truncate(path, sizes[-2])
    assert findings(path) == []


def test_entries_that_are_gone_are_counted_by_the_numbers_of_segments(tmp_path: Path) -> None:
    path, content = tmp_path / "a.ktape", recorded(tmp_path / "a.ktape")
    head, *segments = content.split(MARKER)
    path.write_bytes(MARKER.join([head, segments[0], *segments[2:]]))
    [found] = findings(path)
    assert (found.what, found.count) == (DamageKind.LOST, 101)
    assert (after(found.wall), found.until) == (99, BOOTED + 200 * 10**9)


def test_swapped_and_repeated_segments_are_out_of_order(tmp_path: Path) -> None:
    path, content = tmp_path / "a.ktape", recorded(tmp_path / "a.ktape")
    head, first, second, *rest = content.split(MARKER)
    path.write_bytes(MARKER.join([head, second, first, *rest]))
    assert {one.what for one in findings(path)} == {DamageKind.ORDER, DamageKind.LOST}
    path.write_bytes(content + content)
    assert {one.what for one in findings(path)} == {DamageKind.SECOND}


def test_bytes_that_belong_to_nothing_are_told(tmp_path: Path) -> None:
    path, content = tmp_path / "a.ktape", recorded(tmp_path / "a.ktape")
    places = [at for at in range(len(content)) if content.startswith(MARKER, at)]
    for place in (*places, len(content)):
        path.write_bytes(content[:place] + b"stray" + content[place:])
        assert [(one.what, one.at, one.count) for one in findings(path)] == [
            (DamageKind.STRAY, place, 5)
        ]


def test_a_flipped_bit_is_found_wherever_it_means_something(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    content, silent = recorded(path, 20), 0
    with Tape(path) as tape:
        wanted = list(tape.entries())
    for place in range(8, len(content)):
        hurt = bytearray(content)
        hurt[place] ^= 4
        path.write_bytes(hurt)
        with Tape(path) as tape:
            if not check(tape):
                # zstd has bits that nobody reads.
                assert list(tape.entries()) == wanted, place
                silent += 1
    assert silent < len(content) / 50


def test_a_segment_that_breaks_off_says_where(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    sizes = write_tape(path, trades(400), every=100)
    content = bytearray(path.read_bytes())
    del content[sizes[150] : sizes[150] + 30]
    path.write_bytes(content)
    with Tape(path) as tape:
        found = check(tape)
        second = tape.segments[1]
    [one] = found
    assert one.what is DamageKind.DAMAGED
    assert second.start < sizes[150] <= one.at < sizes[151]
    assert (after(one.wall), one.segment, one.count, one.until) == (
        150,
        1,
        49,
        BOOTED + 200 * 10**9,
    )


def test_a_flipped_bit_is_told_by_its_byte_and_the_time_before_it(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    sizes = write_tape(path, with_end(trades(280)))
    content = path.read_bytes()
    for number in range(20, 260, 7):
        hurt = bytearray(content)
        hurt[sizes[number] + 40] ^= 1
        path.write_bytes(hurt)
        first = findings(path)[0]
        assert first.what in (DamageKind.DAMAGED, DamageKind.WRONG)
        # A bit may change what is read from it much later.
        assert first.at >= sizes[number]
        assert after(first.wall) >= number
        if first.what is DamageKind.DAMAGED:
            # Nobody knows how many there were, for nothing follows.
            assert (first.count, first.until) == (None, None)
            assert first.size == len(content) - first.at


def test_what_was_read_of_a_tape_tells_its_damage_without_reading_it_again(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    sizes = write_tape(path, with_end(trades(400)), every=100)
    content = bytearray(path.read_bytes())
    content[sizes[150]] ^= 0xFF
    path.write_bytes(content)
    with Tape(path) as tape:
        assert damage_events(tape) == []
        for number in range(4):
            list(tape.entries_of(tape.segments[number]))
            found = [one for one in damage_events(tape) if one.what in MISSING]
            assert [one.segment for one in found] == [1][:number]
        assert found == check(tape)


def test_times_that_run_backwards_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    write_tape(path, [*trades(100), *trades(100, seed=1)], every=50)
    [found] = findings(path)
    assert (found.what, found.segment, after(found.wall)) == (DamageKind.BACK, 2, 0)


def test_a_damaged_header_is_told(tmp_path: Path) -> None:
    path, content = tmp_path / "a.ktape", bytearray(recorded(tmp_path / "a.ktape"))
    content[20] ^= 1
    path.write_bytes(content)
    assert [one.what for one in findings(path)] == [DamageKind.HEADER]


def test_an_empty_tape_is_whole_and_nonsense_behind_its_header_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    path.write_bytes(pack_header(HEADER))
    assert findings(path) == []
    path.write_bytes(pack_header(HEADER) + b"nonsense")
    [found] = findings(path)
    assert (found.what, found.count) == (DamageKind.STRAY, 8)


def summary(path: Path, *entries: TapeEntry, every: int = 0) -> Summary:
    write_tape(path, entries, every=every)
    with Tape(path) as tape:
        return summarise(tape)


def test_a_summary_counts_records_and_missed_contracts(tmp_path: Path) -> None:
    found = summary(
        tmp_path / "a.ktape",
        link(0, LinkPhase.LIVE),
        entry(1, trade(FUTURE, 1, 100)),
        entry(2, trade(FUTURE, 2, 105, 2)),
        entry(3, trade(OPTION, 3, 50)),
        entry(4, "0|H0EUCNT0|001|nonsense"),
        entry(5, '{"header":{"tr_id":"PINGPONG"}}'),
        entry(6, trade(FUTURE, 6, 115, 3)),
        entry(7, '{"why":"asked"}', EntryKind.END),
        every=3,
    )
    assert found.records == {"H0MFCNT0": 3, "H0EUCNT0": 1}
    assert {code: told.missed for code, told in found.contracts.items()} == {FUTURE: 10, OPTION: 0}
    assert {code: one.records for code, one in found.contracts.items()} == {FUTURE: 3, OPTION: 1}
    assert (found.entries, found.frames, found.refused) == (11, 6, 1)
    assert (found.ended, found.dialled, found.seconds) == ("asked", 1, 7.0)
    assert found.findings == []


def test_a_summary_tells_outages_and_gaps_with_their_lengths(tmp_path: Path) -> None:
    gap = msgspec.json.encode(Gap("record.why_full", 12.5, 34))
    found = summary(
        tmp_path / "a.ktape",
        link(0, LinkPhase.DIAL),
        link(1, LinkPhase.LIVE),
        link(100, LinkPhase.BACKOFF, "silence"),
        link(110, LinkPhase.DIAL, epoch=2),
        link(130, LinkPhase.LIVE, epoch=2),
        entry(200, gap, EntryKind.GAP),
        link(300, LinkPhase.OFFLINE, "offline"),
        entry(340, trade(FUTURE, 340, 1)),
    )
    assert [(one.why, one.seconds, one.missed) for one in found.holes] == [
        ("", 30.0, None),
        ("record.why_full", 12.5, 34),
        ("", 40.0, None),
    ]
    assert [one.link and one.link.reason for one in found.holes] == ["silence", None, "offline"]
    begun = [(one.wall - nanoseconds(BEGIN)) / 1e9 for one in found.holes]
    assert begun == [100.0, 187.5, 300.0]
    assert (found.dialled, found.ended) == (2, None)


@pytest.mark.parametrize("wall", [-(2**63), 2**63 - 1, 0, 4_200_000_000 * 10**9])
def test_a_time_of_no_recording_is_none(wall: int) -> None:
    assert moment(wall) is None


def test_moments_go_there_and_back() -> None:
    assert moment(nanoseconds(BEGIN)) == BEGIN
    assert nanoseconds(BEGIN) == BEGIN.timestamp() * 1e9


def test_a_summary_lists_the_auctions_that_a_tape_has_a_part_of() -> None:
    def auctions(begin: str, end: str) -> list[tuple[str, str]]:
        first, last = (datetime.fromisoformat(f"2026-11-{text}+09:00") for text in (begin, end))
        found = Summary(
            Header("", ""), 0, first=nanoseconds(first), last=nanoseconds(last)
        ).auctions
        return [(f"{one.begin:%d %H:%M}", f"{one.end:%d %H:%M}") for one in found]

    night = [("20 17:50", "20 18:00"), ("21 05:50", "21 06:00")]
    assert auctions("20T17:55", "21T06:01") == night
    assert auctions("20T17:40", "20T17:49") == []
    assert auctions("20T17:40", "20T17:50") == night[:1]
    assert auctions("20T18:00", "21T05:49") == []
    assert auctions("20T18:00", "21T05:51") == night[1:]
