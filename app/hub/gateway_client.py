"""The gateway's side of one client's websocket: what it asks for, and what it was told."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from app.feed.registration_state import RegistrationKey
from app.hub.client_output import ClientOutput
from app.hub.client_requests import ClientRequest, RefusedRequest, read_request
from app.hub.kis_answers import acknowledgement, heartbeat
from app.system.clock import Clock

if TYPE_CHECKING:
    from aiohttp import web

PING_EVERY = 10.0
"""Seconds between two PINGPONGs to a client."""

REQUESTS_PER_SECOND = 50
"""Messages that are read from a client in a second; the others wait in its socket."""

CLOSE_TIMEOUT = 1.0


class GatewayHost(Protocol):
    """The part of the gateway that one client uses."""

    def is_key(self, approval_key: str) -> bool:
        """Return whether the gateway issued an approval key that has not expired."""

    def register(self, client: "GatewayClient", key: RegistrationKey) -> None:
        """Register for a client, and answer it."""

    def release(self, client: "GatewayClient", key: RegistrationKey) -> None:
        """Release for a client, and answer it."""


class GatewayClient:
    """One client; `name` is how it calls itself."""

    def __init__(
        self,
        host: GatewayHost,
        clock: Clock,
        socket: "web.WebSocketResponse",
        transport: asyncio.Transport,
        name: str,
    ) -> None:
        self._host = host
        self._clock = clock
        self.socket = socket
        self.output = ClientOutput(transport)
        self.name = name
        self.unanswered: dict[RegistrationKey, float] = {}
        """Registrations that KIS has not answered yet, and when their answer is overdue."""
        self._second = -1
        self._read = 0

    async def run(self) -> None:
        """Answer all messages until the socket closes."""
        from aiohttp import WSMsgType

        async for message in self.socket:
            if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                self._accept(message.data)
                await self._pace()

    def acknowledge(self, code: str, key: RegistrationKey, detail: str = "") -> None:
        """Answer one registration."""
        self.unanswered.pop(key, None)
        self.output.answer(acknowledgement(code, key, detail))

    def _accept(self, raw: str | bytes) -> None:
        try:
            request = read_request(raw)
        except RefusedRequest as refused:
            self.output.answer(acknowledgement(refused.code, refused.key))
            return
        if request is None:
            return
        if not self._host.is_key(request.approval_key):
            self.output.answer(acknowledgement("OPSP0011", request.key))
        else:
            self._obey(request)

    def _obey(self, request: ClientRequest) -> None:
        if request.register:
            self._host.register(self, request.key)
        else:
            self._host.release(self, request.key)

    async def _pace(self) -> None:
        now = self._clock.monotonic()
        if int(now) != self._second:
            self._second, self._read = int(now), 0
        self._read += 1
        if self._read > REQUESTS_PER_SECOND:
            await asyncio.sleep(self._second + 1 - now)


class PingingGateway(Protocol):
    """The part of the gateway that its PINGPONGs use."""

    clock: Clock

    @property
    def clients(self) -> Sequence[object]:
        """The clients that are connected."""


async def ping(gateway: PingingGateway) -> None:
    """Send PINGPONGs to the clients of KIS' protocol until cancelled."""
    while True:
        await asyncio.sleep(PING_EVERY)
        raw = heartbeat(gateway.clock.now())
        for client in gateway.clients:
            if isinstance(client, GatewayClient):
                client.output.answer(raw)
