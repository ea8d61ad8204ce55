"""A feed with its gateway, over the simulator on loopback, on the loop of the test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from harness.dashboard import at
from harness.kis_client import APP_SECRET, KisClient, connect_client

from app.feed.batch import Batch
from app.feed.demand import WatchRequest
from app.feed.feed import Feed, FeedSettings
from app.hub.gateway import Gateway, GatewaySettings
from app.hub.owner_file import OwnerFile
from app.simulator.faults import Faults
from app.simulator.simulator import Simulator
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import ScaledClock
from app.system.secret import Secret
from specs.catalog import Session

CREDENTIALS = Credentials(Secret("PSgateway0123456789"), Secret(APP_SECRET), "test")
PATIENCE = 20.0


class GatewayHarness:
    """Simulator, feed and gateway; `raw` are the data frames that the feed was sent."""

    def __init__(
        self,
        simulator: Simulator,
        codes: tuple[str, ...],
        limit: int,
        file: OwnerFile | None = None,
    ) -> None:
        self.simulator = simulator
        self.clock = simulator.clock
        self.raw: list[str] = []
        self.batches: list[Batch] = []
        self.addresses = Endpoints()
        self.open = asyncio.Event()
        self.gateway = Gateway(GatewaySettings(CREDENTIALS, file=file), self.clock, self._opened)
        upstream = Endpoints(rest=simulator.rest_url, ws=simulator.ws_url)
        settings = FeedSettings(upstream, CREDENTIALS, sharing=self.gateway, limit=limit)
        self.feed = Feed(settings, self.clock, self._deliver)
        self.feed.watch(WatchRequest(codes))
        self._forward = self.gateway.forward
        self.gateway.forward = self._note  # type: ignore[method-assign]

    def _note(self, raw: str, tr_id: str, records: list) -> None:  # type: ignore[type-arg]
        self.raw.append(raw)
        self._forward(raw, tr_id, records)

    def _opened(self, addresses: Endpoints) -> None:
        self.addresses = addresses
        self.open.set()

    def _deliver(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.feed.acknowledge_batch()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[KisClient]:
        """Connect a client that is written from the portal's documentation."""
        rest, ws = self.addresses.rest, self.addresses.ws
        async with connect_client(rest, ws, CREDENTIALS.app_key.reveal()) as client:
            yield client


@asynccontextmanager
async def run_gateway(
    *codes: str,
    limit: int = 41,
    speed: float = 1.0,
    faults: Faults | None = None,
    file: OwnerFile | None = None,
) -> AsyncIterator[GatewayHarness]:
    """Run a gateway whose owner watches `codes`, a minute after the open of a night."""
    clock = ScaledClock(at(18, 1), speed)
    simulator = Simulator(
        session=Session.NIGHT,
        start=at(18, 1),
        clock=clock,
        app_key=CREDENTIALS.app_key.reveal(),
        faults=faults,
    )
    await simulator.start()
    harness = GatewayHarness(simulator, codes, limit, file)
    running = asyncio.create_task(harness.feed.run())
    try:
        await asyncio.wait_for(harness.open.wait(), PATIENCE)
        yield harness
    finally:
        harness.feed.stop()
        await asyncio.wait_for(running, PATIENCE)
        await simulator.stop()
