"""A `PriceSnapshot` against a `ScriptedRestServer`, on an event loop with virtual time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from harness.scripted_rest import CREDENTIALS, ScriptedRestServer
from rig.hurried import LoopClock, until

from app.feed.rest.price_snapshot import PriceSnapshot, PriceSnapshotSettings
from app.feed.rest.rest_events import RestEvent, RestPrice, RestTrouble
from app.feed.rest.token_file import TokenFile
from app.feed.socket import client
from app.system.clock import KST
from specs.catalog import Session
from specs.codes import parse
from specs.preferences import CustomerType

NIGHT = datetime(2026, 11, 20, 19, tzinfo=KST)
CALL, PUT, FUTURES = "B01612A18", "C01612745", "A01612"
MANY = [f"B01612{strike}" for strike in range(700, 741)]


class SnapshotHarness:
    """A running price snapshot, and the events that it has reported."""

    def __init__(
        self, server: ScriptedRestServer, snapshot: PriceSnapshot, clock: LoopClock
    ) -> None:
        self.server, self.snapshot, self.clock = server, snapshot, clock
        self.events: list[RestEvent] = []
        self.running: asyncio.Task[None]

    def ask(self, *codes: str, session: Session = Session.NIGHT) -> None:
        """Request the prices of these codes."""
        self.snapshot.ask([(parse(code), session) for code in codes])

    @property
    def asked_codes(self) -> list[str]:
        """Return the codes of the prices received so far."""
        return [one.record.code for one in self.events if isinstance(one, RestPrice)]

    @property
    def troubles(self) -> list[RestTrouble]:
        """Return the troubles reported so far."""
        return [one for one in self.events if isinstance(one, RestTrouble)]

    async def wait_for_events(self, count: int, within: float = 60.0) -> list[RestEvent]:
        """Wait, in virtual seconds, until this many events have arrived; return all."""
        await until(lambda: len(self.events) >= count, within)
        return self.events


@asynccontextmanager
async def run_snapshot(
    tokens: TokenFile | None = None, customer: CustomerType = "P"
) -> AsyncIterator[SnapshotHarness]:
    """Run a price snapshot; `tokens` is the file that keeps its access token."""
    clock = LoopClock(NIGHT)
    async with ScriptedRestServer() as server, client() as http:
        events: list[RestEvent] = []
        settings = PriceSnapshotSettings(server.endpoints, CREDENTIALS, tokens, customer)
        snapshot = PriceSnapshot(settings, http, clock, events.append)
        harness = SnapshotHarness(server, snapshot, clock)
        harness.events = events
        harness.running = asyncio.create_task(snapshot.run())
        try:
            yield harness
        finally:
            harness.running.cancel()
            await asyncio.wait([harness.running])
            assert harness.running.cancelled() or harness.running.exception() is None
