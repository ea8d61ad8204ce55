"""The connection of one app key: its approval key, its websocket, and what is sent and read there.

Everything here runs on the feed's loop.  What is to be done is decided by `LinkSession`, without a
socket; this does it.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from app.feed.dial_file import KeptBudget
from app.feed.events import (
    Abort,
    CloseSocket,
    DialSocket,
    Effect,
    IssueKey,
    KeyIssued,
    LinkEvent,
    PingPongReceived,
    SendControl,
    SocketClosed,
    SocketOpened,
)
from app.feed.feed_settings import AppKey, FeedSettings
from app.feed.paced_reading import PacedReading
from app.feed.sender import Sender, close, send
from app.feed.session import LinkSession
from app.system.clock import Clock
from app.system.secret import Secret
from specs.control import Ack

if TYPE_CHECKING:
    import aiohttp

    from app.feed.socket import Socket

CLOSE_TIMEOUT = 3.0
LOCK_EVERY = 1.0
"""Seconds between two tries to get the lock of a key that another kis-tui has."""


class LinkHost(Protocol):
    """The part of the feed that the connection of a key uses."""

    tasks: asyncio.TaskGroup
    http: "aiohttp.ClientSession"

    @property
    def is_paced(self) -> bool:
        """Whether reading waits after data."""

    @property
    def last_data(self) -> float:
        """Return the arrival of the last record of any registration; monotonic seconds."""

    def record_message(self, data: object, now: float) -> None:
        """Keep a message of the websocket, where there is a recorder."""

    def accept(self, data: object, now: float) -> str | Ack | None:
        """Read a message; return a text to be sent back, or an answer to be entered."""

    def update_known(self) -> None:
        """Look up again which registrations exist: a socket opened, or KIS answered."""

    def notify(self) -> None:
        """Look at the state of the connection, which may be another one."""


class KeyLink:
    """Drives the session of one app key; `draw` gives the random part of waits."""

    def __init__(
        self,
        key: AppKey,
        settings: FeedSettings,
        clock: Clock,
        host: LinkHost,
        draw: Callable[[], float],
    ) -> None:
        self.name = key.credentials.profile
        self._settings = replace(settings, credentials=key.credentials)
        self._clock = clock
        self._host = host
        self._dials = KeptBudget(key.dials)
        profile = self.name if settings.more_keys else ""
        self.session = LinkSession(draw, settings.limit, self._dials.budget, key.lived_at, profile)
        self.sender = Sender(settings.customer)
        self._lock = key.lock
        self.is_ours = key.lock is None
        self._lock_at = float("-inf")
        self.last_message = float("-inf")
        """Arrival of its last message of any kind; monotonic seconds."""
        self.last_data = float("-inf")
        """Arrival of its last record of a registration."""
        self._issuing: asyncio.Task[None] | None = None
        self._dialled: asyncio.Task[None] | None = None

    def acquire_lock(self, now: float) -> bool:
        """Try to get the key's lock from time to time; return whether it is got just now."""
        if self._lock is None or self.is_ours or now < self._lock_at + LOCK_EVERY:
            return False
        self._lock_at = now
        self.is_ours = self._lock.try_acquire()
        return self.is_ours

    def event(self, event: LinkEvent) -> None:
        """Something happened to the connection."""
        self.perform(self.session.event(event, self._clock.monotonic()))

    def perform(self, effects: Iterable[Effect]) -> None:
        """Do what the session decided."""
        tasks = self._host.tasks
        for effect in effects:
            match effect:
                case SendControl():
                    self.sender.enqueue(effect)
                case IssueKey():
                    self._issuing = tasks.create_task(self._issue_key())
                case DialSocket(epoch):
                    self._dialled = tasks.create_task(self._run_session(epoch))
                case Abort() if self._dialled is not None:
                    self._dialled.cancel()
                case CloseSocket() if self.sender.socket is not None:
                    tasks.create_task(close(self.sender.socket, CLOSE_TIMEOUT))
        self._dials.update(self.session.connection.budget)
        self._host.notify()

    def cancel(self) -> None:
        """Wait for no approval key any more."""
        if self._issuing is not None:
            self._issuing.cancel()

    async def _issue_key(self) -> None:
        from app.feed.approval import issue_key

        issued = await issue_key(self._host.http, self._settings, self._clock.now())
        if isinstance(issued, Secret):
            self.sender.approval_key = issued
            self.event(KeyIssued())
        else:
            self.event(issued)

    async def _run_session(self, epoch: int) -> None:
        import aiohttp

        from app.feed.socket import asked_wait, dial, explain, is_local

        try:
            socket = await dial(self._host.http, self._settings.endpoints.ws)
        except (OSError, aiohttp.ClientError, TimeoutError) as error:
            wait = asked_wait(error, self._clock.now())
            self.event(SocketClosed(explain(error), is_local(error), wait))
            return
        self.sender.attach(socket)
        self._host.update_known()
        self.event(SocketOpened())
        link = self.session.connection
        try:
            is_used = link.epoch == epoch and link.is_open
            reason = await self._read(socket) if is_used else "1000"
        finally:
            self.sender.detach(socket)
            await close(socket, CLOSE_TIMEOUT)
        self.event(SocketClosed(reason))

    async def _read(self, socket: "Socket") -> str:
        """Read until the socket ends; why it ended."""
        from aiohttp import WSMsgType

        from app.feed.socket import data_of, transport_of

        pace = PacedReading(transport_of(socket), self._settings.pause)
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    return str(socket.close_code or "error")
                await self._accept(socket, data_of(message), pace)
        finally:
            pace.close()
        return str(socket.close_code or "reset")

    async def _accept(self, socket: "Socket", data: object, pace: PacedReading) -> None:
        host = self._host
        self.last_message = now = self._clock.monotonic()
        host.record_message(data, now)
        said = host.accept(data, now)
        if isinstance(said, str):
            await send(socket, said)
            self.event(PingPongReceived())
            pace.pingpong_received(now)
        elif said is not None:
            self.perform(self.session.answer(said, now))
            host.update_known()
        else:
            if host.last_data == now:
                self.last_data = now
            if host.is_paced:
                pace.data_received(now)
