"""The dashboard over a tape, on a clock that the test moves."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from pathlib import Path

from harness.dashboard import DashboardHarness
from harness.frozen_screen import freeze_screen
from harness.player_harness import finish_commands

from app.cli.replay import contracts_of, program_of
from app.instruments.master import Master
from app.screens.replay_app import ReplayApp
from app.storage.key_file import UserKeys
from app.storage.layout_store import LayoutStore
from app.storage.layouts import Layout
from app.system.clock import KST, ManualClock, SystemClock
from app.system.files import ProgramFolders
from app.tape.library import find
from app.tape.reader import Tape
from app.tape.tape_clock import TapeClock
from app.tape.tape_index import TapeIndex
from app.tape.times import nanoseconds
from widgets.timeline import TimelineBar


class ReplayHarness(DashboardHarness):
    """Drives one run of the dashboard over a tape."""

    app: ReplayApp  # type: ignore[assignment]

    def __init__(self, app: ReplayApp, pilot: object, real: ManualClock) -> None:
        self.app = app
        self.pilot = pilot  # type: ignore[assignment]
        self.real = real

    @property
    def position(self) -> float:
        """Return the position on the tape in seconds from its start."""
        return self.app.tape_clock.position

    @property
    def timeline(self) -> str:
        """Return the two lines of the timeline."""
        return self.app.main.query_one(TimelineBar).text

    async def seek_to(self, hour: int, minute: int) -> None:
        """Seek to a time of day (KST) on the tape."""
        tape_index = self.app.player.tape_index
        self.app.player.seek(
            tape_index.position_at(nanoseconds(tape_index.moment_of(time(hour, minute))))
        )
        await self.settle()

    async def settle(self) -> None:
        """Wait until the player has done its commands and the dashboard has applied the batch."""
        await finish_commands(self.app.player, lambda: self.app.batch, self.until)
        await self.pilot.pause()
        self.app.tick()
        await self.pilot.pause()

    async def press_and_settle(self, *keys: str) -> None:
        """Press keys, and wait until the tape has moved to where they lead."""
        await self.press(*keys)
        await self.settle()

    async def play(self, seconds: float) -> None:
        """Move real time forward, and wait until the tape is played up to there."""
        self.real.move_to(self.real.now() + timedelta(seconds=seconds))
        self.app.player._wake_up()
        clock = self.app.tape_clock
        await self.until(lambda: not clock.pace.playing or clock.pace.real == clock.real)
        await self.settle()


@asynccontextmanager
async def run_replay(
    path: Path | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    place: Callable[[TapeIndex], float] = lambda tape_index: 0.0,
    speed: float = 1.0,
    codes: Sequence[str] | None = None,
    master: Master | None = None,
    keys: UserKeys | None = None,
) -> AsyncIterator[ReplayHarness]:
    """Run the dashboard over a tape, by default the built-in demo tape.

    `place` returns the start position in seconds; the clock is set to 2027-01-05 12:00 KST.
    """
    real = ManualClock(datetime(2027, 1, 5, 12, 0, tzinfo=KST))
    with Tape(path or find("demo", ProgramFolders.find())) as tape:
        tape_index, clock = TapeIndex(tape), TapeClock(real)
        store = LayoutStore(ProgramFolders.find(), SystemClock())
        contracts = contracts_of(tape_index, master or Master.from_lines([], []))
        program = program_of(
            tape_index,
            clock,
            contracts,
            store,
            Layout(codes=list(codes or tape_index.codes)),
            place(tape_index),
            speed,
        )
        program.keys = keys or UserKeys()
        app = ReplayApp(program, clock)
        async with freeze_screen(), app.run_test(size=size) as pilot:
            one = ReplayHarness(app, pilot, real)
            await one.until(lambda: app.batch is not None and app.player.timeline.complete)
            await one.settle()
            yield one
