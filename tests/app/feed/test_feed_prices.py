"""The feed's requests for last known prices, over a server that answers REST calls alone."""

import asyncio
from datetime import datetime

from harness.scripted_rest import CREDENTIALS, ScriptedRestServer

from app.feed.batch import Batch
from app.feed.demand import WatchRequest
from app.feed.feed import Feed, FeedSettings
from app.feed.rest.price_snapshot import PriceSnapshotSettings
from app.feed.rest.rest_events import RestPrice
from app.storage.credentials import Endpoints
from app.system.clock import KST, ScaledClock

PATIENCE = 20.0


async def test_watched_codes_are_asked_for_over_rest() -> None:
    batches: list[Batch] = []
    came = asyncio.Event()
    async with ScriptedRestServer() as server:
        # Nobody listens on the websocket's port.
        endpoints = Endpoints(rest=server.endpoints.rest, ws="ws://127.0.0.1:9")
        settings = FeedSettings(
            endpoints, CREDENTIALS, picture=PriceSnapshotSettings(endpoints, CREDENTIALS)
        )
        clock = ScaledClock(datetime(2026, 11, 20, 19, tzinfo=KST))

        def take(batch: Batch) -> None:
            batches.append(batch)
            feed.acknowledge_batch()
            came.set()

        feed = Feed(settings, clock, take)
        running = asyncio.create_task(feed.run())
        found: list[str] = []
        try:
            for codes in (("A01612",), ("A01612", "B01612A18")):
                feed.watch(WatchRequest(codes))
                async with asyncio.timeout(PATIENCE):
                    while len(found) < len(codes):
                        await came.wait()
                        came.clear()
                        events = [one for batch in batches for one in batch.rest_events]
                        found = [one.record.code for one in events if isinstance(one, RestPrice)]
        finally:
            feed.stop()
            await asyncio.wait_for(running, PATIENCE)
        assert found == server.codes == ["A01612", "B01612A18"]
