"""A real feed over a real simulator, on one hurried loop, with everything it showed kept."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from rig.hurried import LoopClock, holds, until
from rig.proxy import Proxy

from app.feed.batch import Batch, Counters, LinkState
from app.feed.connection import SETTLED, LinkPhase
from app.feed.demand import WatchRequest
from app.feed.feed import Feed, FeedSettings
from app.feed.registrations import RegistrationState
from app.simulator.faults import Faults
from app.simulator.oracle import Oracle
from app.simulator.simulator import Simulator
from app.storage.credentials import Credentials, Endpoints, Secret
from app.system.clock import KST
from specs.catalog import Channel, Session
from specs.record import Record

TRADING = datetime(2026, 11, 20, 18, 5, tzinfo=KST)
DAY = datetime(2026, 11, 20, 10, 0, tzinfo=KST)
APP_KEY, APP_SECRET = "SENTINEL-app-key-0001", "SENTINEL-app-secret-0002"
FUTURE, MINI, CALL, PUT = "A01612", "A05612", "B01612A33", "C01612A33"
# Phases that need no reason.
OPENING = (
    LinkPhase.OFF,
    LinkPhase.AUTH,
    LinkPhase.DIAL,
    LinkPhase.PROBE,
    LinkPhase.RESTORE,
    LinkPhase.SUSPECT,
    LinkPhase.STOPPED,
)
FEW = (FUTURE, MINI, CALL, PUT)
TRADES = frozenset((Channel.TRADE,))


class Rig:
    """One simulator, one proxy before it, one feed behind."""

    def __init__(
        self,
        simulator: Simulator,
        proxy: Proxy,
        clock: LoopClock,
        channels: frozenset[Channel] = TRADES,
    ) -> None:
        self.simulator, self.proxy, self.clock = simulator, proxy, clock
        self.batches: list[tuple[float, Batch]] = []
        self.records: list[tuple[str, Record]] = []
        """Every record that was accepted, in order."""
        self.codes: tuple[str, ...] = ()
        self.slowest_echo = 1.0
        endpoints = Endpoints(simulator.rest_url, proxy.url)
        credentials = Credentials(Secret(APP_KEY), Secret(APP_SECRET), "test")
        settings = FeedSettings(endpoints, credentials, channels=channels)
        self.feed = Feed(settings, clock, self._deliver, self._tap)

    @property
    def faults(self) -> Faults:
        return self.simulator.faults

    @property
    def oracle(self) -> Oracle:
        return self.simulator.oracle

    @property
    def link(self) -> LinkState:
        """The link as it was last shown."""
        return self.batches[-1][1].link if self.batches else LinkState()

    @property
    def counters(self) -> Counters:
        """The counters as they were last shown."""
        return self.batches[-1][1].counters

    def standing(self, code: str) -> tuple[RegistrationState, str]:
        """How a code's registration was last shown, and the code that it was refused with."""
        [place] = [at for key, at in self.batches[-1][1].registrations.items() if key.code == code]
        return place.state, place.code

    @property
    def registered(self) -> list[str]:
        """The codes that the server holds, in the order in which they came."""
        return [code for client in self.simulator.clients for _, code in client.pairs]

    def shown_since(self, moment: float) -> list[LinkState]:
        """The links shown after a moment."""
        return [batch.link for at, batch in self.batches if at >= moment]

    def heard_since(self, moment: float) -> set[str]:
        """The codes whose records were handed over after a moment."""
        return {
            heard.record.code
            for at, batch in self.batches
            if at >= moment
            for heard in batch.received
            if heard.at >= moment
        }

    def watch(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        self.feed.watch(WatchRequest(tuple(codes)))

    @property
    def sent_at(self) -> tuple[float, ...]:
        """Return when the feed sent its last registrations and releases, on its own clock."""
        return tuple(self.feed._link_session._sent)

    async def reach(self, *phases: LinkPhase, within: float = 30.0) -> None:
        """Wait until the screen shows one of these phases."""
        await until(lambda: self.link.phase in phases, within, f"{phases}, but {self.link}")

    async def live(self, within: float = 30.0) -> None:
        """Wait until the link is live and the server has the watched rows, in their order."""
        await self.reach(LinkPhase.LIVE, within=within)
        await until(lambda: self.registered == list(self.codes), 1, f"{self.registered}")
        await self.reach(LinkPhase.LIVE, within=within)

    async def stable(self) -> None:
        """Live for more than a minute: the session's end is then no fault of ours."""
        await self.live()
        await holds(lambda: self.link.phase is LinkPhase.LIVE, 70)

    def _deliver(self, batch: Batch) -> None:
        self.batches.append((self.clock.monotonic(), batch))
        self.feed.acknowledge_batch()

    def _tap(self, tr_id: str, records: list[Record], at: float) -> None:
        self.records += [(tr_id, record) for record in records]

    def hold_to_account(self) -> None:
        """Check what must hold after every fault."""
        oracle = self.oracle
        assert oracle.most_open <= 1
        assert oracle.most_registered <= 41
        assert oracle.secrets == []
        assert all(len(visit.echoes) <= visit.pings for visit in oracle.visits)
        assert max(oracle.echoes, default=0.0) < self.slowest_echo
        for batch in (batch for _, batch in self.batches):
            assert batch.link.used <= batch.link.limit
            waiting = batch.link.phase not in (*SETTLED, *OPENING)
            assert batch.link.reason or not waiting, batch.link


@asynccontextmanager
async def rig(
    codes: Sequence[str] = FEW,
    start: datetime = TRADING,
    faults: Faults | None = None,
    channels: frozenset[Channel] = TRADES,
) -> AsyncIterator[Rig]:
    """A feed that watches codes; in the end it must stop, and must have broken no rule."""
    clock = LoopClock(start)
    session = Session.DAY if 8 <= start.hour < 16 else Session.NIGHT
    simulator = Simulator(session=session, start=start, clock=clock, faults=faults)
    await simulator.start()
    async with Proxy(simulator.ws_url) as proxy:
        watched = Rig(simulator, proxy, clock, channels)
        watched.watch(codes)
        running = asyncio.create_task(watched.feed.run())
        try:
            yield watched
        finally:
            watched.feed.stop()
            await asyncio.wait_for(running, 10)
            await simulator.stop()
    watched.hold_to_account()
