"""The sockets of a gateway: its two ports, and a websocket from its handshake to its end."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import SO_SNDBUF, SOL_SOCKET
from typing import Protocol

from aiohttp import web

from app.hub.client_requests import LARGEST_REQUEST
from app.hub.gateway_client import CLOSE_TIMEOUT, GatewayClient, GatewayHost
from app.hub.gateway_routes import RoutedGateway, application
from app.hub.gateway_settings import GatewaySettings
from app.hub.screen_client import ScreenClient
from app.hub.screen_messages import LARGEST_SCREEN_REQUEST, ScreenRequest
from app.storage.credentials import Endpoints
from app.system.errors import UsageError
from app.system.event_log import log_event
from specs.clean import clean
from specs.user_message import UserMessage

LOOPBACK = "127.0.0.1"
MOST_CLIENTS = 32
_SEND_BUFFER = 128 * 1024
_GOING_AWAY = 1001


class ServedGateway(GatewayHost, RoutedGateway, Protocol):
    """The part of the gateway that its sockets use."""

    settings: GatewaySettings

    @property
    def clients(self) -> tuple[GatewayClient | ScreenClient, ...]:
        """The clients that are connected."""

    def request(self, screen: ScreenClient, request: ScreenRequest) -> None:
        """Register what a joined kis-tui wants."""

    def connected(
        self, client: GatewayClient | ScreenClient
    ) -> contextlib.AbstractContextManager[None]:
        """Have a client while the block runs."""


@asynccontextmanager
async def listening(gateway: ServedGateway) -> AsyncIterator[Endpoints]:
    """Serve a gateway while the block runs; yield its addresses, and close its clients at the end.

    Raises:
        UsageError: a port is not available.
    """
    sockets = _Sockets(gateway)
    served = application(gateway, sockets.attend)
    runner = web.AppRunner(served, access_log=None, shutdown_timeout=CLOSE_TIMEOUT)
    await runner.setup()
    try:
        settings = gateway.settings
        rest = await _listen(runner, settings.rest_port)
        shared = settings.ws_port == settings.rest_port != 0
        ws = rest if shared else await _listen(runner, settings.ws_port)
        log_event("hub", "open", rest=rest, ws=ws)
        try:
            yield Endpoints(f"http://{LOOPBACK}:{rest}", f"ws://{LOOPBACK}:{ws}")
        finally:
            await asyncio.gather(*(close_client(one, _GOING_AWAY) for one in gateway.clients))
    finally:
        await runner.cleanup()


async def close_client(client: GatewayClient | ScreenClient, code: int) -> None:
    """Close a client's websocket with a code; one that does not read is cut off."""
    client.output.close()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_TIMEOUT):
            await client.socket.close(code=code)
    client.output.abort()


class _Sockets:
    """Accepts the websockets of a gateway."""

    def __init__(self, gateway: ServedGateway) -> None:
        self._gateway = gateway

    async def attend(self, request: web.Request, *, joins: bool) -> web.StreamResponse:
        """Serve a client of KIS' protocol, or a kis-tui that joins, until its socket closes."""
        largest = LARGEST_SCREEN_REQUEST if joins else LARGEST_REQUEST
        socket = web.WebSocketResponse(timeout=CLOSE_TIMEOUT, compress=False, max_msg_size=largest)
        if not socket.can_prepare(request):
            raise web.HTTPNotFound
        if len(self._gateway.clients) >= MOST_CLIENTS:
            raise web.HTTPServiceUnavailable
        await socket.prepare(request)
        transport = request.transport
        if transport is None:
            return socket
        _bound_kernel_buffer(transport)
        client: GatewayClient | ScreenClient
        if joins:
            client = ScreenClient(socket, transport, self._gateway.request)
        else:
            name = clean(request.headers.get("User-Agent", ""), 40)
            client = GatewayClient(self._gateway, self._gateway.clock, socket, transport, name)
        with self._gateway.connected(client):
            await client.run()
        return socket


async def _listen(runner: web.AppRunner, port: int) -> int:
    """Serve on a port of this machine, and return its number.

    Raises:
        UsageError: the port is not available.
    """
    try:
        await web.TCPSite(runner, LOOPBACK, port).start()
    except OSError as error:
        raise UsageError(
            "hub.port_taken",
            port=port,
            reason=os.strerror(error.errno or 0),
            hint=UserMessage("hub.port_hint"),
        ) from error
    return int(runner.addresses[-1][1])


def _bound_kernel_buffer(transport: asyncio.Transport) -> None:
    """Have the operating system hold little for a client that does not read: it would be old."""
    if (connection := transport.get_extra_info("socket")) is not None:
        connection.setsockopt(SOL_SOCKET, SO_SNDBUF, _SEND_BUFFER)
