"""A tape player without a screen, on a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from app.feed.batch import Batch
from app.feed.demand import WatchRequest
from app.system.clock import KST, ManualClock
from app.system.files import ProgramFolders
from app.tape.entry import EntryKind, Header, TapeEntry
from app.tape.keyframe import KeyframeBuilder
from app.tape.library import find
from app.tape.player import Player
from app.tape.reader import Tape
from app.tape.tape_clock import TapeClock
from app.tape.tape_index import TapeIndex
from app.tape.writer import TapeWriter
from specs.record import Record

PATIENCE = 10.0


async def finish_commands(
    player: Player,
    last_batch: Callable[[], object],
    until: Callable[[Callable[[], object]], Awaitable[None]],
) -> None:
    """Wait until a player has done all commands, and a batch made after them has arrived."""
    # Commands are done in their order, and one batch at a time is under way: the first of the two
    # may have been made before the last command.
    for _ in range(2):
        before = last_batch()
        player._command(player._conflation.touch)
        await until(lambda before=before: last_batch() is not before)  # type: ignore[misc]


class PlayerHarness:
    """A player, its batches so far, and the newest record of each TR and code in them."""

    def __init__(self, tape: Tape, codes: tuple[str, ...] | None, **options: object) -> None:
        self.real = ManualClock(datetime(2026, 11, 24, 12, 0, tzinfo=KST))
        self.clock = TapeClock(self.real)
        self.tape_index = TapeIndex(tape)
        self.batches: list[Batch] = []
        self.newest: dict[tuple[str, str], tuple[Record, float]] = {}
        self.player = Player(self.tape_index, self.clock, self._receive, beat=0.0, **options)  # type: ignore[arg-type]
        self.player.watch(WatchRequest(tuple(self.tape_index.codes) if codes is None else codes))

    def _receive(self, batch: Batch) -> None:
        self.batches.append(batch)
        if batch.is_reset:
            self.newest.clear()
        for received in batch.received:
            self.newest[received.tr_id, received.record.code] = received.record, received.at
        self.player.acknowledge_batch()

    @property
    def last(self) -> Batch:
        """Return the newest batch."""
        return self.batches[-1]

    @property
    def ages(self) -> dict[tuple[str, str], tuple[Record, float]]:
        """Return the newest records and their ages in seconds, rounded to the µs."""
        now = self.clock.monotonic()
        return {key: (record, round(now - at, 6)) for key, (record, at) in self.newest.items()}

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until a condition holds.

        Raises:
            TimeoutError: it did not within `PATIENCE` seconds.
        """
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await _run_ready()

    async def settle(self) -> None:
        """Wait until every command is done and its batch has arrived."""
        await finish_commands(self.player, lambda: self.batches and self.last, self.until)

    async def play(self, seconds: float) -> None:
        """Move real time forward, and wait until the tape is played up to there."""
        self.real.move_to(self.real.now() + timedelta(seconds=seconds))
        place = self.clock.pace.position_at(self.real.monotonic())
        self.player._wake.set()
        await self.until(lambda: self.clock.pace.real == self.real.monotonic())
        assert self.clock.position >= place
        await self.settle()


async def _run_ready() -> None:
    """Let the event loop run its ready callbacks."""
    await asyncio.sleep(0)


@asynccontextmanager
async def run_player(
    path: Path | None = None, codes: tuple[str, ...] | None = None, **options: object
) -> AsyncIterator[PlayerHarness]:
    """Play a tape, by default the built-in demo tape."""
    with Tape(path or find("demo", ProgramFolders.find())) as tape:
        one = PlayerHarness(tape, codes, **options)
        task = asyncio.create_task(one.player.run())
        try:
            await one.until(lambda: one.batches)
            await one.settle()
            yield one
        finally:
            one.player.stop()
            await task


def write_segments(
    path: Path, entries: list[TapeEntry], *, segment: int = 1000, header: Header | None = None
) -> Path:
    """Write a tape of these entries, with a new segment after every `segment` of them."""
    writer = TapeWriter(path, header or Header("2026-11-23", "night"))
    heads = KeyframeBuilder()
    for number, entry in enumerate(entries):
        if number % segment == 0:
            writer.begin_segment(heads.pack(), entry.monotonic, entry.wall)
        writer.write(entry)
        heads.apply(entry)
    writer.close()
    return path


def frame(text: str, monotonic: float, wall: float | None = None) -> TapeEntry:
    """Return the entry of a frame received at these seconds (`wall`: since 1970)."""
    wall = 1_795_165_200.0 + monotonic if wall is None else wall
    return TapeEntry(EntryKind.FRAME, int(monotonic * 1e9), int(wall * 1e9), text.encode())
