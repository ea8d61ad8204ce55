"""The scan of a tape for events: in slices, in steps that are shown, within bounds."""

import asyncio
from itertools import count
from math import nan
from pathlib import Path

import pytest
from harness.player_harness import write_segments
from harness.tape_samples import FUTURE, entry, trade

from app.tape.entry import EntryKind, TapeEntry
from app.tape.event_scan import EventScan, Prices, moves
from app.tape.gap import Gap
from app.tape.reader import Tape
from app.tape.tape_index import TapeIndex
from app.tape.timeline import EventKind, PriceMove, Timeline, TimelineEvent


def scan(path: Path, seconds: float = 0.0) -> tuple[list[Timeline], int]:
    """Return the timelines that a scan shows and how often it asked for the time.

    The clock goes on by so many seconds each time.
    """
    shown: list[Timeline] = []
    looks = count()
    with Tape(path) as tape:
        index = TapeIndex(tape)
        asyncio.run(EventScan(index, lambda: next(looks) * seconds, shown.append).run())
    return shown, next(looks)


def gap(after: float, seconds: float, missed: int = 1) -> TapeEntry:
    body = f'{{"why":"record.why_full","seconds":{seconds},"missed":{missed}}}'
    return entry(after, body, EntryKind.GAP)


@pytest.mark.parametrize(("entries", "looks"), [(62, 0), (63, 1), (126, 1), (639, 10)])
def test_the_scan_looks_at_the_clock_after_64_entries(
    tmp_path: Path, entries: int, looks: int
) -> None:
    # The keyframe counts as an entry; the scan begins with two looks.
    written = [entry(at / 10, trade(FUTURE, 0, at)) for at in range(entries)]
    assert scan(write_segments(tmp_path / "a.ktape", written))[1] == 2 + looks


@pytest.mark.parametrize(("milliseconds", "pauses"), [(0.0, 0), (3.9, 1), (4.1, 2)])
def test_the_scan_rests_8_ms_after_4_ms_of_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, milliseconds: float, pauses: int
) -> None:
    rests: list[float] = []

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    monkeypatch.setattr("app.tape.event_scan.asyncio.sleep", rest)
    entries = [entry(at, trade(FUTURE, at, at)) for at in range(2)]
    # One look at the beginning, one for each keyframe, one after each rest.
    scan(write_segments(tmp_path / "a.ktape", entries, segment=1), milliseconds / 1000)
    assert rests == [0.008] * pauses


def test_the_scan_shows_what_it_found_after_32_segments(tmp_path: Path) -> None:
    entries = [gap(at, 0.5) for at in range(65)]
    shown, _ = scan(write_segments(tmp_path / "a.ktape", entries, segment=1))
    assert [len(line.of_kind(EventKind.GAP)) for line in shown] == [0, 32, 64, 65]
    assert [line.complete for line in shown] == [False, False, False, True]


def test_the_scan_keeps_1000_gaps(tmp_path: Path) -> None:
    entries = [gap(at, 0.5) for at in range(1002)]
    shown, _ = scan(write_segments(tmp_path / "a.ktape", entries, segment=2000))
    assert len(shown[-1].of_kind(EventKind.GAP)) == 1000


@pytest.mark.parametrize(("seconds", "begin"), [(5.0, 0.0), (1.5, 0.5), (-3.0, 2.0)])
def test_a_gap_begins_on_the_tape_and_not_after_its_entry(
    tmp_path: Path, seconds: float, begin: float
) -> None:
    entries = [entry(0, trade(FUTURE, 0, 1)), gap(2, seconds), gap(3, 1.0, missed=0)]
    shown, _ = scan(write_segments(tmp_path / "a.ktape", entries))
    cause = Gap("record.why_full", seconds, 1)
    assert shown[-1].of_kind(EventKind.GAP) == [TimelineEvent(begin, EventKind.GAP, cause, 2.0)]


def priced(code: str, *prices: float, volume: float = 10.0) -> list[tuple[float, Prices]]:
    """Return a price of one code for each 300 s."""
    return [(at * 300.0, {code: (price, volume)}) for at, price in enumerate(prices)]


@pytest.mark.parametrize(
    ("prices", "found"),
    [
        # Four ticks of 0.05, and three times the median step.
        ((100.0, 100.0, 100.0, 100.2), [(100.0, 100.2)]),
        ((100.0, 100.0, 100.0, 100.15), []),
        ((100.0, 101.0, 100.0, 103.0), [(100.0, 103.0)]),
        ((100.0, 101.0, 100.0, 102.95), []),
        ((100.0, 100.0), []),
        ((100.0,), []),
        ((), []),
    ],
)
def test_a_move_is_four_ticks_and_three_times_the_median(
    prices: tuple[float, ...], found: list[tuple[float, float]]
) -> None:
    causes = [event.cause for event in moves(priced("A01612", *prices), {"A01612": "F 202612"})]
    assert causes == [PriceMove("F 202612", *both, 2) for both in found]


def test_moves_are_the_five_biggest_with_their_times_and_percent() -> None:
    prices = [100.0] * 20
    for step, at in enumerate((3, 6, 9, 12, 15, 18)):
        prices[at:] = [prices[at] + (step + 1) * (-1) ** step] * (20 - at)
    found = moves(priced("A01612", *prices), {})
    assert len(found) == 5
    assert [event.cause for event in found][:2] == [
        PriceMove("A01612", 103.0, 97.0, 2),
        PriceMove("A01612", 98.0, 103.0, 2),
    ]
    assert (found[0].position, found[0].end) == (17 * 300.0, 18 * 300.0)
    assert found[0].size == pytest.approx(-5.8252, abs=1e-4)


def test_moves_are_of_the_code_with_the_largest_known_volume() -> None:
    prices = priced("A01612", 100.0, 100.0, 100.0, 105.0)
    for at, (_, found) in enumerate(prices):
        found["A05612"] = (100.0 + 10 * (at == 2), nan)
        found["A06612"] = (100.0 + 10 * (at == 2), 9.0)
    assert [event.cause for event in moves(prices, {})] == [PriceMove("A01612", 100.0, 105.0, 2)]


def test_moves_skip_keyframes_without_the_code() -> None:
    prices = priced("A01612", 100.0, 100.0, 100.0, 105.0, 105.0)
    prices[3] = (900.0, {})
    assert moves(prices, {}) == []


def test_a_code_without_a_tick_size_moves_by_the_median_alone() -> None:
    found = moves(priced("no code", 100.0, 100.0, 100.0, 100.01), {})
    assert [event.cause for event in found] == [PriceMove("no code", 100.0, 100.01, 2)]
