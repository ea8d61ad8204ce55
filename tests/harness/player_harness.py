"""A tape played by hand: real time stands still until it is moved, and what is told is kept."""

import asyncio
from collections.abc import AsyncIterator, Callable
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


class PlayerHarness:
    """A player, and everything that it has told up to now."""

    def __init__(self, tape: Tape, codes: tuple[str, ...] | None, **options: object) -> None:
        self.real = ManualClock(datetime(2026, 11, 24, 12, 0, tzinfo=KST))
        self.clock = TapeClock(self.real)
        self.reel = TapeIndex(tape)
        self.batches: list[Batch] = []
        self.newest: dict[tuple[str, str], tuple[Record, float]] = {}
        self.player = Player(self.reel, self.clock, self._take, beat=0.0, **options)  # type: ignore[arg-type]
        self.player.watch(WatchRequest(tuple(self.reel.codes) if codes is None else codes))

    def _take(self, batch: Batch) -> None:
        self.batches.append(batch)
        if batch.is_reset:
            self.newest.clear()
        for heard in batch.received:
            self.newest[heard.tr_id, heard.record.code] = heard.record, heard.at
        self.player.acknowledge_batch()

    @property
    def last(self) -> Batch:
        """The newest batch."""
        return self.batches[-1]

    @property
    def ages(self) -> dict[tuple[str, str], tuple[Record, float]]:
        """The newest records and their ages, to the µs."""
        now = self.clock.monotonic()
        return {key: (told[0], round(now - told[1], 6)) for key, told in self.newest.items()}

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await _turn()

    async def settle(self) -> None:
        """Wait until every command is done and what it brought is told."""
        # A batch is asked for by a command of its own, behind all others.
        count = len(self.batches)
        self.player._command(self.player._outbox.touch)
        await self.until(lambda: len(self.batches) > count)

    async def play(self, seconds: float) -> None:
        """Let real time go by, and wait until the tape is played as far."""
        self.real.move_to(self.real.now() + timedelta(seconds=seconds))
        place = self.clock.pace.position_at(self.real.monotonic())
        self.player._wake.set()
        await self.until(lambda: self.clock.pace.real == self.real.monotonic())
        assert self.clock.position >= place
        await self.settle()


async def _turn() -> None:
    """Let the loop go round once."""
    await asyncio.sleep(0)


@asynccontextmanager
async def played(
    path: Path | None = None, codes: tuple[str, ...] | None = None, **options: object
) -> AsyncIterator[PlayerHarness]:
    """A tape that is being played; the one that is built in unless told otherwise."""
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


def write(
    path: Path, entries: list[TapeEntry], *, segment: int = 1000, header: Header | None = None
) -> Path:
    """A tape of these entries, a segment begun after so many of them."""
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
    """A text that came at so many seconds, on the wall since 1970."""
    wall = 1_795_165_200.0 + monotonic if wall is None else wall
    return TapeEntry(EntryKind.FRAME, int(monotonic * 1e9), int(wall * 1e9), text.encode())
