"""A tape is played, wound and stepped through, and always shows what stood there."""

import random
from math import inf
from pathlib import Path

import pytest
from harness.player_harness import PlayerHarness, frame, run_player, write_segments
from harness.sample_frames import frame as text
from harness.sample_frames import record

from app.feed.demand import WatchRequest
from app.feed.phase import LinkPhase
from app.feed.registrations import RegistrationKey, RegistrationState
from app.feed.rest.rest_events import RestTrouble
from app.tape.entry import EntryKind, TapeEntry
from specs.user_message import UserMessage

MOMENTS = 12
OPTION = "H0EUCNT0"


def trade(second: float, price: str, code: str = "B01612A18", volume: str = "5") -> TapeEntry:
    """A trade that came at a second."""
    changed = {"price": price, "accumulated_volume": volume, "last_volume": "1"}
    return frame(text(OPTION, record(OPTION, code, **changed)), second)


def prices(one: PlayerHarness) -> dict[str, float]:
    """Return the newest prices by code."""
    return {code: told[0].price for (_, code), told in one.newest.items()}  # type: ignore[attr-defined]


async def test_wound_to_a_moment_everything_stands_as_if_it_had_been_played() -> None:
    draw = random.Random(7)
    async with run_player(speed=1.0) as straight, run_player(playing=False) as wound:
        length = straight.tape_index.length
        before = 0.0
        for place in sorted(draw.uniform(0, length) for _ in range(MOMENTS)):
            await straight.play(place - before)
            before = place
            wound.player.seek(draw.uniform(0, length))
            wound.player.seek(place)
            await wound.settle()
            assert wound.clock.position == pytest.approx(straight.clock.position)
            assert abs((wound.clock.now() - straight.clock.now()).total_seconds()) < 1e-3
            assert wound.ages.keys() == straight.ages.keys()
            for key, (told, age) in wound.ages.items():
                assert told == straight.ages[key][0]
                assert age == pytest.approx(straight.ages[key][1], abs=1e-3)
            assert wound.last.link.phase is straight.last.link.phase
            assert wound.last.missed == straight.last.missed


async def test_as_fast_as_can_be_it_ends_where_it_ends_in_its_own_time() -> None:
    async with run_player(speed=inf) as fast, run_player(playing=False) as wound:
        await fast.until(lambda: fast.clock.pace.ended)
        await fast.settle()
        wound.player.seek(inf)
        await wound.settle()
        assert wound.clock.pace.ended
        assert fast.ages.keys() == wound.ages.keys()
        assert {key: told[0] for key, told in fast.ages.items()} == {
            key: told[0] for key, told in wound.ages.items()
        }


async def test_the_clock_is_the_tapes_and_stands_while_it_does(tmp_path: Path) -> None:
    path = write_segments(tmp_path / "a.ktape", [trade(second, "1.5") for second in range(60)])
    async with run_player(path, speed=10.0) as one:
        began = one.clock.now()
        await one.play(2.0)
        assert (one.clock.now() - began).total_seconds() == pytest.approx(20)
        one.player.play(False)
        await one.settle()
        await_at = one.clock.monotonic()
        one.real.sleep(0)
        await one.settle()
        assert one.clock.monotonic() == await_at
        one.player.run_at(0.25)
        one.player.play(True)
        await one.settle()
        await one.play(4.0)
        assert one.clock.position == pytest.approx(21.0)


async def test_monotonic_seconds_never_run_backwards_though_the_tape_is_wound_back() -> None:
    async with run_player(playing=False) as one:
        seen = [one.clock.monotonic()]
        for place in (3000.0, 10.0, 2000.0, 1990.0, 0.0):
            one.player.seek(place)
            await one.settle()
            assert one.clock.position == place
            seen.append(one.clock.monotonic())
        assert seen == sorted(seen)


async def test_a_jump_tells_everything_afresh_and_nothing_of_before(tmp_path: Path) -> None:
    entries = [trade(0, "1.0"), trade(10, "2.0", "B01612A20"), trade(20, "3.0")]
    path = write_segments(tmp_path / "a.ktape", entries)
    async with run_player(path, playing=False) as one:
        one.player.seek(20.0)
        await one.settle()
        assert prices(one) == {"B01612A18": 3.0, "B01612A20": 2.0}
        one.player.seek(5.0)
        await one.settle()
        assert prices(one) == {"B01612A18": 1.0}
        assert one.last.is_reset or any(batch.is_reset for batch in one.batches[-3:])


async def test_steps_go_from_one_message_to_the_next_and_back(tmp_path: Path) -> None:
    ping = frame('{"header":{"tr_id":"PINGPONG","datetime":"20261120175500"}}', 2.5)
    entries = [trade(0, "1.0"), trade(1, "2.0"), trade(2, "3.0"), ping, trade(3, "4.0")]
    path = write_segments(tmp_path / "a.ktape", entries, segment=2)
    async with run_player(path, playing=True) as one:
        shown = []
        for way in (1, 1, 1, -1, -1, -1, 1):
            one.player.step(way)
            await one.settle()
            shown.append(prices(one).get("B01612A18"))
            assert not one.clock.pace.playing
        assert shown == [2.0, 3.0, 4.0, 3.0, 2.0, 1.0, 2.0]
        assert one.clock.position == 1.0


async def test_skips_add_up_however_fast_they_are_asked_for(tmp_path: Path) -> None:
    path = write_segments(tmp_path / "a.ktape", [trade(second, "1.5") for second in range(300)])
    async with run_player(path, playing=False) as one:
        for seconds in (60.0, 60.0, 60.0, -60.0):
            one.player.skip(seconds)
        await one.settle()
        assert one.clock.position == 120.0
        one.player.skip(-600.0)
        await one.settle()
        assert one.clock.position == 0.0


async def test_a_code_that_is_watched_later_shows_what_the_tape_told_of_it(tmp_path: Path) -> None:
    path = write_segments(tmp_path / "a.ktape", [trade(0, "1.0"), trade(1, "2.0", "B01612A20")])
    async with run_player(path, codes=("B01612A18",), playing=False) as one:
        one.player.seek(1.0)
        await one.settle()
        one.newest.clear()
        one.player.watch(WatchRequest(("B01612A18", "B01612A20")))
        await one.settle()
        assert prices(one) == {"B01612A20": 2.0}


async def test_what_is_on_the_tape_counts_as_registered_and_what_is_not_says_so(
    tmp_path: Path,
) -> None:
    path = write_segments(tmp_path / "a.ktape", [trade(0, "1.0")])
    async with run_player(path, codes=("B01612A18", "B01612A99")) as one:
        places = one.last.registrations
        assert places[RegistrationKey(OPTION, "B01612A18")].state is RegistrationState.ACTIVE
        assert places[RegistrationKey(OPTION, "B01612A99")].state is RegistrationState.NOT_ON_TAPE


async def test_the_link_stands_as_it_was_recorded(tmp_path: Path) -> None:
    down = b'{"phase":"backoff","reason":"closed","detail":"reset","epoch":2,"used":3,"limit":41}'
    up = b'{"phase":"live","epoch":3,"used":3,"limit":41}'
    entries = [
        trade(0, "1.0"),
        TapeEntry(EntryKind.LINK, 10 * 10**9, 1_795_165_210 * 10**9, down),
        TapeEntry(EntryKind.LINK, 20 * 10**9, 1_795_165_220 * 10**9, up),
        trade(30, "2.0"),
    ]
    path = write_segments(tmp_path / "a.ktape", entries)
    async with run_player(path, playing=False) as one:
        for place, phase in (
            (5.0, LinkPhase.LIVE),
            (15.0, LinkPhase.BACKOFF),
            (25.0, LinkPhase.LIVE),
        ):
            one.player.seek(place)
            await one.settle()
            assert one.last.link.phase is phase
        assert one.last.link.limit == 41
        assert [step.phase for step in one.last.transitions] == [LinkPhase.BACKOFF, LinkPhase.LIVE]


async def test_a_gap_that_is_passed_is_said_once(tmp_path: Path) -> None:
    gap = b'{"why":"record.why_full","seconds":5.0,"missed":12}'
    entries = [
        trade(0, "1.0"),
        TapeEntry(EntryKind.GAP, 10**10, 1_795_165_210 * 10**9, gap),
        trade(20, "2"),
    ]
    async with run_player(write_segments(tmp_path / "a.ktape", entries)) as one:
        await one.play(15.0)
        await one.play(1.0)
        told = [told for batch in one.batches for told in batch.rest_events]
        assert len(told) == 1
        why = UserMessage("record.why_full", "record.why_full")
        lost = UserMessage("replay.gap_missed", why=why, count="12")
        assert told == [RestTrouble(lost, over=False)]


HOSTILE = (
    (0, 0),
    (-(2**63), 2**63 - 1),
    (2**63 - 1, -(2**63)),
    (5 * 10**9, 0),
    (3 * 86400 * 10**9, 9 * 10**18),
    (0, 10**18),
)


async def test_times_of_any_kind_are_played_to_their_end(tmp_path: Path) -> None:
    made = trade(0, "1.0")
    entries = [TapeEntry(made.kind, at, wall, made.payload) for at, wall in HOSTILE * 2]
    path = write_segments(tmp_path / "a.ktape", entries, segment=2)
    async with run_player(path, speed=inf) as one:
        await one.until(lambda: one.clock.pace.ended)
        assert 0.0 <= one.tape_index.length <= 7 * 86400
        for place in (0.0, one.tape_index.length / 2, inf):
            one.player.seek(place)
            await one.settle()
            assert 2000 <= one.clock.now().year <= 2099
            assert prices(one) == {"B01612A18": 1.0}


async def test_frames_that_nobody_could_decode_are_counted_and_played_over(tmp_path: Path) -> None:
    bad = [frame("<html>", 1), frame("0|H0EUCNT0|001|x", 2), frame("\x1b]0;x\x07", 3)]
    entries = [
        trade(0, "1.0"),
        *bad,
        TapeEntry(EntryKind.BINARY, 4 * 10**9, 0, b"\xff\xfe"),
        trade(5, "2"),
    ]
    path = write_segments(tmp_path / "a.ktape", [*entries, TapeEntry(99, 6 * 10**9, 0, b"?")])
    async with run_player(path) as one:
        one.player.seek(inf)
        await one.settle()
        assert prices(one) == {"B01612A18": 2.0}
        assert sum(one.last.counters.refused.values()) == 4


async def test_monotonic_seconds_of_a_tape_begin_at_its_position() -> None:
    async with run_player(playing=False) as one:
        assert one.clock.monotonic() == one.clock.position == 0.0
