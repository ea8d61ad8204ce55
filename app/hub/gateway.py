"""The gateway: KIS' approval and websocket on loopback, of the one session that a feed has.

All of it runs on the feed's loop, beside the feed, which calls it as `SessionSharing`.  Clients are
other programs of this machine: any that speak KIS' protocol, which get an approval key for the same
app key and secret, register market data, and are sent KIS' own frames byte for byte; and other
kis-tui (`app.hub.screen_client`), which know that a registration may wait for a slot.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from hmac import compare_digest
from math import inf
from typing import TYPE_CHECKING

from app.feed.batch import Sharer
from app.feed.demand import RankedRegistration
from app.feed.phase import LinkPhase
from app.feed.registration_state import RegistrationKey, RegistrationState
from app.feed.rest.rest_demand import RestDemand
from app.feed.rest.rest_events import RestEvent
from app.feed.session_sharing import SharedFeed
from app.hub.client_demand import ClientDemand
from app.hub.client_output import text_frame
from app.hub.gateway_client import GatewayClient, ping
from app.hub.gateway_settings import GatewaySettings as GatewaySettings
from app.hub.issued_keys import IssuedKeys
from app.hub.kis_answers import SESSION
from app.hub.screen_client import ScreenClient, hand_over, screens_among
from app.hub.screen_messages import ScreenRequest
from app.hub.session_records import SessionRecords
from app.hub.session_sharers import find_sharers
from app.storage.credentials import Endpoints
from app.system.clock import Clock
from app.system.errors import KisTuiError
from app.system.event_log import log_event

if TYPE_CHECKING:
    from app.feed.trade_lane import LaneRecords
    from specs.record import Record

UPDATE_EVERY = 0.25
"""Seconds between two looks whether a joined kis-tui is due a state."""

ACK_WITHIN = 3.0
"""Seconds after which a registration is acknowledged although KIS has not answered it yet: it is
wanted from then on, and registered as soon as there is a connection."""

_CLOSED = 1000
_HELD = frozenset((RegistrationState.ACTIVE, RegistrationState.UNCONFIRMED))


class Gateway:
    """Serves one session to many clients; implements `app.feed.session_sharing`."""

    def __init__(
        self,
        settings: GatewaySettings,
        clock: Clock,
        opened: Callable[[Endpoints], None] | None = None,
    ) -> None:
        """`opened` is called with the addresses once they are served."""
        self.settings = settings
        self.clock = clock
        self._opened = opened
        self.keys = IssuedKeys(settings.credentials, *settings.more_credentials)
        self.demand = ClientDemand()
        self.remote: Callable[[], tuple[Sharer, ...]] = tuple
        """Returns those who share the session and are no clients of the gateway."""
        self._records = settings.records or SessionRecords(settings.schedule)
        self._frames, self.memory = self._records.frames, self._records.memory
        self._clients: dict[GatewayClient | ScreenClient, None] = {}
        self._readers: dict[tuple[str, str], tuple[GatewayClient | ScreenClient, ...]] = {}
        self._feed: SharedFeed
        self._arrived = asyncio.Event()
        self._closing: set[asyncio.Task[None]] = set()
        self.dropped = 0
        """Data frames that clients which did not read were never sent; of those that left."""

    @property
    def clients(self) -> tuple[GatewayClient | ScreenClient, ...]:
        """The clients that are connected, in the order in which they came."""
        return tuple(self._clients)

    def registered(self, client: GatewayClient | ScreenClient) -> tuple[RegistrationKey, ...]:
        """Return what a client was granted, or wants if it is a joined kis-tui."""
        return self.demand.keys_of(client)

    # --- what the feed uses

    @property
    def has_clients(self) -> bool:
        """Whether a client is connected."""
        return bool(self._clients)

    @property
    def sharers(self) -> tuple[Sharer, ...]:
        """The clients with what they have registered."""
        return self._sharers_without(None) if self._clients else self.remote()

    @asynccontextmanager
    async def serve(self, feed: SharedFeed) -> AsyncIterator[None]:
        """Serve clients while the block runs.

        Raises:
            UsageError: a port is not available.
        """
        from app.hub.gateway_server import listening

        self._feed = feed
        async with listening(self) as addresses:
            self._announce(addresses)
            if self._opened is not None:
                self._opened(addresses)
            beats = [asyncio.create_task(one) for one in (ping(self), self._update_screens())]
            try:
                yield
            finally:
                if self.settings.file is not None:
                    # Before the clients are closed: they look for the next owner at once.
                    self.settings.file.delete()
                for beat in beats:
                    beat.cancel()
                await asyncio.gather(*self._closing)

    def merge(
        self, own: Sequence[RankedRegistration], reserved: int, limit: int, now: float
    ) -> list[RankedRegistration]:
        """Return the registrations of the feed and of all clients."""
        return self.demand.merge(own, reserved, limit, now)

    def forward(self, raw: str, tr_id: str, records: "list[Record]") -> None:
        """Pass on a data frame to the clients that registered one of its codes."""
        codes = dict.fromkeys(record.code for record in records)
        self._frames.apply(tr_id, codes, raw)
        if not self._readers:
            return
        readers: dict[GatewayClient | ScreenClient, None] = {}
        for code in codes:
            readers |= dict.fromkeys(self._readers.get((tr_id, code), ()))
        if readers:
            key, framed = (tr_id, *sorted(codes)), text_frame(raw)
            for client in readers:
                client.output.forward(key, framed)

    def remember(self, records: "LaneRecords") -> None:
        """Keep trades and indications for kis-tui that join later."""
        self.memory.apply(records)

    @property
    def rest_demands(self) -> tuple[RestDemand, ...]:
        """What joined kis-tui ask of REST."""
        return tuple(screen.rest for screen in screens_among(self._clients))

    def hand_over(self, event: RestEvent) -> None:
        """Pass on a result of REST to the kis-tui that ask for it."""
        hand_over(event, screens_among(self._clients))

    def recall(self, code: str) -> bytes:
        """Return what is known of a code for `app.hub.trade_memory.read_memory`."""
        return self._records.encode(code, self._feed.rest.remembered(code))

    def poll(self, now: float) -> None:
        """Answer registrations that KIS answered, and those whose answer is overdue."""
        registrations = self._feed.session.registrations
        statuses = registrations.statuses()
        link, is_open = self._feed.link(), self._feed.session.connection.is_open
        self._records.poll(self.clock.now(), set(registrations.targets), link.phase)
        for client in self.clients:
            if isinstance(client, ScreenClient):
                client.update(link, self._sharers_without(client), statuses, now)
                continue
            for key in self.demand.keys_of(client):
                status = statuses.get(key)
                if status is not None and status.state is RegistrationState.REFUSED:
                    self._refuse(client, key, status.code or "OPSP0007", status.detail)
                elif status is not None and status.state in _HELD:
                    self._acknowledge(client, key)
                elif status is not None and is_open and status.state is RegistrationState.NO_SLOT:
                    # KIS takes fewer registrations than it was thought to.
                    self._refuse(client, key, "OPSP0008", "")
                elif now >= client.unanswered.get(key, inf):
                    self._answer_overdue(client, key)

    # --- what clients use

    def is_key(self, approval_key: str) -> bool:
        """Return whether an approval key was issued here and is valid."""
        return self.keys.is_valid(approval_key, self.clock.monotonic())

    def is_token(self, token: str) -> bool:
        """Return whether a kis-tui that joins has read the owner's file."""
        file = self.settings.file
        return file is not None and bool(file.token) and compare_digest(token, file.token)

    def register(self, client: GatewayClient, key: RegistrationKey) -> None:
        """Register for a client; KIS' answer is passed on when it comes."""
        if key in self.demand.keys_of(client):
            client.acknowledge("OPSP0002", key)
        elif not self.demand.register(client, key):
            client.acknowledge("OPSP0008", key)
        else:
            client.unanswered[key] = self.clock.monotonic() + ACK_WITHIN
            self._index((key,))
            status = self._feed.session.registrations.statuses().get(key)
            if status is not None and status.state in _HELD:
                self._acknowledge(client, key)
            self._feed.changed()

    def release(self, client: GatewayClient, key: RegistrationKey) -> None:
        """Release for a client; others keep theirs."""
        if self.demand.release(client, key):
            self._index((key,))
            client.acknowledge("OPSP0001", key)
            self._feed.changed()
        else:
            client.acknowledge("OPSP0003", key)

    def request(self, screen: ScreenClient, request: ScreenRequest) -> None:
        """Register what a joined kis-tui wants, and send it the last records of what is new."""
        if request.retry:
            self._feed.retry()
        screen.ask_rest(request.rest_demand(self._feed.reader), self._feed.rest.trouble)
        before, ranked = screen.wanted, request.ranked()
        screen.wanted = tuple(want.key for want in ranked)
        self.demand.update_screen(screen, ranked, max(0, request.reserved))
        self._index({*before, *screen.wanted})
        for key in screen.wanted:
            if key not in before and (last := self._frames.find(key)) is not None:
                screen.output.forward((key.tr_id, key.code), text_frame(last))
        self._feed.changed()

    @contextlib.contextmanager
    def connected(self, client: GatewayClient | ScreenClient) -> Iterator[None]:
        """Have a client while the block runs."""
        self._clients[client] = None
        self._arrived.set()
        log_event("hub", "client", "joined", clients=len(self._clients), name=client.name)
        try:
            yield
        finally:
            self._leave(client)

    # --- inside

    def _sharers_without(self, screen: ScreenClient | None) -> tuple[Sharer, ...]:
        statuses = self._feed.session.registrations.statuses()
        return (*find_sharers(self.clients, self.demand, statuses, screen), *self.remote())

    def _announce(self, addresses: Endpoints) -> None:
        """Have other kis-tui find the gateway; without a file they do not."""
        if self.settings.file is not None:
            try:
                self.settings.file.save(addresses)
            except KisTuiError as error:
                log_event("hub", "file", "unwritable", level=logging.WARNING, error=error)

    def _leave(self, client: GatewayClient | ScreenClient) -> None:
        client.output.close()
        del self._clients[client]
        keys = self.demand.keys_of(client)
        self.demand.leave(client, self.clock.monotonic())
        self._index(keys)
        dropped = client.output.dropped
        self.dropped += dropped
        log_event("hub", "client", "left", clients=len(self._clients), dropped=dropped)
        self._feed.changed()

    def _index(self, keys: Iterable[RegistrationKey]) -> None:
        """Enter who gets the frames of registrations."""
        for key in keys:
            holders = tuple(one for one in self._clients if key in self.demand.keys_of(one))
            if holders:
                self._readers[key.tr_id, key.code] = holders
            else:
                self._readers.pop((key.tr_id, key.code), None)

    def _acknowledge(self, client: GatewayClient, key: RegistrationKey) -> None:
        """Acknowledge a registration once, with the last frame that is known of it."""
        if key not in client.unanswered:
            return
        client.acknowledge("OPSP0000", key)
        last = self._frames.find(key)
        if last is not None:
            client.output.forward((key.tr_id, key.code), text_frame(last))

    def _refuse(self, client: GatewayClient, key: RegistrationKey, code: str, detail: str) -> None:
        self.demand.release(client, key)
        self._index((key,))
        client.acknowledge(code, key, detail)
        self._feed.changed()

    def _answer_overdue(self, client: GatewayClient, key: RegistrationKey) -> None:
        from app.hub.gateway_server import close_client

        phase = self._feed.session.connection.phase
        if phase in (LinkPhase.OCCUPIED, LinkPhase.FATAL):
            # No session will come of it: the client gets KIS' answer to such a session.
            client.acknowledge("OPSP8996" if phase is LinkPhase.OCCUPIED else "OPSP9994", SESSION)
            client.unanswered.clear()
            closing = asyncio.create_task(close_client(client, _CLOSED))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
        else:
            self._acknowledge(client, key)

    async def _update_screens(self) -> None:
        while True:
            await asyncio.sleep(UPDATE_EVERY)
            screens = screens_among(self._clients)
            if not screens:
                self._arrived.clear()
                await self._arrived.wait()
            else:
                statuses = self._feed.session.registrations.statuses()
                link, now = self._feed.link(), self.clock.monotonic()
                for screen in screens:
                    screen.update(link, self._sharers_without(screen), statuses, now)
