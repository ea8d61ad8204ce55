"""A first picture that runs against a `ScriptedRestServer`, on a hurried loop."""

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

NIGHT = datetime(2026, 11, 20, 19, tzinfo=KST)
CALL, PUT, FUTURES = "B01612A18", "C01612745", "A01612"
MANY = [f"B01612{strike}" for strike in range(700, 741)]


class SnapshotHarness:
    """A first picture that runs, and all that it told."""

    def __init__(self, desk: ScriptedRestServer, picture: PriceSnapshot, clock: LoopClock) -> None:
        self.desk, self.picture, self.clock = desk, picture, clock
        self.told: list[RestEvent] = []
        self.running: asyncio.Task[None]

    def ask(self, *codes: str, session: Session = Session.NIGHT) -> None:
        self.picture.ask([(parse(code), session) for code in codes])

    @property
    def asked(self) -> list[str]:
        return [told.record.code for told in self.told if isinstance(told, RestPrice)]

    @property
    def troubles(self) -> list[RestTrouble]:
        return [told for told in self.told if isinstance(told, RestTrouble)]

    async def hears(self, count: int, within: float = 60.0) -> list[RestEvent]:
        await until(lambda: len(self.told) >= count, within)
        return self.told


@asynccontextmanager
async def stage(tokens: TokenFile | None = None) -> AsyncIterator[SnapshotHarness]:
    clock = LoopClock(NIGHT)
    async with ScriptedRestServer() as desk, client() as http:
        told: list[RestEvent] = []
        settings = PriceSnapshotSettings(desk.endpoints, CREDENTIALS, tokens)
        picture = PriceSnapshot(settings, http, clock, told.append)
        set_up = SnapshotHarness(desk, picture, clock)
        set_up.told = told
        set_up.running = asyncio.create_task(picture.run())
        try:
            yield set_up
        finally:
            set_up.running.cancel()
            await asyncio.wait([set_up.running])
            assert set_up.running.cancelled() or set_up.running.exception() is None
