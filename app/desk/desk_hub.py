"""The hub's side of a desk: one connection after another, each beginning with the present."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec
import zstandard

from app.desk.desk_address import DeskAddress
from app.desk.desk_messages import (
    DEMAND,
    MEMORY,
    STATE,
    DeskRequest,
    raw_subject,
    read_desk_request,
)
from app.desk.desk_session import DeskSession
from app.desk.key_lease import RENEW_EVERY, STANDS_BACK, KeyLease
from app.desk.nats_connection import RETRY_EVERY, NatsConnection, Unreachable, connected
from app.desk.record_streams import NoJetStream, make_frame_streams, make_lease_stream, purge_last
from app.hub.client_requests import CODE
from app.hub.screen_messages import encode_message
from app.system.clock import Clock
from app.system.event_log import log_event

if TYPE_CHECKING:
    from nats.aio.msg import Msg

    AcceptMessage = Callable[[Msg], Awaitable[None]]

_MARGIN = 4096
"""Bytes of a message that its headers may take."""


class DeskHub:
    """Publishes a session while it has the lease of the app key."""

    def __init__(
        self, session: DeskSession, clock: Clock, report: Callable[[str, str], None]
    ) -> None:
        """`report` is called with a change of `status`, a word, and the server's URL."""
        self._session = session
        self._clock = clock
        self._report = report
        self._lease = KeyLease(session.hub, session.publisher.epoch)
        self._stood_by = self._is_ended = False
        self._ending = asyncio.Event()
        self._requests: set[asyncio.Task[None]] = set()
        self.owned = asyncio.Event()
        """Set once this hub may dial."""
        self.lost = asyncio.Event()
        """Set when another hub has got the lease since."""
        self.status = ""
        """``published``, ``unreachable``, ``standing_by``; empty before the first connection."""

    async def run(self, address: DeskAddress) -> None:
        """Connect and stay connected until cancelled, or until the lease is lost.

        Raises:
            CredentialsError: the server refuses the credentials.
            UsageError: nats-py is not installed, or the server does not encrypt.
        """
        while not (self.lost.is_set() or self._is_ended):
            missing = "unreachable"
            try:
                async with connected(address, "kis-tui hub", self._clock) as connection:
                    await self._serve(connection, address)
            except Unreachable as error:
                log_event("desk", "unreachable", why=str(error))
                missing = "no_jetstream" if isinstance(error, NoJetStream) else "unreachable"
            finally:
                self._session.publisher.close()
            if not self._is_ended:
                self._note(missing, address)
                await asyncio.sleep(RETRY_EVERY)

    def end(self) -> None:
        """Give the lease back and let `run` return: the session has been closed."""
        self._is_ended = True
        self._ending.set()

    async def _serve(self, connection: NatsConnection, address: DeskAddress) -> None:
        await make_lease_stream(connection)
        if not await self._acquire(connection, address):
            return
        await make_frame_streams(connection)
        await connection.subscribe(DEMAND, self._accept_request(connection))
        await connection.subscribe(MEMORY, self._accept_memory(connection))
        self.owned.set()
        self._note("published", address)
        tasks = [
            asyncio.create_task(one)
            for one in (
                self._publish_frames(connection),
                self._publish_states(connection),
                self._renew(connection),
            )
        ]
        ends = [asyncio.create_task(one.wait()) for one in (connection.closed, self._ending)]
        try:
            await asyncio.wait([*tasks, *ends], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*tasks, *ends, *self._requests):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self._is_ended and connection.is_answering:
                with contextlib.suppress(Unreachable):
                    await self._lease.release(connection)

    async def _acquire(self, connection: NatsConnection, address: DeskAddress) -> bool:
        """Wait for the lease; return False if the connection ended before."""
        if self._stood_by and not self.owned.is_set():
            await asyncio.sleep(STANDS_BACK)
        while not connection.closed.is_set():
            if await self._lease.renew(connection):
                return True
            if self.owned.is_set():
                self.lost.set()
                return False
            self._stood_by = True
            self._note("standing_by", address)
            await asyncio.sleep(RENEW_EVERY)
        return False

    def _note(self, status: str, address: DeskAddress) -> None:
        if status != self.status and not self.lost.is_set():
            self.status = status
            self._report(status, address.url)

    async def _renew(self, connection: NatsConnection) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY)
            with contextlib.suppress(Unreachable):
                if not await self._lease.renew(connection):
                    self.lost.set()
                    return

    async def _publish_frames(self, connection: NatsConnection) -> None:
        """Publish frames while the server answers; begin with the newest ones after a pause."""
        publisher, is_open = self._session.publisher, False
        while True:
            if connection.is_answering is not is_open:
                is_open = connection.is_answering
                if is_open:
                    publisher.open()
                else:
                    publisher.close()
            await publisher.send(connection)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RETRY_EVERY):
                    await publisher.arrived.wait()

    async def _publish_states(self, connection: NatsConnection) -> None:
        session = self._session
        while True:
            released, session.released = session.released, []
            for key in released:
                with contextlib.suppress(Unreachable):
                    await purge_last(connection, raw_subject(key))
            if connection.is_answering:
                stamp, body = session.publisher.stamp(), encode_message(session.state())
                await connection.publish(f"{STATE}.{session.hub}", body.encode(), stamp.headers())
            session.state_changed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await session.state_changed.wait()

    def _accept_request(self, connection: NatsConnection) -> "AcceptMessage":
        async def accept(message: "Msg") -> None:
            request = read_desk_request(message.data)
            if request is not None and request.hub in ("", self._session.hub) and message.reply:
                task = asyncio.create_task(self._answer(connection, request, message.reply))
                self._requests.add(task)
                task.add_done_callback(self._requests.discard)

        return accept

    async def _answer(self, connection: NatsConnection, request: DeskRequest, reply: str) -> None:
        answer = await self._session.request(request)
        stamp = self._session.publisher.stamp()
        await connection.publish(reply, msgspec.json.encode(answer), stamp.headers())

    def _accept_memory(self, connection: NatsConnection) -> "AcceptMessage":
        async def accept(message: "Msg") -> None:
            code = message.data.decode("ascii", "replace")
            if CODE.fullmatch(code) and message.reply:
                body = self._session.gateway.recall(code)
                packed = zstandard.compress(body)
                fits = len(packed) < connection.largest_message - _MARGIN
                await connection.publish(message.reply, packed if fits else b"")

        return accept
