"""A server that speaks KIS' REST and websocket on loopback, says what a test has it say, and keeps
what it saw: dials, how each websocket ended, how long every PINGPONG took to come back.

It has no market.  Every registration is acknowledged; with a `rate` it sends that many frames a
second, whose price is the running number of a hundredth of a second.
"""

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Callable
from datetime import datetime
from types import TracebackType

from aiohttp import WSMsgType, web
from harness.sample_frames import frame, record

from app.system.clock import KST

APPROVAL_KEY = "5e17a1ed-0000-4000-8000-a99707a1c0de"
CIPHER = {"iv": "c1f3e71ec70e1b2d", "key": "c1f3e7c1f3e7c1f3e7c1f3e7c1f3e7c1"}
BURST = 0.01
"""Seconds between two bursts of frames."""

Answer = Callable[[], web.Response]
"""Return the answer to an approval call."""

Said = Callable[[str, str], str]
"""Return the answer to the registration of a TR and a code."""


def approved() -> web.Response:
    """An approval key."""
    return web.json_response({"approval_key": APPROVAL_KEY})


def acknowledged(tr_id: str, tr_key: str, code: str = "OPSP0000", words: str = "SUCCESS") -> str:
    """The answer to a registration, cipher included, as KIS sends it for every TR."""
    body = {"rt_cd": "0", "msg_cd": code, "msg1": words, "output": CIPHER}
    header = {"tr_id": tr_id, "tr_key": tr_key, "encrypt": "N"}
    return json.dumps({"header": header, "body": body})


class KisHost:
    """Serves while its block runs, on a thread of its own."""

    def __init__(
        self,
        *,
        answer: Answer = approved,
        said: Said = acknowledged,
        ping_every: float = 10.0,
        rate: int = 0,
    ) -> None:
        self.answer = answer
        self.said = said
        self.ping_every = ping_every
        self.rate = rate
        self.deaf = False
        """Whether what comes is read no longer, close frames included."""
        self.dials = 0
        self.frames_sent = 0
        self.number = 0
        """The running number in the frames' prices."""
        self.registered: list[tuple[str, str]] = []
        self.sockets: set[web.WebSocketResponse] = set()
        self.ends: list[int | None] = []
        """The close code of every websocket that ended; 1006 where no close frame came."""
        self.echoes: list[float] = []
        """Seconds from each PINGPONG to its echo."""
        self.unanswered: dict[str, float] = {}
        """PINGPONGs that have not come back, and when they were sent."""
        self.port = 0
        self._pings = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "KisHost":
        self._thread.start()
        assert self._ready.wait(10.0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(10.0)

    @property
    def env(self) -> dict[str, str]:
        """Return the environment that makes the program connect here."""
        return {
            "KIS_URL_REST": f"http://127.0.0.1:{self.port}",
            "KIS_URL_WS": f"ws://127.0.0.1:{self.port}",
        }

    def send(self, text: str) -> None:
        """Send a text to every websocket, and wait until it is on its way."""

        async def send() -> None:
            for socket in tuple(self.sockets):
                await socket.send_str(text)

        asyncio.run_coroutine_threadsafe(send(), self._loop).result(10.0)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._run())
        self._loop.close()

    async def _run(self) -> None:
        self._done = asyncio.Event()
        application = web.Application()
        application.router.add_post("/oauth2/Approval", self._on_approval)
        application.router.add_get("/{path:.*}", self._on_dial)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = int(runner.addresses[0][1])
        self._ready.set()
        await self._done.wait()
        for socket in tuple(self.sockets):
            with contextlib.suppress(TimeoutError, ConnectionError):
                await asyncio.wait_for(socket.close(), 0.5)
        await runner.cleanup()

    async def _on_approval(self, request: web.Request) -> web.Response:
        await request.read()
        return self.answer()

    async def _on_dial(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(timeout=0.5)
        await socket.prepare(request)
        self.dials += 1
        self.sockets.add(socket)
        tasks = [
            asyncio.create_task(work) for work in (self._ping(socket), self._send_frames(socket))
        ]
        try:
            async for message in socket:
                if self.deaf:
                    await self._done.wait()
                elif message.type is WSMsgType.TEXT:
                    await self._on_text(socket, message.data)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.sockets.discard(socket)
            self.ends.append(socket.close_code)
        return socket

    async def _on_text(self, socket: web.WebSocketResponse, text: str) -> None:
        if "PINGPONG" in text:
            sent = self.unanswered.pop(text, None)
            if sent is not None:
                self.echoes.append(time.monotonic() - sent)
            return
        asked = json.loads(text)
        request = asked["body"]["input"]["tr_id"], asked["body"]["input"]["tr_key"]
        if asked["header"]["tr_type"] == "1":
            self.registered.append(request)
        await socket.send_str(self.said(*request))

    async def _ping(self, socket: web.WebSocketResponse) -> None:
        while True:
            self._pings += 1
            # A running number makes each unique; those of KIS differ by their second.
            moment = f"{datetime.now(KST):%Y%m%d%H%M%S}"
            header = {"tr_id": "PINGPONG", "datetime": moment, "number": self._pings}
            text = json.dumps({"header": header})
            self.unanswered[text] = time.monotonic()
            await socket.send_str(text)
            await asyncio.sleep(self.ping_every)

    async def _send_frames(self, socket: web.WebSocketResponse) -> None:
        begun, sent = time.monotonic(), 0
        while self.rate:
            await asyncio.sleep(BURST)
            wishes = self.registered
            due = int((time.monotonic() - begun) * self.rate)
            self.number += 1
            price = f"{self.number / 100:.2f}"
            bodies = {
                request: frame(request[0], record(*request, price=price)) for request in wishes
            }
            for n in range(sent, due):
                if wishes:
                    await socket.send_str(bodies[wishes[n % len(wishes)]])
                    self.frames_sent += 1
            sent = due
