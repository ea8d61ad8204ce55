"""The feed over the simulator in real time, and over a server that sends rubbish."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from harness.dashboard import BEAT, DEMO_CODES, at

from app.feed.batch import Batch
from app.feed.connection import LinkPhase
from app.feed.demand import WatchRequest
from app.feed.feed import Feed, FeedSettings
from app.feed.feed_settings import TradeHistory
from app.feed.trade_lane import LaneRecords
from app.simulator.simulator import Simulator
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import ScaledClock
from app.system.secret import Secret
from specs.catalog import Channel, Session

KEY = Credentials(Secret("demo"), Secret("demo"), "demo")
PATIENCE = 20.0


class Watcher:
    """A feed, and the batches that came of it."""

    def __init__(self, rest: str, ws: str, history: TradeHistory | None = None) -> None:
        self.batches: list[Batch] = []
        endpoints = Endpoints(rest=rest, ws=ws)
        clock = ScaledClock(at(18, 1))
        self.feed = Feed(
            FeedSettings(
                endpoints, KEY, beat=BEAT, channels=frozenset((Channel.TRADE,)), history=history
            ),
            clock,
            self._take,
        )
        self._come = asyncio.Event()

    def _take(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.feed.acknowledge_batch()
        self._come.set()

    @property
    def phases(self) -> list[LinkPhase]:
        return [batch.link.phase for batch in self.batches]

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so after a batch."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._come.clear()
                await self._come.wait()


@asynccontextmanager
async def watching(rest: str, ws: str, *codes: str) -> AsyncIterator[Watcher]:
    """A feed that runs, on this very loop."""
    watcher = Watcher(rest, ws)
    watcher.feed.watch(WatchRequest(codes))
    running = asyncio.create_task(watcher.feed.run())
    try:
        yield watcher
    finally:
        watcher.feed.stop()
        await asyncio.wait_for(running, PATIENCE)


@asynccontextmanager
async def simulator(app_key: str | None = None) -> AsyncIterator[Simulator]:
    """A simulator in the second minute of trading."""
    served = Simulator(
        session=Session.NIGHT, start=at(18, 1), clock=ScaledClock(at(18, 1)), app_key=app_key
    )
    await served.start()
    try:
        yield served
    finally:
        await served.stop()


async def test_it_connects_registers_hears_and_answers_pingpong() -> None:
    async with (
        simulator() as server,
        watching(server.rest_url, server.ws_url, "A01612", "B01612A33") as watcher,
    ):
        await watcher.until(lambda: watcher.phases[-1:] == [LinkPhase.LIVE])
        assert server.registrations == {("H0MFCNT0", "A01612"), ("H0EUCNT0", "B01612A33")}
        await asyncio.wait_for(server.barrier(), PATIENCE)
        assert server.echoes == 1
        await watcher.until(lambda: any(batch.received for batch in watcher.batches))
        assert server.approvals == 1
    assert server.sessions == 0


async def test_a_close_by_the_server_is_followed_by_a_connect_with_everything_registered() -> None:
    async with (
        simulator() as server,
        watching(server.rest_url, server.ws_url, *DEMO_CODES[:4]) as watcher,
    ):
        await watcher.until(lambda: watcher.phases[-1:] == [LinkPhase.LIVE])
        before = server.registrations
        for client in server.clients:
            await client.close()
        await watcher.until(lambda: LinkPhase.BACKOFF in watcher.phases)
        assert next(b.link.reason for b in watcher.batches if b.link.phase is LinkPhase.BACKOFF)
        await watcher.until(lambda: watcher.phases[-1] is LinkPhase.LIVE)
        assert server.dials == 2
        assert server.registrations == before


async def test_a_key_that_is_refused_is_the_end_of_it() -> None:
    async with (
        simulator(app_key="another") as server,
        watching(server.rest_url, server.ws_url, "A01612") as watcher,
    ):
        await watcher.until(lambda: watcher.phases[-1:] == [LinkPhase.FATAL])
        assert server.dials == 0


async def test_the_second_session_of_a_key_gives_way_and_does_not_fight() -> None:
    async with (
        simulator() as server,
        watching(server.rest_url, server.ws_url, "A01612") as first,
    ):
        await first.until(lambda: first.phases[-1:] == [LinkPhase.LIVE])
        async with watching(server.rest_url, server.ws_url, "A05612") as second:
            await second.until(lambda: second.phases[-1:] == [LinkPhase.OCCUPIED])
            assert second.batches[-1].link.next_at == float("inf")
            assert server.dials == 2
        assert first.phases[-1] is LinkPhase.LIVE
        assert server.registrations == {("H0MFCNT0", "A01612")}


RUBBISH = (
    "0|H0EUCNT0|001|",
    "0|H0EUCNT0|999|B01612A33^180001",
    "0|NOSUCHTR|001|B01612A33^180001",
    "1|H0EUCNT0|001|c2VjcmV0",
    "0|H0EUCNT0",
    "{",
    '{"header":{"tr_id":"PINGPONG"}',
    "\x00\x1b[2J",
    "0|H0EUCNT0|001|" + "^" * 56,
)


NOT_UTF8 = (
    b"\xff\xfe",
    b"0|H0EUCNT0|001|B01612A33^\xc7\xd1",
    b'{"header":"\xed\xa0\x80"}',
    b"\xe3\x81",
)


async def test_rubbish_is_counted_by_reason_and_does_not_end_the_session() -> None:
    dials: list[web.Request] = []

    async def approval(request: web.Request) -> web.Response:
        return web.json_response({"approval_key": "5e17a1ed-0000-4000-8000-a99707a1c0de"})

    async def session(request: web.Request) -> web.WebSocketResponse:
        dials.append(request)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for text in RUBBISH:
            await socket.send_str(text)
        await socket.send_bytes(b"\xff\xfe")
        for payload in NOT_UTF8:
            # aiohttp's own client answers such a text with close code 1007.
            assert socket._writer is not None
            await socket._writer.send_frame(payload, aiohttp.WSMsgType.TEXT)
        await socket.send_str("0|H0EUCNT0")
        async for message in socket:
            assert message.type is aiohttp.WSMsgType.TEXT
        return socket

    application = web.Application()
    application.router.add_post("/oauth2/Approval", approval)
    application.router.add_get("/{path:.*}", session)
    runner = web.AppRunner(application, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    rest, ws = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}"

    try:
        async with watching(rest, ws, "B01612A33") as watcher:

            def refused() -> int:
                return sum(watcher.batches[-1].counters.refused.values()) if watcher.batches else 0

            await watcher.until(lambda: refused() == len(RUBBISH) + len(NOT_UTF8) + 2)
            counted = watcher.batches[-1].counters.refused
            assert len(counted) > 3
            assert counted["unprintable"] == 1 + len(NOT_UTF8)
            assert len(dials) == 1
            assert not any(batch.received for batch in watcher.batches)
            assert watcher.phases[-1] in (LinkPhase.PROBE, LinkPhase.RESTORE)
    finally:
        await runner.cleanup()


class EndlessHistory:
    """A history that is still being read when the feed stops."""

    def __init__(self) -> None:
        self.begun, self.cancelled = asyncio.Event(), False

    async def run(self, deliver: Callable[[LaneRecords], None]) -> None:
        """Wait until cancelled."""
        self.begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise


async def test_a_feed_that_stops_does_not_wait_for_what_was_before() -> None:
    history = EndlessHistory()
    async with simulator() as served:
        watcher = Watcher(served.rest_url, served.ws_url, history)
        running = asyncio.create_task(watcher.feed.run())
        await asyncio.wait_for(history.begun.wait(), PATIENCE)
        watcher.feed.stop()
        await asyncio.wait_for(running, PATIENCE)
    assert history.cancelled
