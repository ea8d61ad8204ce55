"""A TCP proxy on loopback between client and simulator that damages the stream.

`Proxy` lives on the running loop, `ProxyThread` on a loop of its own.  Verbs hold for connections
that are open and for those to come; a byte count is of what the server says on one connection.
"""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from socket import SO_LINGER, SOL_SOCKET
from struct import pack
from typing import Any, Self
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
TIMEOUT = 10.0
_CHUNK = 64 * 1024


@dataclass
class Verbs:
    """Faults that the proxy injects; none at first."""

    blackhole_up: bool = False
    """Discard the client's bytes."""
    blackhole_down: bool = False
    """Discard the server's bytes."""
    delay: float = 0.0
    """Seconds that every piece is held up."""
    rate: float = 0.0
    """Bytes a second from the server; 0 is without bound."""
    slice_size: int = 0
    """Bytes handed on at a time; 0 is as they come."""
    flip_at: int = -1
    """The byte from the server with its lowest bit turned, once; counted from when it is set."""
    cut_after: int = -1
    """Bytes from the server before the connection is cut, once; counted from when it is set."""
    hang: bool = False
    """Accept, and say nothing ever."""


class Proxy:
    """One listening port before one server."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        assert parts.hostname is not None
        assert parts.port is not None
        self._scheme, self._target = parts.scheme, (parts.hostname, parts.port)
        self.verbs = Verbs()
        self.accepted = 0
        self._server: asyncio.Server | None = None
        self._port = 0
        self._links: dict[asyncio.Task[None], tuple[asyncio.StreamWriter, ...]] = {}

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self._scheme}://{LOOPBACK}:{self._port}"

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.refuse()
        for task in tuple(self._links):
            task.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)

    async def listen(self) -> None:
        """Take connections, on the same port as before."""
        self._server = await asyncio.start_server(self._on_link, LOOPBACK, self._port)
        self._port = int(self._server.sockets[0].getsockname()[1])

    async def refuse(self) -> None:
        """Refuse connections from now on; the open ones stay."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def rst(self) -> None:
        """Reset every connection."""
        for writers in tuple(self._links.values()):
            for writer in writers:
                sock = writer.get_extra_info("socket")
                sock.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))
                writer.transport.abort()

    def fin(self) -> None:
        """End every connection with FIN."""
        for writers in tuple(self._links.values()):
            for writer in writers:
                writer.close()

    async def _on_link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        task = asyncio.current_task()
        assert task is not None
        self._links[task] = (writer,)
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            if self.verbs.hang:
                await asyncio.Event().wait()
            up_reader, up_writer = await asyncio.open_connection(*self._target)
            self._links[task] = (writer, up_writer)
            up = asyncio.create_task(self._carry(reader, up_writer, self._up))
            down = asyncio.create_task(self._carry(up_reader, writer, self._down))
            try:
                await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
            finally:
                for half in (up, down):
                    half.cancel()
                await asyncio.gather(up, down, return_exceptions=True)
        for end in self._links.pop(task):
            end.close()

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        spoil: Callable[[bytes, asyncio.StreamWriter], Awaitable[None]],
    ) -> None:
        loop = asyncio.get_running_loop()
        due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def hand_on() -> None:
            while piece := (waiting := await due.get())[1]:
                await asyncio.sleep(max(0.0, waiting[0] - loop.time()))
                await spoil(piece, writer)
                await writer.drain()

        handing = asyncio.create_task(hand_on())
        try:
            while piece := await reader.read(_CHUNK):
                due.put_nowait((loop.time() + self.verbs.delay, piece))
            due.put_nowait((0.0, b""))
            await handing
        finally:
            handing.cancel()
            await asyncio.gather(handing, return_exceptions=True)

    async def _up(self, piece: bytes, writer: asyncio.StreamWriter) -> None:
        if not self.verbs.blackhole_up:
            writer.write(piece)

    async def _down(self, piece: bytes, writer: asyncio.StreamWriter) -> None:
        verbs = self.verbs
        if verbs.blackhole_down:
            return
        if 0 <= verbs.flip_at < len(piece):
            spoiled = bytearray(piece)
            spoiled[verbs.flip_at] ^= 1
            piece = bytes(spoiled)
            verbs.flip_at = -1
        elif verbs.flip_at >= 0:
            verbs.flip_at -= len(piece)
        if 0 <= verbs.cut_after <= len(piece):
            writer.write(piece[: verbs.cut_after])
            verbs.cut_after = -1
            writer.close()
            return
        if verbs.cut_after >= 0:
            verbs.cut_after -= len(piece)
        size = verbs.slice_size or len(piece)
        for at in range(0, len(piece), size):
            writer.write(piece[at : at + size])
            if verbs.slice_size or verbs.rate:
                await asyncio.sleep(size / verbs.rate if verbs.rate else 0)


class ProxyThread:
    """A proxy on a thread and loop of its own, for clients that have none."""

    def __init__(self, target: str) -> None:
        self.proxy = Proxy(target)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.proxy.url

    @property
    def verbs(self) -> Verbs:
        """The switches, which any thread may turn."""
        return self.proxy.verbs

    def __enter__(self) -> Self:
        self._thread.start()
        self.do(self.proxy.listen())
        return self

    def __exit__(self, *_: object) -> None:
        self.do(self.proxy.__aexit__())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(TIMEOUT)
        self._loop.close()

    def rst(self) -> None:
        """Reset every connection."""
        self._loop.call_soon_threadsafe(self.proxy.rst)

    def fin(self) -> None:
        """End every connection with FIN."""
        self._loop.call_soon_threadsafe(self.proxy.fin)

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Run one of the proxy's coroutines, such as `refuse`, and wait for it."""
        asyncio.run_coroutine_threadsafe(work, self._loop).result(TIMEOUT)
