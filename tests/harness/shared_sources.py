"""Several kis-tui with one app key on the loop of the test, over one simulator."""

import asyncio
import contextlib
from array import array
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from harness.dashboard import at
from harness.gateway_harness import CREDENTIALS, PATIENCE

from app.feed.batch import Batch, LinkState
from app.feed.demand import WatchRequest
from app.feed.feed_settings import FeedSettings
from app.feed.registration_state import RegistrationState
from app.feed.rest.price_snapshot import PriceSnapshotSettings
from app.hub.key_owner import KeyOwnership
from app.hub.shared_source import SharedSource
from app.krx.calendar import Schedule
from app.simulator.faults import Faults
from app.simulator.simulator import Simulator
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import ScaledClock
from app.system.files import ProgramFolders
from specs.catalog import Session
from specs.market.trade_print import FIELDS
from specs.record import Record


def confirmed_pairs(batches: Sequence[Batch]) -> set[tuple[str, str]]:
    """Return TR and code of the registrations that are confirmed by the last batch."""
    statuses = batches[-1].registrations if batches else {}
    return {
        (key.tr_id, key.code)
        for key, status in statuses.items()
        if status.state is RegistrationState.ACTIVE
    }


class SharedProgram:
    """One kis-tui: its source, and what came of it."""

    def __init__(self, settings: FeedSettings, clock: ScaledClock, key: KeyOwnership) -> None:
        self.key = key
        self.batches: list[Batch] = []
        self.tapped: list[tuple[str, Record]] = []
        self.source = SharedSource(settings, clock, self._take, self._tap, key)
        self.running: asyncio.Task[None] | None = None

    def _take(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.source.acknowledge_batch()

    def _tap(self, tr_id: str, records: list[Record], at: float) -> None:
        self.tapped += [(tr_id, record) for record in records]

    @property
    def link(self) -> LinkState:
        """The last state of the link."""
        return self.batches[-1].link if self.batches else LinkState()

    @property
    def active(self) -> set[tuple[str, str]]:
        """The confirmed registrations, by the last batch."""
        return confirmed_pairs(self.batches)

    def has_earlier(self, code: str) -> bool:
        """Return whether trades of a code came from before its start."""
        return any(code in one.trades for batch in self.batches for one in batch.earlier)

    def trades_of(self, code: str) -> list[tuple[float, float, float]]:
        """Return time, price and size of the trades of a code that its batches brought."""
        found = [batch.trades.get(code, array("d")) for batch in self.batches]
        return [
            (values[at], values[at + 1], values[at + 2])
            for values in found
            for at in range(0, len(values), FIELDS)
        ]

    async def stop(self) -> None:
        """End it in order, and give the key back."""
        self.source.stop()
        assert self.running is not None
        await asyncio.wait_for(self.running, PATIENCE)
        self.key.release()

    async def kill(self) -> None:
        """End it as a killed process ends: nothing is closed or deleted by it."""
        assert self.running is not None
        self.key.file.delete = lambda: None  # type: ignore[method-assign]
        self.running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.running
        self.key.release()


class SharedPrograms:
    """Starts programs; `simulator` is KIS."""

    def __init__(
        self, simulator: Simulator, clock: ScaledClock, folder: Path, session: Session
    ) -> None:
        self.simulator = simulator
        self.programs: list[SharedProgram] = []
        self._clock = clock
        self._session = session
        self.rest: tuple[Endpoints, Credentials] | None = None
        """Whom programs that begin from now on would ask for prices and bars; None for nobody."""
        self._places = ProgramFolders(*(folder / name for name in ("c", "s", "k", "d")))

    def begin(self, request: WatchRequest, limit: int = 41) -> SharedProgram:
        """Start a program that watches."""
        upstream = Endpoints(rest=self.simulator.rest_url, ws=self.simulator.ws_url)
        settings = FeedSettings(
            upstream,
            CREDENTIALS,
            beat=0.05,
            limit=limit,
            schedule=Schedule(self._session),
            picture=PriceSnapshotSettings(*self.rest, asks_bars=True) if self.rest else None,
        )
        key = KeyOwnership(self._places, CREDENTIALS.app_key)
        program = SharedProgram(settings, self._clock, key)
        program.source.watch(request)
        program.running = asyncio.create_task(program.source.run())
        self.programs.append(program)
        return program

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@asynccontextmanager
async def run_programs(
    folder: Path,
    speed: float = 1.0,
    faults: Faults | None = None,
    *,
    minutes: int = 1,
    first_picture: bool = False,
    session: Session = Session.NIGHT,
    start: datetime | None = None,
) -> AsyncIterator[SharedPrograms]:
    """Run a simulator, some minutes after the open of a night, and what programs the test begins.

    With `first_picture` they ask for what REST gives.  `session` and `start` (KST) are others.
    """
    moment = start or at(18, minutes)
    clock = ScaledClock(moment, speed)
    simulator = Simulator(
        session=session,
        start=moment,
        clock=clock,
        app_key=CREDENTIALS.app_key.reveal(),
        faults=faults,
    )
    await simulator.start()
    stage = SharedPrograms(simulator, clock, folder, session)
    if first_picture:
        stage.rest = Endpoints(rest=simulator.rest_url), CREDENTIALS
    try:
        yield stage
    finally:
        for program in stage.programs:
            if program.running is not None and not program.running.done():
                await program.stop()
        await simulator.stop()
