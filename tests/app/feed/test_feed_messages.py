"""The feed over a real websocket: what it lets in, what it counts, what it records."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from harness.dashboard import BEAT
from harness.recordings import entries
from harness.sample_frames import frame, record
from rig.kis_host import acknowledged

from app.feed.batch import Batch
from app.feed.connection import LinkPhase
from app.feed.demand import WatchRequest
from app.feed.feed import Feed
from app.feed.feed_settings import FeedSettings
from app.feed.paper_watch import PaperState
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import KST, ScaledClock
from app.system.secret import Secret
from app.tape.destination import TapeDestination
from app.tape.entry import EntryKind
from app.tape.recorder import Recorder
from specs.catalog import Channel
from specs.record import Record

KEYS = Credentials(Secret("demo"), Secret("demo"), "demo")
NIGHT = datetime(2026, 11, 20, 19, tzinfo=KST)
TR, CALL, PUT = "H0EUCNT0", "B01612A31", "C01612A31"
PATIENCE = 20.0
PINGPONG = '{"header":{"tr_id":"PINGPONG","datetime":"20261120190000"}}'


def traded(code: str, price: str) -> str:
    return frame(TR, record(TR, code=code, price=price))


class Server:
    """Acknowledges everything; a test may say something of its own at each step."""

    def __init__(self) -> None:
        self.sockets: list[web.WebSocketResponse] = []
        self.customers: set[str] = set()
        """The customer types of the requests so far."""
        self.at_open: Callable[[], list[str]] = list
        self.at_release: Callable[[str], tuple[str, str]] = lambda code: ("", "")
        """Return the feed's messages before and after a release is acknowledged."""
        self.endpoints = Endpoints()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        application = web.Application()
        application.router.add_post("/oauth2/Approval", self._approve)
        application.router.add_get("/{path:.*}", self._session)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        self.endpoints = Endpoints(rest=f"http://127.0.0.1:{port}", ws=f"ws://127.0.0.1:{port}")
        try:
            yield
        finally:
            await runner.cleanup()

    async def _approve(self, request: web.Request) -> web.Response:
        return web.json_response({"approval_key": "5e17a1ed-0000-4000-8000-a99707a1c0de"})

    async def _session(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(timeout=0.5)
        await socket.prepare(request)
        self.sockets.append(socket)
        for text in self.at_open():
            await socket.send_str(text)
        async for message in socket:
            if message.data == PINGPONG:
                continue
            asked = json.loads(message.data)
            tr_id, code = asked["body"]["input"]["tr_id"], asked["body"]["input"]["tr_key"]
            self.customers.add(asked["header"]["custtype"])
            register = asked["header"]["tr_type"] == "1"
            before, after = ("", "") if register else self.at_release(code)
            answer = acknowledged(tr_id, code, "OPSP0000" if register else "OPSP0001")
            for text in filter(None, (before, answer, after)):
                await socket.send_str(text)
        return socket


class Fed:
    """A feed on a server, what it let in, and its batches."""

    def __init__(self, server: Server, recorder: Recorder | None = None, **more: Any) -> None:
        self._come = asyncio.Event()
        self.records: list[tuple[str, str]] = []
        self.batches: list[Batch] = []
        channels = frozenset((Channel.TRADE,))
        settings = FeedSettings(
            server.endpoints, KEYS, beat=BEAT, channels=channels, recorder=recorder, **more
        )
        self.feed = Feed(settings, ScaledClock(NIGHT), self._deliver, self._tap)

    @asynccontextmanager
    async def watching(self, *codes: str) -> AsyncIterator["Fed"]:
        self.feed.watch(WatchRequest(codes))
        running = asyncio.create_task(self.feed.run())
        try:
            yield self
        finally:
            self.feed.stop()
            await asyncio.wait_for(running, PATIENCE)

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._come.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._come.wait(), 0.05)

    async def live(self) -> None:
        await self.until(lambda: self.batches and self.batches[-1].link.phase is LinkPhase.LIVE)

    @property
    def unasked(self) -> int:
        return self.batches[-1].counters.unasked

    def _deliver(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.feed.acknowledge_batch()
        self._come.set()

    def _tap(self, tr_id: str, records: list[Record], at: float) -> None:
        self.records += [(r.code, f"{getattr(r, 'price', 0):g}") for r in records]


async def test_data_of_a_released_code_are_let_in_no_longer() -> None:
    server = Server()
    server.at_release = lambda code: (traded(code, "1.00"), traded(code, "2.00"))
    async with server.serving(), Fed(server).watching(CALL, PUT) as fed:
        await fed.live()
        await server.sockets[-1].send_str(traded(PUT, "0.50"))
        await fed.until(lambda: (PUT, "0.5") in fed.records)
        fed.feed.watch(WatchRequest((CALL,)))
        await fed.until(lambda: fed.unasked == 1)
        # On its way when the release arrived, and after it.
        assert fed.records == [(PUT, "0.5"), (PUT, "1")]


async def test_a_new_session_lets_nothing_in_before_it_has_asked() -> None:
    server = Server()
    async with server.serving(), Fed(server).watching(CALL) as fed:
        await fed.live()
        await server.sockets[-1].send_str(traded(CALL, "1.00"))
        await fed.until(lambda: fed.records)
        server.at_open = lambda: [traded(CALL, "2.00")]
        await server.sockets[-1].close()
        await fed.until(lambda: len(server.sockets) == 2)
        await fed.until(lambda: fed.unasked == 1)
        assert fed.records == [(CALL, "1")]


async def test_every_message_of_the_websocket_is_on_the_tape_as_it_came(tmp_path: Path) -> None:
    place = TapeDestination(tmp_path / "tapes", is_generated=True)
    server, clock = Server(), ScaledClock(NIGHT)
    recorder = Recorder(place, clock)
    async with server.serving():
        async with Fed(server, recorder).watching(CALL) as fed:
            fed.feed.record(True)
            await fed.live()
            [socket] = server.sockets
            binary, broken = traded(CALL, "3.00").encode(), b"0|H0EUCNT0|001|\xc7\xd1"
            await socket.send_str(traded(CALL, "2.00"))
            await socket.send_bytes(binary)
            assert socket._writer is not None
            await socket._writer.send_frame(broken, WSMsgType.TEXT)
            await socket.send_str("{")
            await fed.until(
                lambda: fed.batches[-1].counters.refused == {"unprintable": 1, "json": 1}
            )
            assert fed.records == [(CALL, "2"), (CALL, "3")]
        name = recorder.recording.name
    found = entries(place.folder / name, EntryKind.FRAME, EntryKind.BINARY)
    assert [(e.kind, e.payload) for e in found[-4:]] == [
        (EntryKind.FRAME, traded(CALL, "2.00").encode()),
        (EntryKind.BINARY, binary),
        (EntryKind.BINARY, broken),
        (EntryKind.FRAME, b"{"),
    ]


async def test_every_registration_names_the_customer_type_of_the_settings() -> None:
    for customer in ("P", "B"):
        server = Server()
        async with server.serving(), Fed(server, customer=customer).watching(CALL, PUT) as fed:
            await fed.live()
            fed.feed.watch(WatchRequest((CALL,)))
            await fed.until(lambda: fed.batches[-1].link.used == 1)
        assert server.customers == {customer}


async def test_a_minute_of_acknowledged_silence_is_reported_to_paper_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.feed.paper_watch.SILENT_AFTER", 2.0)
    server = Server()
    async with server.serving(), Fed(server, is_paper=True).watching(CALL) as fed:
        await fed.live()
        while fed.batches[-1].link.paper is not PaperState.SILENT:
            await server.sockets[-1].send_str(PINGPONG)
            await asyncio.sleep(0.2)
        assert fed.batches[0].link.paper is PaperState.TRIED
        assert fed.batches[-1].link.used == 1
        await server.sockets[-1].send_str(traded(CALL, "1.00"))
        await fed.until(lambda: fed.batches[-1].link.paper is PaperState.TRIED)
