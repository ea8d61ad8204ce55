"""One connection to a NATS server, from the handshake to its end.

The client library would reconnect by itself and then send what was meant for an earlier moment.
Here a connection that ends is over: whoever used it begins again with the present.
"""

import asyncio
import contextlib
import logging
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from socket import gaierror
from typing import TYPE_CHECKING

from app.desk.desk_address import DeskAddress
from app.system.clock import Clock
from app.system.errors import CredentialsError, UsageError
from app.system.event_log import log_event
from specs.clean import clean
from specs.user_message import UserMessage

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

CONNECT_TIMEOUT = 2.0
PING_EVERY = 0.5
ANSWERS_WITHIN = 1.5
"""Seconds without an answer of the server after which nothing more is sent to it: what it got then
it would pass on late."""

GIVEN_UP_AFTER = 3
"""Seconds without an answer after which the connection is given up for another one."""

CLOSE_TIMEOUT = 1.0
RETRY_EVERY = 0.25
REQUEST_TIMEOUT = 2.0


class Unreachable(Exception):
    """There is no connection to the server, or no answer; its text says why."""


class Unanswered(Unreachable):
    """Nobody listens to the subject of a request."""


class NatsConnection:
    """A connection; `closed` is set when it has ended."""

    def __init__(self, client: "Client", clock: Clock) -> None:
        self.client = client
        self.closed = asyncio.Event()
        self._clock = clock
        self._answered_at = clock.monotonic()

    @property
    def is_answering(self) -> bool:
        """Whether the server answered lately."""
        silent = self._clock.monotonic() - self._answered_at
        return not self.closed.is_set() and silent < ANSWERS_WITHIN

    @property
    def largest_message(self) -> int:
        """Bytes of the largest message that the server takes."""
        return int(self.client.max_payload)

    async def publish(
        self, subject: str, payload: bytes, headers: dict[str, str] | None = None, reply: str = ""
    ) -> None:
        """Send a message; a connection that has ended is noticed by `closed`."""
        from nats.errors import Error

        with contextlib.suppress(Error, OSError):
            await self.client.publish(subject, payload, reply, headers)
        if not self.client.is_connected:
            self.closed.set()

    async def request(
        self,
        subject: str,
        payload: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> "Msg":
        """Return the answer to a request.

        Raises:
            Unreachable: there is none.
        """
        from nats.errors import Error, NoRespondersError

        try:
            return await self.client.request(subject, payload, REQUEST_TIMEOUT, headers=headers)
        except NoRespondersError as error:
            raise Unanswered(subject) from error
        except (Error, OSError, TimeoutError) as error:
            raise Unreachable(f"{subject}: {error}") from error

    async def subscribe(self, subject: str, accept: Callable[["Msg"], Awaitable[None]]) -> object:
        """Have a function get the messages of a subject; return what `unsubscribe` takes.

        Raises:
            Unreachable: the connection has ended.
        """
        from nats.errors import Error

        try:
            return await self.client.subscribe(subject, cb=accept)
        except (Error, OSError) as error:
            raise Unreachable(str(error)) from error

    async def unsubscribe(self, subscription: object) -> None:
        """Get no more messages of a subscription."""
        from nats.aio.subscription import Subscription
        from nats.errors import Error

        assert isinstance(subscription, Subscription)
        with contextlib.suppress(Error, OSError):
            await subscription.unsubscribe()

    async def watch(self) -> None:
        """Ask the server for an answer twice a second, and end the connection without any."""
        from nats.errors import Error

        with contextlib.suppress(Error, OSError, TimeoutError):
            while self.client.is_connected:
                await self.client.flush(GIVEN_UP_AFTER)
                self._answered_at = self._clock.monotonic()
                await asyncio.sleep(PING_EVERY)
        self.closed.set()


@asynccontextmanager
async def connected(address: DeskAddress, name: str, clock: Clock) -> AsyncIterator[NatsConnection]:
    """Have a connection while the block runs; `name` is shown by the server's monitoring.

    Raises:
        Unreachable: there is no connection to be had now.
        CredentialsError: the server refuses the credentials.
        UsageError: nats-py is not installed, or the server does not encrypt.
    """
    client, was_connected = _client(), False
    from nats.errors import UnexpectedEOF

    connection = NatsConnection(client, clock)
    plain: list[UsageError] = []
    errors: deque[Exception] = deque(maxlen=8)

    def reveal(text: str) -> str:
        # Called when the login is written: nothing secret goes to a server without TLS.
        offers_tls = client._server_info.get("tls_required")
        if address.url.startswith("tls:") and not offers_tls:
            plain.append(UsageError("desk.plain_server", url=address.url))
            raise ConnectionError("no TLS")
        return text

    async def on_closed() -> None:
        connection.closed.set()

    async def on_error(error: Exception) -> None:
        errors.append(error)
        # An error while the library closes a connection keeps it from calling `closed_cb`.
        if was_connected and isinstance(error, UnexpectedEOF):
            connection.closed.set()
        log_event("desk", "error", level=logging.WARNING, why=clean(str(error), 200))

    login: dict[str, object] = {}
    if address.token is not None:
        login["token"] = _revealing(reveal, address.token.reveal())
    elif address.password is not None:
        login["user"] = address.user
        login["password"] = _revealing(reveal, address.password.reveal())
    tls = address.tls()
    try:
        async with asyncio.timeout(2 * CONNECT_TIMEOUT):
            await client.connect(
                address.url,
                name=name,
                allow_reconnect=False,
                # Whoever uses the connection tries again; here one try is enough.
                max_reconnect_attempts=1,
                reconnect_time_wait=0,
                connect_timeout=CONNECT_TIMEOUT,  # type: ignore[arg-type]
                ping_interval=3600,
                closed_cb=on_closed,
                disconnected_cb=on_closed,
                error_cb=on_error,
                tls=tls,
                **login,  # type: ignore[arg-type]
            )
    except (Exception, TimeoutError) as error:
        # A handshake that failed may leave a socket whose end nobody reports.
        _discard_unsent(client)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(CLOSE_TIMEOUT):
                await client.close()
        if plain:
            raise plain[0] from error
        # "No servers available" says nothing of why, nor does a pipe that a refusal broke.
        reasons = [*errors] or [error]
        said = next(filter(_is_refusal, reasons), reasons[-1])
        raise _explained(said, address) from error
    was_connected = True
    log_event("desk", "connected", url=address.url)
    watching = asyncio.create_task(connection.watch())
    try:
        yield connection
    finally:
        watching.cancel()
        if not connection.is_answering:
            _discard_unsent(client)
        connection.closed.set()
        with contextlib.suppress(Exception):
            async with asyncio.timeout(CLOSE_TIMEOUT):
                await client.close()
        log_event("desk", "disconnected", url=address.url)


def _discard_unsent(client: "Client") -> None:
    """Reset the connection: a server that stood still would pass on later what is in its socket."""
    writer = getattr(client._transport, "_io_writer", None)
    if isinstance(writer, asyncio.StreamWriter):
        writer.transport.abort()


def require_client() -> None:
    """Check that the client library is installed.

    Raises:
        UsageError: it is not.
    """
    _client()


def _client() -> "Client":
    try:
        from nats.aio.client import Client
    except ModuleNotFoundError as error:
        raise UsageError("desk.not_installed", hint=UserMessage("desk.extra_hint")) from error
    return Client()


def _revealing(reveal: Callable[[str], str], text: str) -> Callable[[], str]:
    return lambda: reveal(text)


def _explained(error: BaseException, address: DeskAddress) -> Exception:
    if _is_refusal(error):
        return CredentialsError("desk.refused", url=address.url)
    return Unreachable(_word(error))


def _is_refusal(error: BaseException) -> bool:
    text = str(error).lower()
    return "authorization" in text or "authentication" in text


def _word(error: BaseException) -> str:
    """Return why there is no connection: a word of the catalogue (`why.…`), or the error's text."""
    match error:
        case ssl.SSLCertVerificationError():
            return "certificate"
        case ssl.SSLError():
            return "tls"
        case gaierror():
            return "dns"
        case TimeoutError():
            return "no_answer"
        case ConnectionRefusedError():
            return "unreachable"
        case ConnectionResetError():
            return "reset"
    return clean(str(error) or type(error).__name__, 120)
