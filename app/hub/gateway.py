"""The gateway: KIS' approval and websocket on loopback, of the one session that a feed has.

All of it runs on the feed's loop, beside the feed, which calls it as `SessionSharing`.  Clients are
other programs of this machine, any that speak KIS' protocol: they get an approval key for the same
app key and secret, register market data, and are sent KIS' own frames byte for byte.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from math import inf
from typing import TYPE_CHECKING

from msgspec import Struct

from app.feed.demand import RankedRegistration, trading_at
from app.feed.phase import LinkPhase
from app.feed.registration_state import RegistrationKey, RegistrationState
from app.feed.session import LinkSession
from app.hub.client_demand import ClientDemand
from app.hub.client_output import text_frame
from app.hub.client_requests import LARGEST_REQUEST
from app.hub.gateway_client import CLOSE_TIMEOUT, GatewayClient
from app.hub.issued_keys import IssuedKeys
from app.hub.kis_answers import SESSION, heartbeat
from app.hub.last_frames import LastFrames
from app.krx.calendar import KRX, Schedule
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import Clock
from app.system.errors import UsageError
from app.system.event_log import log_event
from specs.catalog import Session
from specs.clean import clean
from specs.user_message import UserMessage

if TYPE_CHECKING:
    from aiohttp import web

    from specs.record import Record

LOOPBACK = "127.0.0.1"
PING_EVERY = 10.0
ACK_WITHIN = 3.0
"""Seconds after which a registration is acknowledged although KIS has not answered it yet: it is
wanted from then on, and registered as soon as there is a connection."""

MOST_CLIENTS = 32
_SEND_BUFFER = 128 * 1024
_GOING_AWAY, _CLOSED = 1001, 1000
_HELD = frozenset((RegistrationState.ACTIVE, RegistrationState.UNCONFIRMED))


class GatewaySettings(Struct, frozen=True):
    """The settings of a gateway; port 0 is any free one."""

    credentials: Credentials
    rest_port: int = 0
    ws_port: int = 0
    schedule: Schedule = KRX


class Gateway:
    """Serves one session to many clients; implements `app.feed.session_sharing`."""

    def __init__(
        self,
        settings: GatewaySettings,
        clock: Clock,
        opened: Callable[[Endpoints], None] | None = None,
    ) -> None:
        """`opened` is called with the addresses once they are served."""
        self._settings = settings
        self.clock = clock
        self._opened = opened
        self.keys = IssuedKeys(settings.credentials)
        self._demand = ClientDemand()
        self._frames = LastFrames()
        self._clients: dict[GatewayClient, None] = {}
        self._readers: dict[tuple[str, str], tuple[GatewayClient, ...]] = {}
        self._session: LinkSession | None = None
        self._changed: Callable[[], None] = lambda: None
        self._turn: tuple[date, Session] | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self.dropped = 0
        """Data frames that clients which did not read were never sent; of those that left."""

    @property
    def clients(self) -> tuple[GatewayClient, ...]:
        """The clients that are connected, in the order in which they came."""
        return tuple(self._clients)

    # --- what the feed uses

    @property
    def has_clients(self) -> bool:
        """Whether a client is connected."""
        return bool(self._clients)

    @asynccontextmanager
    async def serve(self, session: LinkSession, changed: Callable[[], None]) -> AsyncIterator[None]:
        """Serve clients while the block runs.

        Raises:
            UsageError: a port is not available.
        """
        from aiohttp import web

        from app.hub.gateway_routes import application

        self._session, self._changed = session, changed
        runner = web.AppRunner(application(self), access_log=None, shutdown_timeout=CLOSE_TIMEOUT)
        await runner.setup()
        try:
            settings = self._settings
            rest = await _listen(runner, settings.rest_port)
            shared = settings.ws_port == settings.rest_port != 0
            ws = rest if shared else await _listen(runner, settings.ws_port)
            log_event("hub", "open", rest=rest, ws=ws)
            if self._opened is not None:
                self._opened(Endpoints(f"http://{LOOPBACK}:{rest}", f"ws://{LOOPBACK}:{ws}"))
            pinging = asyncio.create_task(self._ping())
            try:
                yield
            finally:
                pinging.cancel()
                leaving = [one.close(_GOING_AWAY) for one in self._clients]
                await asyncio.gather(*self._closing, *leaving)
        finally:
            await runner.cleanup()

    def merge(
        self, own: Sequence[RankedRegistration], reserved: int, limit: int, now: float
    ) -> list[RankedRegistration]:
        """Return the registrations of the feed and of all clients."""
        return self._demand.merge(own, reserved, limit, now)

    def forward(self, raw: str, tr_id: str, records: "list[Record]") -> None:
        """Pass on a data frame to the clients that registered one of its codes."""
        codes = dict.fromkeys(record.code for record in records)
        self._frames.apply(tr_id, codes, raw)
        if not self._readers:
            return
        readers: dict[GatewayClient, None] = {}
        for code in codes:
            readers |= dict.fromkeys(self._readers.get((tr_id, code), ()))
        if readers:
            key, framed = (tr_id, *sorted(codes)), text_frame(raw)
            for client in readers:
                client.output.forward(key, framed)

    def poll(self, now: float) -> None:
        """Answer registrations that KIS answered, and those whose answer is overdue."""
        assert self._session is not None
        turn = trading_at(self.clock.now(), self._settings.schedule)
        if turn != self._turn:
            self._turn = turn
            self._frames.clear()
        statuses = self._session.registrations.statuses()
        self._frames.retain(set(self._session.registrations.targets))
        for client in tuple(self._clients):
            for key in self._demand.keys_of(client):
                status = statuses.get(key)
                if status is not None and status.state is RegistrationState.REFUSED:
                    self._refuse(client, key, status.code or "OPSP0007", status.detail)
                elif status is not None and status.state in _HELD:
                    self._acknowledge(client, key)
                elif status is not None and self._has_no_slot(status.state):
                    self._refuse(client, key, "OPSP0008", "")
                elif now >= client.unanswered.get(key, inf):
                    self._answer_overdue(client, key)

    # --- what clients use

    def is_key(self, approval_key: str) -> bool:
        """Return whether an approval key was issued here and is valid."""
        return self.keys.is_valid(approval_key, self.clock.monotonic())

    def register(self, client: GatewayClient, key: RegistrationKey) -> None:
        """Register for a client; KIS' answer is passed on when it comes."""
        assert self._session is not None
        if key in self._demand.keys_of(client):
            client.acknowledge("OPSP0002", key)
        elif not self._demand.register(client, key):
            client.acknowledge("OPSP0008", key)
        else:
            client.unanswered[key] = self.clock.monotonic() + ACK_WITHIN
            self._index(key)
            status = self._session.registrations.statuses().get(key)
            if status is not None and status.state in _HELD:
                self._acknowledge(client, key)
            self._changed()

    def release(self, client: GatewayClient, key: RegistrationKey) -> None:
        """Release for a client; others keep theirs."""
        if self._demand.release(client, key):
            self._index(key)
            client.acknowledge("OPSP0001", key)
            self._changed()
        else:
            client.acknowledge("OPSP0003", key)

    async def attend(self, request: "web.Request") -> "web.StreamResponse":
        """Serve one websocket from its handshake to its end."""
        from aiohttp import web

        socket = web.WebSocketResponse(
            timeout=CLOSE_TIMEOUT, compress=False, max_msg_size=LARGEST_REQUEST
        )
        if not socket.can_prepare(request):
            raise web.HTTPNotFound
        if len(self._clients) >= MOST_CLIENTS:
            raise web.HTTPServiceUnavailable
        await socket.prepare(request)
        transport = request.transport
        if transport is None:
            return socket
        _bound_kernel_buffer(transport)
        name = clean(request.headers.get("User-Agent", ""), 40)
        client = GatewayClient(self, self.clock, socket, transport, name)
        self._clients[client] = None
        log_event("hub", "client", "joined", clients=len(self._clients), name=name)
        try:
            await client.run()
        finally:
            self._leave(client)
        return socket

    # --- inside

    def _leave(self, client: GatewayClient) -> None:
        client.output.close()
        del self._clients[client]
        keys = self._demand.keys_of(client)
        self._demand.leave(client, self.clock.monotonic())
        for key in keys:
            self._index(key)
        dropped = client.output.dropped
        self.dropped += dropped
        log_event("hub", "client", "left", clients=len(self._clients), dropped=dropped)
        self._changed()

    def _index(self, key: RegistrationKey) -> None:
        """Enter who gets the frames of a registration."""
        pair = (key.tr_id, key.code)
        holders = tuple(one for one in self._clients if key in self._demand.keys_of(one))
        if holders:
            self._readers[pair] = holders
        else:
            self._readers.pop(pair, None)

    def _acknowledge(self, client: GatewayClient, key: RegistrationKey) -> None:
        """Acknowledge a registration once, with the last frame that is known of it."""
        if key not in client.unanswered:
            return
        client.acknowledge("OPSP0000", key)
        last = self._frames.find(key)
        if last is not None:
            client.output.forward((key.tr_id, key.code), text_frame(last))

    def _refuse(self, client: GatewayClient, key: RegistrationKey, code: str, detail: str) -> None:
        self._demand.release(client, key)
        self._index(key)
        client.acknowledge(code, key, detail)
        self._changed()

    def _answer_overdue(self, client: GatewayClient, key: RegistrationKey) -> None:
        assert self._session is not None
        link = self._session.connection
        if link.phase in (LinkPhase.OCCUPIED, LinkPhase.FATAL):
            # No session will come of it: the client is told as KIS would tell it.
            occupied = link.phase is LinkPhase.OCCUPIED
            client.acknowledge("OPSP8996" if occupied else "OPSP9994", SESSION)
            client.unanswered.clear()
            closing = asyncio.create_task(client.close(_CLOSED))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
        else:
            self._acknowledge(client, key)

    def _has_no_slot(self, state: RegistrationState) -> bool:
        """Return whether KIS takes fewer registrations than it was thought to."""
        assert self._session is not None
        return state is RegistrationState.NO_SLOT and self._session.connection.is_open

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_EVERY)
            raw = heartbeat(self.clock.now())
            for client in self._clients:
                client.output.answer(raw)


async def _listen(runner: "web.AppRunner", port: int) -> int:
    """Serve on a port of this machine, and return its number.

    Raises:
        UsageError: the port is not available.
    """
    from aiohttp import web

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
    from socket import SO_SNDBUF, SOL_SOCKET

    if (connection := transport.get_extra_info("socket")) is not None:
        connection.setsockopt(SOL_SOCKET, SO_SNDBUF, _SEND_BUFFER)
