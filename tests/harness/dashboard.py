"""The real program on a stage: dashboard, feed and simulator, with time that stands still.

The dashboard runs over a `SimulatorThread`; both read one `ManualClock`.  Nothing falls due by
itself, so a test moves time (`step`, `pass_time`), and waits on conditions (`until`).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from harness.batch_gate import BatchGate
from textual.pilot import Pilot
from textual.widgets import Input, Static

from app.cli.start import DEMO_DAY
from app.feed.connection import SETTLED
from app.feed.demand import rank_registrations, turn_at
from app.feed.feed import FeedSettings
from app.feed.phase import OPEN
from app.feed.registrations import LIMIT
from app.feed.session import DEBOUNCE
from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.krx.calendar import KRX, Schedule
from app.market.auction_file import AuctionFile
from app.portfolio.store import PositionStore
from app.pricing.smile_file import SmileFile
from app.screens.services import Services
from app.simulator.instruments import demo_codes
from app.simulator.master_files import master_files
from app.simulator.thread import SimulatorThread
from app.storage.credentials import Credentials, Endpoints
from app.storage.layouts import Layout, LayoutStore
from app.storage.settings import Settings
from app.system.clock import KST, ManualClock
from app.system.errors import KisTuiError
from app.system.files import ProgramFolders
from app.system.secret import Secret
from app.tape.destination import TapeDestination
from app.tape.recorder import Recorder
from specs.catalog import Session

PATIENCE = 30.0
"""Real seconds that a condition may take; far more than any does."""

BEAT = 0.005

STRIDE = 10.0
"""Seconds of the market between two PINGPONGs, as at KIS; a longer silence would be noticed."""
DEMO_CODES = tuple(demo_codes(DEMO_DAY, Session.NIGHT))


def at(hour: int, minute: int, second: int = 0) -> datetime:
    """A moment of the simulated night; hours before noon are the next morning's."""
    moment = datetime(DEMO_DAY.year, DEMO_DAY.month, DEMO_DAY.day, hour, minute, second, tzinfo=KST)
    return moment + timedelta(days=hour < 12)


class DashboardHarness:
    """One run of the dashboard, and the hands that drive it."""

    def __init__(
        self, app: BatchGate, pilot: Pilot[int], clock: ManualClock, simulator: SimulatorThread
    ) -> None:
        self.app = app
        self.pilot = pilot
        self.clock = clock
        self.thread = simulator
        self.simulator = simulator.simulator

    # --- waiting

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await self.pilot.pause()

    async def live(self) -> None:
        """Wait until everything that is wanted now is registered and acknowledged.

        One goes out at a time by the clock that stands still, so it is moved a little for each.
        """
        if not self.wanted:
            return
        await self.until(lambda: self.app.link.phase in OPEN)
        # The feed also looks at the clock by itself, between any two lines of this.
        while (before := self.simulator.registrations) != self.wanted:
            self.clock.move_to(self.clock.now() + timedelta(seconds=DEBOUNCE * 1.01))
            self.nudge()
            await self._registrations_change(before)
        await self.until(
            lambda: self.app.link.used == len(self.wanted) and self.app.link.phase in SETTLED
        )

    async def _registrations_change(self, before: frozenset[tuple[str, str]]) -> None:
        await self.until(lambda: self.simulator.registrations != before)

    @property
    def wanted(self) -> frozenset[tuple[str, str]]:
        """The registrations that the watched codes come to at this moment."""
        session, auction = turn_at(self.clock.now(), self.app.program.feed.schedule)
        reader = self.app.program.feed.reader
        found = rank_registrations(
            self.app.wish, session, auction=auction, reader=reader
        ).registrations
        limit = self.app.program.feed.limit
        return frozenset((want.key.tr_id, want.key.code) for want in found[:limit])

    def nudge(self) -> None:
        """Have the feed look at the clock, which it does once a real second by itself."""
        self.app.feed.watch(self.app.wish)

    def another(self, port: int) -> SimulatorThread:
        """A simulator in the place of the one that was stopped, at the same address."""
        self.thread = SimulatorThread(
            session=Session.NIGHT, start=self.clock.now(), clock=self.clock
        )
        self.thread.start(port)
        self.simulator = self.thread.simulator
        return self.thread

    # --- time

    async def step(self, moment: datetime) -> None:
        """Let the market go on to a moment, and wait until the screen has taken all of it."""
        await self._go(moment, self.thread.step_to)

    async def pass_time(self, seconds: float) -> None:
        """Let time go by in which the market is quiet: there are PINGPONGs, but no data."""
        await self._go(self.clock.now() + timedelta(seconds=seconds), self.clock.move_to)

    async def _go(self, moment: datetime, move: Callable[[datetime], None]) -> None:
        if self.simulator.sessions:
            self.app.holding = True
            # The answered PINGPONG is a change, and so makes a batch.
            self.thread.barrier()
            await self.until(lambda: self.app.held)
        while self.clock.now() < moment:
            move(min(moment, self.clock.now() + timedelta(seconds=STRIDE)))
            self.thread.barrier()
        self.app.deliver_held()
        sent, now = self.simulator.frames_sent, self.clock.monotonic()
        await self.until(lambda: self.app.counters.frames >= sent)
        if self.simulator.sessions:
            await self.until(lambda: self.app.link.last_message >= now)
        await self.pilot.pause()
        self.app.tick()
        await self.pilot.pause()

    async def still(self, moment: datetime, quiet: float = 6.0) -> None:
        """Be at a moment with nothing under way: no flash, and every order settled."""
        await self.step(moment - timedelta(seconds=quiet))
        await self.live()
        await self.pass_time((moment - self.clock.now()).total_seconds())

    async def resize(self, size: tuple[int, int]) -> None:
        """Give the terminal another size."""
        if self.app.size != size:
            await self.pilot.resize_terminal(*size)
            # Textual tells the screens a while later, by a timer.
            await self.until(lambda: all(one.size == size for one in self.app.screen_stack))

    # --- hands and eyes

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until their work is done."""
        await self.pilot.press(*keys)

    async def write(self, text: str) -> None:
        """Put text into the dialog's field."""
        self.app.screen.query_one(Input).value = text
        await self.pilot.pause()

    async def add(self, text: str) -> None:
        """Add codes by the dialog."""
        await self.press("a")
        await self.write(text)
        await self.press("enter")

    @property
    def reading(self) -> str:
        """What the dialog says to the text in its field."""
        return str(self.app.screen.query_one("#reading", Static).render())

    @property
    def status(self) -> str:
        """The whole status line."""
        return self.app.main.status.text

    @property
    def codes(self) -> list[str]:
        """The watchlist from top to bottom."""
        return self.app.desk.watchlist.codes

    @property
    def toasts(self) -> list[str]:
        """What was said in the corner."""
        return [notice.message for notice in self.app._notifications]

    async def drawn(self) -> None:
        """Wait until layout has come to rest: one change of size can bring about another."""
        before: list[object] = []
        still = 0
        async with asyncio.timeout(PATIENCE):
            while still < 3:
                now: list[object] = [*self.app.screen._compositor.render_strips()]
                still = still + 1 if now == before else 0
                before = now
                await self.pilot.pause()

    @property
    def text(self) -> str:
        """The screen as text, one line for each of the terminal's."""
        return "\n".join(
            "".join(segment.text for segment in strip)
            for strip in self.app.screen._compositor.render_strips()
        )


def named() -> Contracts:
    """Contracts with the simulator's own master."""
    return Contracts(Master.from_files(master_files(DEMO_DAY)))


@asynccontextmanager
async def frozen() -> AsyncIterator[None]:
    """Nothing on the screen moves by real time: neither the boards' ages nor a field's cursor."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.screens.app.TICK", 3600.0)
        patch.setattr(Input, "_toggle_cursor", lambda self: None)
        yield


@asynccontextmanager
async def staged(
    codes: Sequence[str] | None = DEMO_CODES,
    *,
    start: datetime | None = None,
    size: tuple[int, int] = (120, 40),
    contracts: Contracts | None = None,
    layout: Layout | None = None,
    app_key: str | None = None,
    limit: int = LIMIT,
    live: bool = True,
    notifications: bool = False,
    record: Path | None = None,
    settings: Settings | None = None,
    session: Session = Session.NIGHT,
    schedule: Schedule = KRX,
) -> AsyncIterator[DashboardHarness]:
    """The dashboard on `codes`; with none, on what the last run left, as the command line does it.

    It begins at 17:57:45 unless told otherwise, and with everything registered unless `live` is
    false.  What it hears can be recorded to a file, once it is told to.
    """
    moment = start or at(17, 57, 45)
    clock = ManualClock(moment)
    thread = SimulatorThread(session=session, start=moment, clock=clock, app_key=app_key)
    contracts = contracts or named()
    thread.start()
    try:
        places = ProgramFolders.find()
        store = LayoutStore(places, clock)
        notices = []
        if layout is None and codes is None:
            try:
                layout = store.last_session(demo=True)
            except KisTuiError as error:
                notices.append(error.message)
        key = Credentials(Secret("demo"), Secret("demo"), "demo")
        app = BatchGate(
            Services(
                clock=clock,
                feed=FeedSettings(
                    Endpoints(rest=thread.rest_url, ws=thread.ws_url),
                    key,
                    beat=BEAT,
                    limit=limit,
                    schedule=schedule,
                    reader=contracts.code,
                    recorder=Recorder(TapeDestination(record.parent, record), clock)
                    if record
                    else None,
                ),
                contracts=contracts,
                store=store,
                layout=layout or Layout(codes=list(codes or ())),
                auctions=AuctionFile(places.state / "auction-demo.json"),
                positions=PositionStore(places, clock, demo=True),
                settings=settings or Settings(),
                smiles=SmileFile(places.state / "smiles-demo.json"),
                badge="DEMO",
                notices=tuple(notices),
                save_session=lambda kept: store.save_session(kept, demo=True),
            )
        )
        # Waits are drawn; here they are the same in every run.
        app.feed._pilot._draw = lambda: 0.5
        async with frozen(), app.run_test(size=size, notifications=notifications) as pilot:
            stage = DashboardHarness(app, pilot, clock, thread)
            if live:
                await stage.live()
            yield stage
    finally:
        thread.stop()
