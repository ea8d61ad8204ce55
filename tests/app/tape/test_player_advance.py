"""The player's position, waits and commands, one call at a time on a clock that is moved."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from math import inf
from pathlib import Path

import pytest
from harness.player_harness import run_player, write_segments
from harness.tape_samples import OPTION, entry, trade

from app.feed.batch import Batch
from app.system.clock import KST, ManualClock
from app.tape import player as player_module
from app.tape.entry import EntryKind, TapeEntry
from app.tape.player import LONGEST_NAP, Player
from app.tape.reader import Tape
from app.tape.tape_clock import PlaybackPace, TapeClock
from app.tape.tape_index import TapeIndex
from app.tape.timeline import Timeline

NOON = datetime(2026, 11, 24, 12, tzinfo=KST)
SECONDS = (0, 1, 2, 2.2, 10)
END = SECONDS[-1]


def priced(second: float) -> TapeEntry:
    return entry(second, trade(OPTION, int(second), int(second * 10) + 1, price=f"{second + 1}"))


class StillPlayer:
    """A player that does not run: each command and each look at the tape is a call."""

    def __init__(self, tape: Tape, **options: object) -> None:
        self.real = ManualClock(NOON)
        self.clock = TapeClock(self.real)
        self.batches: list[Batch] = []
        index = TapeIndex(tape)
        self.player = Player(index, self.clock, self.batches.append, beat=0.0, **options)  # type: ignore[arg-type]
        self.player._seek(self.clock.pace.position)

    def advance(self, seconds: float) -> float:
        """Return how long the player waits after it has played so many seconds more."""
        self.real.move_to(self.real.now() + timedelta(seconds=seconds))
        return self.player._advance()

    @property
    def price(self) -> float:
        """Return the newest price that the player has read."""
        [one] = self.player._state.newest_of([OPTION])
        return one.record.price  # type: ignore[attr-defined,no-any-return]


@asynccontextmanager
async def still(tmp_path: Path, **options: object) -> AsyncIterator[StillPlayer]:
    path = write_segments(tmp_path / "a.ktape", [priced(second) for second in SECONDS])
    with Tape(path) as tape:
        yield StillPlayer(tape, **options)


@pytest.mark.parametrize(
    ("speed", "real", "position", "price", "nap"),
    [
        # Of the trade at 1 s nothing is there before its time, and at its time it is.
        (1.0, 0.6, 0.6, 1.0, 0.4),
        (1.0, 1.0, 1.0, 2.0, 0.5),
        (1.0, 2.0, 2.0, 3.0, 0.2),
        (1.0, 9.4, 9.4, 3.2, 0.5),
        (1.0, 9.7, 9.7, 3.2, 0.3),
        # Twice as fast it waits half as long.
        (2.0, 0.4, 0.8, 1.0, 0.1),
        (0.25, 3.2, 0.8, 1.0, 0.5),
        (10.0, 0.05, 0.5, 1.0, 0.05),
        # At its end it waits for commands.
        (1.0, 10.0, 10.0, 11.0, 0.5),
        (1.0, 99.0, 10.0, 11.0, 0.5),
    ],
)
async def test_the_player_plays_what_is_due_and_waits_for_the_next_entry(
    tmp_path: Path, speed: float, real: float, position: float, price: float, nap: float
) -> None:
    async with still(tmp_path, speed=speed) as one:
        assert one.advance(real) == pytest.approx(nap)
        assert one.clock.position == pytest.approx(position)
        assert one.price == price
        passed = (one.clock.now() - NIGHT).total_seconds()
        assert passed == pytest.approx(position, abs=1e-6)
        assert one.clock.pace.ended is (position == END)
        assert one.clock.pace.playing


NIGHT = datetime(2026, 11, 20, 18, tzinfo=KST)


async def test_a_paused_player_reads_nothing_and_waits_for_commands(tmp_path: Path) -> None:
    async with still(tmp_path, playing=False) as one:
        assert one.advance(5.0) == LONGEST_NAP == 0.5
        assert (one.clock.position, one.price) == (0.0, 1.0)
        assert not one.clock.pace.ended


async def test_a_player_at_full_speed_stops_after_its_slice_of_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with still(tmp_path, speed=inf) as one:
        # Each entry takes 10 ms: two fit into the slice of 20 ms.
        take = one.player._take

        def slow() -> None:
            one.real.move_to(one.real.now() + timedelta(milliseconds=10))
            take()

        monkeypatch.setattr(one.player, "_take", slow)
        assert one.advance(0.0) == 0.0
        assert (one.clock.position, one.price) == (2.0, 3.0)
        assert not one.clock.pace.ended
        assert one.advance(0.0) == LONGEST_NAP
        assert (one.clock.position, one.price) == (10.0, 11.0)
        assert one.clock.pace.ended


async def test_a_player_that_falls_behind_stands_at_its_last_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with still(tmp_path) as one:
        take = one.player._take

        def slow() -> None:
            one.real.move_to(one.real.now() + timedelta(milliseconds=30))
            take()

        monkeypatch.setattr(one.player, "_take", slow)
        assert one.advance(5.0) == 0.0
        assert (one.clock.pace.position, one.price) == (1.0, 2.0)


@pytest.mark.parametrize("start", [0.0, 1.5, 10.0])
async def test_a_player_begins_at_its_start_with_the_timeline_of_the_calendar(
    tmp_path: Path, start: float
) -> None:
    path = write_segments(tmp_path / "a.ktape", [priced(second) for second in SECONDS])
    with Tape(path) as tape:
        index, clock = TapeIndex(tape), TapeClock(ManualClock(NOON))
        player = Player(index, clock, lambda _: None, start=start, speed=2.0, playing=False)
        wall = index.wall_at(start)
        assert clock.pace == PlaybackPace(clock.real, start, start, wall, 0.0, 2.0, playing=False)
        assert player.timeline == Timeline.from_calendar(index)
        assert (player.timeline.length, player.timeline.complete) == (10.0, False)


async def test_a_player_plays_in_real_time_from_the_start_unless_told_otherwise(
    tmp_path: Path,
) -> None:
    async with still(tmp_path) as one:
        pace = one.clock.pace
        assert (pace.position, pace.speed, pace.playing) == (0.0, 1.0, True)


COMMANDS: list[tuple[list[Callable[[Player], None]], float, float, bool]] = [
    # Two seconds after the commands: position, monotonic seconds, and whether it plays.
    ([], 4.0, 4.0, True),
    ([lambda p: p.play(False)], 2.0, 2.0, False),
    ([lambda p: p.play(False), lambda p: p.play(True)], 4.0, 4.0, True),
    ([lambda p: p.run_at(0.25)], 2.5, 2.5, True),
    ([lambda p: p.seek(7.0)], 9.0, 9.0, True),
    ([lambda p: p.seek(99.0)], 10.0, 10.0, True),
    # Back by a second and a half, which the monotonic seconds do not go.
    ([lambda p: p.seek(0.5)], 2.5, 4.0, True),
    ([lambda p: p.skip(-1.5)], 2.5, 4.0, True),
    ([lambda p: p.skip(3.0)], 7.0, 7.0, True),
    ([lambda p: p.step(1)], 2.2, 2.2, False),
    ([lambda p: p.step(-1)], 1.0, 2.0, False),
    ([lambda p: p.seek(0.0), lambda p: p.step(-1)], 0.0, 2.0, False),
    ([lambda p: p.seek(10.0), lambda p: p.step(1)], 10.0, 10.0, False),
    ([lambda p: p.retry(), lambda p: p.record(True), lambda p: p.name({})], 4.0, 4.0, True),
]


@pytest.mark.parametrize(("commands", "position", "monotonic", "playing"), COMMANDS)
async def test_commands_leave_the_clock_where_they_say(
    tmp_path: Path,
    commands: list[Callable[[Player], None]],
    position: float,
    monotonic: float,
    playing: bool,
) -> None:
    async with still(tmp_path) as one:
        one.advance(2.0)
        for command in commands:
            command(one.player)
        while not one.player._commands.empty():
            one.player._commands.get_nowait()()
        one.advance(2.0)
        assert one.clock.position == pytest.approx(position)
        assert one.clock.monotonic() == pytest.approx(monotonic)
        assert one.clock.pace.playing is playing


async def test_a_step_skips_what_changes_nothing_on_the_screen(tmp_path: Path) -> None:
    entries = [
        priced(0),
        entry(1, '{"header":{"tr_id":"PINGPONG"}}'),
        entry(2, b'{"why":"x","missed":1}', EntryKind.GAP),
        entry(3, b'{"why":"asked"}', EntryKind.END),
    ]
    with Tape(write_segments(tmp_path / "a.ktape", entries)) as tape:
        one = StillPlayer(tape, playing=False)
        found = []
        for step in (one.player._forward, one.player._forward, one.player._back, one.player._back):
            step()
            found.append(one.clock.position)
    # Behind the gap a step goes to the end, where the gap is still what is shown.
    assert found == [2.0, 3.0, 0.0, 0.0]


async def test_a_command_wakes_a_player_that_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(player_module, "LONGEST_NAP", 3600.0)
    path = write_segments(tmp_path / "a.ktape", [priced(second) for second in SECONDS])
    async with run_player(path, playing=False) as one:
        one.player.seek(2.0)
        await one.until(lambda: one.clock.position == 2.0)
        one.player.play(True)
        await one.until(lambda: one.clock.pace.playing)


async def test_the_end_of_the_tape_sends_a_batch(tmp_path: Path) -> None:
    path = write_segments(tmp_path / "a.ktape", [priced(0), entry(3, "{}")])
    async with run_player(path) as one:
        before = len(one.batches)
        one.real.move_to(one.real.now() + timedelta(seconds=5))
        one.player._wake.set()
        await one.until(lambda: len(one.batches) > before)
        assert one.clock.pace.ended
