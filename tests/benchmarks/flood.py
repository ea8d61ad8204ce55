"""``python flood.py RATE SECONDS [SETTLES]``: KIS' approval and websocket, and a steady flood.

Registrations and PINGPONGs are answered; when no more registrations come the flood begins, one
trade a frame and one frame a send, over what is registered.  A price tells when its frame was sent:
100 and the seconds since the flood began; a future's stays, and each code's volume grows by its own
trades.  Prints a line of JSON when it listens (`port`), when the flood begins (`begun`, monotonic
seconds), and when it is over (`sent`).
"""

import asyncio
import contextlib
import json
import sys
import time
from pathlib import Path

from aiohttp import WSMsgType, web

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from harness.sample_frames import frame, record

from specs.catalog import CATALOG, Channel

SETTLES = 1.0
"""Seconds without a registration after which no more are awaited."""

TURN = 0.001
"""Seconds between two looks at what is due, the resolution of the loop's clock."""

PING_EVERY = 10.0
_STAMP, _VOLUME, _LAST = "1234567.89", "98765", "1"
_FUTURE = "1085.00"


class Flood:
    """One server for one program."""

    def __init__(self, rate: int, seconds: float, settles: float = SETTLES) -> None:
        self.rate = rate
        self.settles = settles
        self.seconds = seconds
        self.sent = 0
        self.wishes: dict[tuple[str, str], list[str]] = {}
        self.asked = asyncio.Event()

    async def approve(self, request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"approval_key": "5e17a1ed-0000-4000-8000-a99707a1c0de"})

    async def dial(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        assert request.transport is not None
        tasks = [
            asyncio.create_task(self._ping(socket)),
            asyncio.create_task(self._pour(request.transport)),
        ]
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT and "PINGPONG" not in message.data:
                    await self._answer(socket, json.loads(message.data))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return socket

    async def _answer(self, socket: web.WebSocketResponse, asked: dict[str, dict]) -> None:  # type: ignore[type-arg]
        request = asked["body"]["input"]
        tr_id, code = request["tr_id"], request["tr_key"]
        if asked["header"]["tr_type"] == "1":
            values = {"price": _STAMP} if CATALOG[tr_id].channel is Channel.TRADE else {}
            if values:
                values |= {"accumulated_volume": _VOLUME, "last_volume": _LAST, "change": _STAMP}
            self.wishes[tr_id, code] = frame(tr_id, record(tr_id, code, **values)).split(_STAMP)
            words = "OPSP0000", "SUBSCRIBE SUCCESS"
        else:
            self.wishes.pop((tr_id, code), None)
            words = "OPSP0001", "UNSUBSCRIBE SUCCESS"
        output = {"iv": "c1f3e71ec70e1b2d", "key": "c1f3e7c1f3e7c1f3e7c1f3e7c1f3e7c1"}
        body = {"rt_cd": "0", "msg_cd": words[0], "msg1": words[1], "output": output}
        header = {"tr_id": tr_id, "tr_key": code, "encrypt": "N"}
        await socket.send_str(json.dumps({"header": header, "body": body}))
        self.asked.set()

    async def _ping(self, socket: web.WebSocketResponse) -> None:
        for second in range(20261120180000, 20261120190000):
            with contextlib.suppress(ConnectionError):
                header = {"tr_id": "PINGPONG", "datetime": str(second)}
                await socket.send_str(json.dumps({"header": header}))
            await asyncio.sleep(PING_EVERY)

    async def _pour(self, transport: asyncio.Transport) -> None:
        if not self.rate:
            return
        while True:
            await self.asked.wait()
            self.asked.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.asked.wait(), self.settles)
                continue
            break
        begun = time.monotonic()
        say(begun=begun)
        while (gone := time.monotonic() - begun) < self.seconds:
            # What nobody takes off the wire waits here, and is older when it is seen.
            due = int(gone * self.rate) - self.sent
            wishes = list(self.wishes.values())
            stamp = f"{100 + gone:.2f}"
            for number in range(self.sent, self.sent + due):
                turn, place = divmod(number, len(wishes))
                parts = wishes[place]
                price = _FUTURE if _is_future(parts) else stamp
                body = price.join(parts).replace(_VOLUME, str(1000 + turn)).encode()
                transport.write(b"\x81\x7e" + len(body).to_bytes(2, "big") + body)
            self.sent += due
            await asyncio.sleep(TURN)
        say(sent=self.sent)


def _is_future(parts: list[str]) -> bool:
    return "|A0" in parts[0]


def say(**what: float) -> None:
    """Tell whoever started this."""
    print(json.dumps(what), flush=True)


async def main(rate: int, seconds: float, settles: float = SETTLES) -> None:
    """Serve until ended."""
    flood = Flood(rate, seconds, settles)
    application = web.Application()
    application.router.add_post("/oauth2/Approval", flood.approve)
    application.router.add_get("/{path:.*}", flood.dial)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    say(port=int(runner.addresses[0][1]))
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), *map(float, sys.argv[2:])))
