"""Events of a tape: found in the background, in order, with their texts."""

from pathlib import Path

import pytest
from harness.player_harness import frame, run_player, write_segments
from harness.sample_frames import frame as text
from harness.sample_frames import record

from app.feed.link_step import LinkStep
from app.feed.phase import LinkPhase
from app.krx.calendar import MarketPhase
from app.screens.replay_text import event_words
from app.tape.check import Finding
from app.tape.copying import cut
from app.tape.entry import EntryKind, TapeEntry
from app.tape.event_scan import prices_of
from app.tape.gap import Gap
from app.tape.keyframe import Keyframe, ReceivedFrame
from app.tape.reader import Tape
from app.tape.segments import HEAD
from app.tape.summary import summarise
from app.tape.timeline import EventKind, PriceMove, Timeline

FUTURE = "H0MFCNT0"


def link(second: float, body: str) -> TapeEntry:
    """A step of the connection."""
    return TapeEntry(
        EntryKind.LINK, int(second * 1e9), int((1_795_165_200 + second) * 1e9), body.encode()
    )


def gap(second: float, body: str) -> TapeEntry:
    """Return the entry of a recorder's gap."""
    return TapeEntry(
        EntryKind.GAP, int(second * 1e9), int((1_795_165_200 + second) * 1e9), body.encode()
    )


def traded(second: float, price: str, code: str = "A01612", volume: str = "10") -> TapeEntry:
    """A future's trade."""
    changed = {"price": price, "accumulated_volume": volume, "last_volume": "1"}
    return frame(text(FUTURE, record(FUTURE, code, **changed)), second)


async def surveyed(path: Path | None = None) -> Timeline:
    """The timeline of a tape once all of it was looked at."""
    async with run_player(path, playing=False) as one:
        # The survey pauses by real time between its slices, but reads the manual clock.
        await one.until(lambda: one.player.timeline.complete)
        return one.player.timeline


async def test_the_built_in_tape_has_an_auction_an_outage_and_moves() -> None:
    line = await surveyed()
    assert [(one.session, one.phase) for one in line.stretches] == [
        (None, MarketPhase.CLOSED),
        ("night", MarketPhase.OPENING_AUCTION),
        ("night", MarketPhase.CONTINUOUS),
    ]
    [auction] = [event for event in line.events if event.what is EventKind.AUCTION]
    assert auction.position == pytest.approx(40, abs=1)
    assert auction.end == pytest.approx(640, abs=1)
    [outage] = [event for event in line.events if event.what is EventKind.GAP]
    assert 40 < outage.end - outage.position < 180
    assert line.biggest is None, "its market is calm from beginning to end"
    places = [event.position for event in line.events]
    assert places == sorted(places)


async def test_events_are_found_forwards_and_backwards() -> None:
    line = await surveyed()
    there, place = [], -1.0
    while (event := line.after(place)) is not None:
        there.append(event)
        place = event.position
    back, place = [], line.length + 1
    while (event := line.before(place)) is not None:
        back.append(event)
        place = event.position
    assert there == back[::-1]
    assert line.after(0.0, EventKind.GAP) == line.before(line.length, EventKind.GAP)
    assert line.after(line.length) is None


async def test_a_recorder_that_caught_up_left_no_gap(tmp_path: Path) -> None:
    entries = [
        traded(0, "1080.00"),
        gap(10, '{"why":"record.why_full","seconds":8.0,"missed":0}'),
        traded(11, "1080.00"),
        gap(40, '{"why":"record.why_full","seconds":8.0,"missed":3}'),
        traded(60, "1080.00"),
    ]
    path = write_segments(tmp_path / "a.ktape", entries)
    line = await surveyed(path)
    [found] = [event for event in line.events if event.what is EventKind.GAP]
    assert (found.position, found.end) == pytest.approx((32, 40))


async def test_an_outage_is_from_the_first_step_down_to_live_again(tmp_path: Path) -> None:
    entries = [
        link(0, '{"phase":"dial"}'),
        link(2, '{"phase":"live","epoch":1}'),
        link(10, '{"phase":"suspect","epoch":1}'),
        link(12, '{"phase":"live","epoch":1}'),
        link(20, '{"phase":"backoff","reason":"closed","detail":"reset","epoch":1}'),
        link(25, '{"phase":"dial","epoch":2}'),
        link(30, '{"phase":"restore","epoch":2}'),
        link(31, '{"phase":"live","epoch":2}'),
        link(40, '{"phase":"closing","epoch":2}'),
        link(41, '{"phase":"stopped","epoch":2}'),
        link(42, "no json"),
    ]
    line = await surveyed(write_segments(tmp_path / "a.ktape", entries, segment=3))
    [found] = [event for event in line.events if event.what is EventKind.GAP]
    assert (found.position, found.end) == (20.0, 31.0)
    assert found.cause == LinkStep(LinkPhase.BACKOFF, "closed", "reset", 1)
    assert event_words(found) == "0:11 동안 수신하지 못함 (연결 끊김 — 연결이 강제로 끊김)"


async def test_a_tape_cut_within_an_outage_shows_it_as_its_summary_does(tmp_path: Path) -> None:
    whole, cut_off = tmp_path / "whole.ktape", tmp_path / "cut.ktape"
    steps = [
        link(0, '{"phase":"live","epoch":1}'),
        traded(5, "1080.00"),
        link(20, '{"phase":"backoff","reason":"silence","epoch":1}'),
        link(30, '{"phase":"dial","epoch":2}'),
        link(50, '{"phase":"live","epoch":2}'),
        # Registering codes again while data arrive does not count as an outage.
        link(60, '{"phase":"restore","epoch":2}'),
        traded(65, "1080.00"),
        link(70, '{"phase":"live","epoch":2}'),
        traded(90, "1080.00"),
    ]
    write_segments(whole, steps)
    with Tape(whole) as tape:
        first = steps[0].wall
        cut(tape, cut_off, first + 25 * 10**9, first + 95 * 10**9, ())
    for path, seconds in ((whole, 30.0), (cut_off, 25.0)):
        with Tape(path) as tape:
            [hole] = summarise(tape).holes
        [outage] = [e for e in (await surveyed(path)).events if e.what is EventKind.GAP]
        assert hole.seconds == pytest.approx(outage.end - outage.position)
        assert hole.seconds == pytest.approx(seconds, abs=5.0)
        assert hole.link is not None
        assert hole.link.reason == "silence"


async def test_a_gap_lies_before_the_entry_that_tells_of_it(tmp_path: Path) -> None:
    told = '{"why":"record.why_full","seconds":4.0,"missed":1234}'
    entries = [traded(0, "100"), gap(10, told), gap(20, '{"why":"\\u001b[31mx"}'), gap(30, "[]")]
    line = await surveyed(write_segments(tmp_path / "a.ktape", entries))
    first, second = [event for event in line.events if event.what is EventKind.GAP]
    assert (first.position, first.end) == (6.0, 10.0)
    assert first.cause == Gap("record.why_full", 4.0, 1234)
    assert "1,234" in event_words(first)
    assert "\x1b" not in event_words(second)


async def test_moves_are_those_of_the_most_traded_future(tmp_path: Path) -> None:
    entries = []
    for minute, price in enumerate(("100", "101", "99", "99", "99.5", "99.25", "99")):
        at = minute * 300.0
        entries += [
            traded(at, price, volume=str(100 + minute)),
            traded(at + 1, str(minute + 1), "A05612", str(minute + 1)),
        ]
    line = await surveyed(write_segments(tmp_path / "a.ktape", entries, segment=2))
    assert line.biggest is not None
    assert line.biggest.size == pytest.approx(-1.98, abs=0.01)
    assert line.biggest.cause == PriceMove("A01612", 101.0, 99.0, 2)
    assert event_words(line.biggest) == "A01612 101.00 → 99.00 (-1.98%, 5:00 동안)"


@pytest.mark.parametrize(
    ("last", "found"),
    [("100.15", False), ("100.20", True), ("99.80", True)],
)
async def test_a_move_is_some_ticks_at_least(tmp_path: Path, last: str, found: bool) -> None:
    prices = ["100.00"] * 9 + [last]
    entries = [traded(at * 300.0, price) for at, price in enumerate(prices) for _ in (0, 1)]
    line = await surveyed(
        write_segments(tmp_path / "a.ktape", [*entries, traded(3000, last)], segment=2)
    )
    assert (line.biggest is not None) is found


async def test_what_the_market_does_all_the_time_is_no_move(tmp_path: Path) -> None:
    prices = ["100", "101", "100", "101", "100", "102", "101", "100", "104", "103"]
    entries = [traded(at * 300.0, price) for at, price in enumerate(prices) for _ in (0, 1)]
    line = await surveyed(
        write_segments(tmp_path / "a.ktape", [*entries, traded(3000, "103")], segment=2)
    )
    moves = [event for event in line.events if event.what is EventKind.MOVE]
    assert [event.cause for event in moves] == [PriceMove("A01612", 100.0, 104.0, 2)]


async def test_what_cannot_be_read_is_damage_where_it_lies(tmp_path: Path) -> None:
    path = write_segments(tmp_path / "a.ktape", [traded(n, "100") for n in range(40)], segment=10)
    async with run_player(path, playing=False) as one:
        start = one.tape_index.segments[1].start
    content = bytearray(path.read_bytes())
    content[start + 30 : start + 60] = bytes(30)
    path.write_bytes(content)
    line = await surveyed(path)
    [found] = line.of_kind(EventKind.DAMAGE)
    assert 10 <= found.position < found.end == 20
    assert isinstance(found.cause, Finding)
    assert "기록 손상" in event_words(found)
    assert line.of_kind(EventKind.GAP) == []
    assert line.gap_at(19.5) == found


async def test_whole_segments_that_are_missing_are_damage(tmp_path: Path) -> None:
    path = write_segments(tmp_path / "a.ktape", [traded(n, "100") for n in range(40)], segment=10)
    async with run_player(path, playing=False) as one:
        first, second = one.tape_index.segments[1:3]
    content = path.read_bytes()
    path.write_bytes(content[: first.start - HEAD] + content[second.start - HEAD :])
    [found] = (await surveyed(path)).of_kind(EventKind.DAMAGE)
    assert (found.position, found.end) == (9.0, 20.0)
    assert isinstance(found.cause, Finding)
    assert found.cause.count == 11
    assert "11건" in event_words(found)


async def test_the_wall_tells_the_time_of_a_tape_that_was_sped_up(tmp_path: Path) -> None:
    entries = [
        frame(text(FUTURE, record(FUTURE, "A01612")), second, 1_795_165_200 + second * 60)
        for second in range(40)
    ]
    path = write_segments(tmp_path / "a.ktape", entries, segment=10)
    async with run_player(path, playing=False) as one:
        assert one.tape_index.length == pytest.approx(39 * 60)
        for place in (0.0, 610.0, 1800.0, 2100.0):
            one.player.seek(place)
            await one.settle()
            seen = (one.clock.now().timestamp() - 1_795_165_200) / place if place else 1.0
            assert seen == pytest.approx(1.0)
            assert all(0 <= age <= 60 for _, age in one.ages.values())
    line = await surveyed(path)
    assert sum(one.end - one.begin for one in line.stretches) == pytest.approx(line.length)


async def test_where_the_machine_slept_the_tape_does_too(tmp_path: Path) -> None:
    began = 1_795_165_200
    entries = [
        frame(text(FUTURE, record(FUTURE, "A01612")), n, began + n + (3600 if n > 4 else 0))
        for n in range(20)
    ]
    async with run_player(
        write_segments(tmp_path / "a.ktape", entries, segment=10), playing=False
    ) as one:
        places = [passage.position for passage in one.tape_index.passages() if passage.number]
        assert places[:6] == [0, 1, 2, 3, 4, 3605]
        assert one.tape_index.length == 3619
        assert one.tape_index.position_at((began + 3612) * 10**9) == 3612


@pytest.mark.parametrize("pace", [-30.0, 0.0, 1.01, 1e6])
async def test_a_wall_that_drifts_stands_or_runs_wild_moves_nothing(
    tmp_path: Path, pace: float
) -> None:
    message = text(FUTURE, record(FUTURE, "A01612"))
    entries = [frame(message, n, 1_795_165_200 + n * pace) for n in range(1, 21)]
    async with run_player(
        write_segments(tmp_path / "a.ktape", entries, segment=5), playing=False
    ) as one:
        assert one.tape_index.length == 19
        assert one.tape_index.begins == [0, 5, 10, 15]


async def test_an_outage_lasts_to_the_end_of_a_tape_that_ends_in_it(tmp_path: Path) -> None:
    entries = [
        link(0, '{"phase":"live","epoch":1}'),
        link(20, '{"phase":"backoff","reason":"silence","epoch":1}'),
        link(50, '{"phase":"dial","epoch":2}'),
    ]
    line = await surveyed(write_segments(tmp_path / "a.ktape", entries))
    [outage] = [event for event in line.events if event.what is EventKind.GAP]
    assert (outage.position, outage.end) == (20.0, 50.0)


def test_prices_of_a_keyframe_are_those_of_futures_that_traded() -> None:
    def received(tr_id: str, code: str, **changed: str) -> ReceivedFrame:
        return ReceivedFrame(1, 1, text(tr_id, record(tr_id, code, **changed)))

    frames = [
        received(FUTURE, "A01612", price="1080.5", accumulated_volume="7"),
        received(FUTURE, "A05612", price="0"),
        received(FUTURE, "D0112V5S", price="1.5"),
        received("H0EUCNT0", "B01612A18"),
        received("H0MFASP0", "A06612"),
        ReceivedFrame(1, 1, f"0|{FUTURE}|001|damaged"),
    ]
    assert prices_of(Keyframe(frames)) == {"A01612": (1080.5, 7.0)}
