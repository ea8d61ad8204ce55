"""One websocket of the simulator: its registrations, what it is due, and its echoes."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from app.simulator.answers import answer, pingpong
from app.simulator.encode import frame
from app.simulator.market import Event, Stream
from app.simulator.wishes import Echo, Wish, WishError, read

if TYPE_CHECKING:
    from app.simulator.simulator import Simulator

LIMIT = 41
"""Registrations of one session, over all TRs."""

FLUSH_EVERY = 0.05
PING_EVERY = 10.0
_MOST_RECORDS = 20
# Longer than any session: what one flush finds shares frames, however fast the clock runs.
_ONE_FLUSH = 1e6


class _Registration:
    """One code on one TR; what it is due is held back until it has been acknowledged."""

    def __init__(self, stream: Stream | None) -> None:
        self.stream = stream
        self.acknowledged = False


class Client:
    """The server's side of one websocket."""

    def __init__(self, simulator: "Simulator", socket: web.WebSocketResponse) -> None:
        self._simulator = simulator
        self._socket = socket
        self._registered: dict[tuple[str, str], _Registration] = {}
        self._pings = 0
        self._echoes = 0
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []

    @property
    def registrations(self) -> frozenset[tuple[str, str]]:
        """The pairs of TR and code that are registered."""
        return frozenset(self._registered)

    async def serve(self) -> None:
        """Answer whatever comes until the socket closes."""
        try:
            async for message in self._socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    await self._on_message(message.data)
                elif message.type is WSMsgType.PING:
                    await self._socket.pong(message.data)
                elif message.type is WSMsgType.PONG:
                    self._on_echo()
        finally:
            for _, waiter in self._waiting:
                if not waiter.done():
                    waiter.set_result(None)

    async def run(self) -> None:
        """Send what is due, and PINGPONG, as real time goes by."""
        beats = 0
        try:
            while not self._socket.closed:
                await asyncio.sleep(FLUSH_EVERY)
                await self.flush(self._simulator.second, _ONE_FLUSH)
                beats += 1
                if beats * FLUSH_EVERY >= PING_EVERY:
                    beats = 0
                    await self.ping()
        finally:
            await self.close()

    async def ping(self) -> None:
        """Send PINGPONG."""
        self._pings += 1
        await self._send(pingpong(self._simulator.clock.now()))

    async def barrier(self) -> None:
        """Send PINGPONG and wait until it is back, or the socket closed."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append((self._pings + 1, waiter))
        await self.ping()
        if not self._socket.closed:
            await waiter

    async def flush(self, until: float, together: float) -> None:
        """Send every record up to a second of the session.

        A code's records that fall within `together` seconds share a frame.
        """
        due: list[Event] = []
        for registration in self._registered.values():
            if registration.stream is not None and registration.acknowledged:
                due.extend(registration.stream.take(until))
        due.sort(key=lambda event: event[:3])
        for text in _frames(due, together):
            self._simulator.frames_sent += 1
            await self._send(text)

    async def close(self) -> None:
        """End the session from the server's side."""
        await self._socket.close()

    async def _send(self, text: str) -> None:
        if not self._socket.closed:
            try:
                await self._socket.send_str(text)
            except ConnectionError:
                # The client left; its end of the socket tells the reader.
                return

    async def _on_message(self, raw: str | bytes) -> None:
        try:
            wish = read(raw)
        except WishError as error:
            await self._send(answer(error.code, error.tr_id, error.tr_key))
            return
        if isinstance(wish, Echo):
            self._on_echo()
            return
        owner = self._simulator.rest.owner(wish.approval_key)
        if owner is None:
            await self._send(answer("OPSP0011", wish.tr_id, wish.tr_key))
        elif not self._simulator.claim(owner, self):
            await self._send(answer("OPSP8996"))
            await self.close()
        else:
            await (self._register(wish) if wish.register else self._release(wish))

    async def _register(self, wish: Wish) -> None:
        pair = (wish.tr_id, wish.tr_key)
        if pair in self._registered:
            code = "OPSP0002"
        elif len(self._registered) >= LIMIT:
            code = "OPSP0008"
        else:
            code = "OPSP0000"
            stream = self._simulator.market.stream(*pair)
            if stream is not None:
                stream.skip(self._simulator.second)
            self._registered[pair] = registration = _Registration(stream)
        await self._send(answer(code, *pair))
        if code == "OPSP0000":
            registration.acknowledged = True

    async def _release(self, wish: Wish) -> None:
        pair = (wish.tr_id, wish.tr_key)
        found = self._registered.pop(pair, None) is not None
        await self._send(answer("OPSP0001" if found else "OPSP0003", *pair))

    def _on_echo(self) -> None:
        self._echoes += 1
        self._simulator.echoes += 1
        for place, waiter in self._waiting:
            if self._echoes >= place and not waiter.done():
                waiter.set_result(None)
        self._waiting = [pair for pair in self._waiting if not pair[1].done()]


def _frames(due: Iterable[Event], together: float) -> Iterator[str]:
    """Frames in the order of their first record; a code's records never change their order."""
    gathered: dict[tuple[int, str, str], list[str]] = {}
    for event in due:
        gathered.setdefault((int(event.second // together), event.tr_id, event.code), []).append(
            event.body
        )
    for (_, tr_id, _), bodies in gathered.items():
        for start in range(0, len(bodies), _MOST_RECORDS):
            yield frame(tr_id, bodies[start : start + _MOST_RECORDS])
