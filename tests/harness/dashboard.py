"""The real dashboard, feed and simulator in one process, on a clock that the test moves.

The dashboard is connected to a `SimulatorThread`; both read one `ManualClock`.  Nothing falls due
by itself: a test moves the time (`step_to`, `pass_time`) and waits for conditions (`until`).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from harness.batch_gate import BatchGate
from harness.frozen_screen import freeze_screen, is_drawn
from textual.pilot import Pilot
from textual.widgets import Input, Static

from app.cli.demo_options import DEMO_DAY
from app.feed.connection import SETTLED
from app.feed.demand import rank_registrations, turn_at
from app.feed.feed import FeedSettings
from app.feed.phase import OPEN
from app.feed.rest.price_snapshot import PriceSnapshotSettings
from app.feed.session import DEBOUNCE
from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.market.auction_file import AuctionFile
from app.portfolio.store import PositionStore
from app.pricing.smile_file import SmileFile
from app.screens.services import Services
from app.simulator.hours import demo_start
from app.simulator.instruments import demo_codes
from app.simulator.master_files import master_files
from app.simulator.thread import SimulatorThread
from app.storage.credentials import Credentials, Endpoints
from app.storage.key_file import UserKeys
from app.storage.layout_store import LayoutStore
from app.storage.layouts import Layout
from app.storage.setting_store import SettingStore
from app.storage.settings import Settings, config_path
from app.system.clock import KST, ManualClock
from app.system.errors import KisTuiError
from app.system.files import ProgramFolders
from app.system.secret import Secret
from app.tape.destination import TapeDestination
from app.tape.recorder import Recorder
from specs.catalog import Session
from widgets.message_text import message_text

PATIENCE = 30.0
"""Real seconds after which waiting for a condition fails; no condition needs as long."""

BEAT = 0.005
POLL = 0.002
"""Real seconds between two looks at a condition."""
LAYOUT_PAUSE = 0.02
"""Real seconds between two looks at a screen that is being laid out."""

STRIDE = 10.0
"""Market seconds between two PINGPONGs, as at KIS; the feed would notice a longer silence."""
DEMO_CODES = tuple(demo_codes(demo_start(Session.NIGHT, DEMO_DAY), Session.NIGHT))


def at(hour: int, minute: int, second: int = 0) -> datetime:
    """Return a time of the simulated night; hours before noon are of the next day."""
    moment = datetime(DEMO_DAY.year, DEMO_DAY.month, DEMO_DAY.day, hour, minute, second, tzinfo=KST)
    return moment + timedelta(days=hour < 12)


class DashboardHarness:
    """Drives one run of the dashboard: time, keys, and what the screen shows."""

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
        """Wait until a condition holds.

        Raises:
            TimeoutError: it did not within `PATIENCE` real seconds.
        """
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(POLL)

    async def wait_registered(self) -> None:
        """Wait until all wanted registrations are sent and acknowledged.

        The feed sends one per `DEBOUNCE`, so the clock is moved by that much for each.
        """
        if not self.wanted_registrations:
            return
        await self.until(lambda: self.app.link.phase in OPEN)
        # The feed also reads the clock by itself, between any two lines of this loop.
        while (before := self.simulator.registrations) != self.wanted_registrations:
            self.clock.move_to(self.clock.now() + timedelta(seconds=DEBOUNCE * 1.01))
            self.wake_feed()
            await self._registrations_change(before)
        await self.until(
            lambda: (
                self.app.link.used == len(self.wanted_registrations)
                and self.app.link.phase in SETTLED
            )
        )

    async def _registrations_change(self, before: frozenset[tuple[str, str]]) -> None:
        # The wanted registrations can change as well, to the present ones.
        await self.until(
            lambda: self.simulator.registrations != before or before == self.wanted_registrations
        )

    @property
    def wanted_registrations(self) -> frozenset[tuple[str, str]]:
        """Return the (TR, code) pairs that are registered for the watched codes at this time."""
        session, auction = turn_at(self.clock.now(), self.app.program.feed.schedule)
        feed = self.app.program.feed
        demand = rank_registrations(self.app.request, session, auction=auction, reader=feed.reader)
        wants = demand.fitting(feed.limit)[: feed.limit]
        return frozenset((want.key.tr_id, want.key.code) for want in wants)

    def wake_feed(self) -> None:
        """Make the feed read the clock at once; by itself it does so once a real second."""
        self.app.feed.watch(self.app.request)

    def restart_simulator(self, port: int) -> SimulatorThread:
        """Start another simulator on `port`, after the first was stopped."""
        self.thread = SimulatorThread(
            session=Session.NIGHT, start=self.clock.now(), clock=self.clock
        )
        self.thread.start(port)
        self.simulator = self.thread.simulator
        return self.thread

    # --- time

    async def step_to(self, moment: datetime) -> None:
        """Run the market up to a time, and wait until the dashboard has applied all of it."""
        await self._go(moment, self.thread.step_to)

    async def pass_time(self, seconds: float) -> None:
        """Move the time forward without data: only PINGPONGs arrive."""
        await self._go(self.clock.now() + timedelta(seconds=seconds), self.clock.move_to)

    async def _go(self, moment: datetime, move: Callable[[datetime], None]) -> None:
        if self.simulator.sessions:
            self.app.holds_batches = True
            # Every answered PINGPONG changes the link's state, and so makes a batch.
            self.thread.barrier()
            await self.until(lambda: self.app.held_batch)
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

    async def settle_at(self, moment: datetime, quiet: float = 6.0) -> None:
        """Go to a time, the last `quiet` seconds of it without data: no flash is left."""
        await self.step_to(moment - timedelta(seconds=quiet))
        await self.wait_registered()
        await self.pass_time((moment - self.clock.now()).total_seconds())

    async def resize(self, size: tuple[int, int]) -> None:
        """Resize the terminal, and wait until all screens have the size."""
        if self.app.size != size:
            await self.pilot.resize_terminal(*size)
            # Textual resizes the screens later, by a timer.
            await self.until(lambda: all(screen.size == size for screen in self.app.screen_stack))

    # --- keys and what is shown

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until they are handled and drawn."""
        await self.pilot.press(*keys)
        await self.until(lambda: is_drawn(self.app))

    async def fill_field(self, text: str) -> None:
        """Put text into the dialog's input field."""
        self.app.screen.query_one(Input).value = text
        await self.pilot.pause()

    async def add(self, text: str) -> None:
        """Add codes to the watchlist by the dialog."""
        await self.press("a")
        await self.fill_field(text)
        await self.press("enter")

    @property
    def dialog_message(self) -> str:
        """Return the dialog's message about the text in its field."""
        return str(self.app.screen.query_one("#reading", Static).render())

    @property
    def status(self) -> str:
        """Return the status line."""
        return self.app.main.status.text

    @property
    def codes(self) -> list[str]:
        """Return the codes of the watchlist from top to bottom."""
        return self.app.main.grid.watchlist.codes

    @property
    def toasts(self) -> list[str]:
        """Return the texts of the notice that is shown and of those that wait."""
        return self.app.notices.messages

    async def wait_layout(self) -> None:
        """Wait until the screen stays the same for three pauses; one resize can cause another."""
        before, still = list[object](), 0
        async with asyncio.timeout(PATIENCE):
            while still < 3:
                now: list[object] = [*self.app.screen._compositor.render_strips()]
                still = still + 1 if now == before else 0
                before = now
                await self.pilot.pause(LAYOUT_PAUSE)

    @property
    def text(self) -> str:
        """Return the screen as text, one line per line of the terminal."""
        return "\n".join(
            "".join(segment.text for segment in strip)
            for strip in self.app.screen._compositor.render_strips()
        )


def demo_contracts() -> Contracts:
    """Return contracts named by the simulator's master files."""
    return Contracts(Master.from_files(master_files(DEMO_DAY)))


@asynccontextmanager
async def run_dashboard(
    codes: Sequence[str] | None = DEMO_CODES,
    *,
    start: datetime | None = None,
    size: tuple[int, int] = (120, 40),
    contracts: Contracts | None = None,
    layout: Layout | None = None,
    app_key: str | None = None,
    live: bool = True,
    notifications: bool = False,
    record: Path | None = None,
    settings: Settings | None = None,
    keys: UserKeys | None = None,
    session: Session = Session.NIGHT,
    halt: datetime | None = None,
    **feed_settings: Any,
) -> AsyncIterator[DashboardHarness]:
    """Run the dashboard on `codes`; None restores the last run's layout, as the command line does.

    It starts at 17:57:45 by default, and yields once everything is registered unless `live` is
    False.  `record` is the file that the key R records to, `halt` the moment of a circuit
    breaker; further arguments are settings of the feed.
    """
    moment = start or at(17, 57, 45)
    clock = ManualClock(moment)
    thread = SimulatorThread(session=session, start=moment, clock=clock, app_key=app_key, halt=halt)
    contracts = contracts or demo_contracts()
    thread.start()
    try:
        places, notices = ProgramFolders.find(), list[str]()
        store = LayoutStore(places, clock)
        if layout is None and codes is None:
            try:
                layout = store.last_session(demo=Session.NIGHT)
            except KisTuiError as error:
                notices.append(message_text(error.message))
        key = Credentials(Secret("demo"), Secret("demo"), "demo")
        endpoints = Endpoints(rest=thread.rest_url, ws=thread.ws_url)
        asks = settings is not None and settings.first_picture
        picture = PriceSnapshotSettings(endpoints, key, asks_bars=True) if asks else None
        recorder = Recorder(TapeDestination(record.parent, record), clock) if record else None
        feed = FeedSettings(
            endpoints, key, beat=BEAT, pause=0.0, reader=contracts.code, describe=message_text,
            picture=picture, recorder=recorder, **feed_settings,
        )  # fmt: skip
        app = BatchGate(
            Services(
                clock=clock,
                feed=feed,
                contracts=contracts,
                store=store,
                layout=layout or Layout(codes=list(codes or ())),
                auctions=AuctionFile(places.state / "auction-demo.json"),
                positions=PositionStore(places, clock, demo=True),
                settings=settings or Settings(),
                keys=keys or UserKeys(),
                smiles=SmileFile(places.state / "smiles-demo.json"),
                badge="DEMO",
                notices=tuple(notices),
                save_session=lambda kept: store.save_session(kept, demo=Session.NIGHT),
                setting_store=SettingStore(config_path(places), settings or Settings()),
            )
        )
        # Backoff waits are random; here they are the same in every run.
        app.feed._link_session._draw = lambda: 0.5
        async with freeze_screen(), app.run_test(size=size, notifications=notifications) as pilot:
            stage = DashboardHarness(app, pilot, clock, thread)
            if live and stage.wanted_registrations:
                # A new connection sends the first by itself: the clock stands until then.
                await stage.until(lambda: stage.simulator.registrations)
                await stage.wait_registered()
            yield stage
    finally:
        thread.stop()
