"""The websocket: aiohttp's client, bounded, with PINGPONG answered before anything else happens."""

import asyncio
import ssl
from datetime import datetime
from errno import ENETDOWN, ENETUNREACH
from typing import Literal

import aiohttp
from aiohttp import WSMessage
from aiohttp.http import WSMessageTextBytes

from app.feed.retry_after import retry_after

Socket = aiohttp.ClientWebSocketResponse[Literal[False]]

_UNREACHABLE = (ENETDOWN, ENETUNREACH)

LARGEST_FRAME = 512 * 1024
DIAL_TIMEOUT = 10.0
CLOSE_TIMEOUT = 2.0
_CHUNK = 16 * 1024


def client() -> aiohttp.ClientSession:
    """Return a client without cookies, without a proxy of the environment and without redirects.

    aiohttp's websocket handshake follows redirects without a way to say no; the approval key must
    not be sent on to whoever answers.
    """
    trace = aiohttp.TraceConfig()
    trace.on_request_redirect.append(_refuse_redirect)
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trace_configs=[trace])


async def _refuse_redirect(
    session: aiohttp.ClientSession,
    context: object,
    params: aiohttp.TraceRequestRedirectParams,
) -> None:
    answer = params.response
    raise aiohttp.TooManyRedirects(answer.request_info, (answer,), status=answer.status)


def data_of(message: WSMessage | WSMessageTextBytes) -> object:
    """Return the text of a text frame, or its bytes as they came where they are not UTF-8."""
    if message.type is not aiohttp.WSMsgType.TEXT:
        return message.data
    try:
        return message.data.decode()
    except UnicodeDecodeError:
        return message.data


async def dial(session: aiohttp.ClientSession, url: str) -> Socket:
    """Open the websocket, whose text frames come as bytes.

    KIS' server treats control-frame keepalives with suspicion, so none are sent; its own pings are
    answered by aiohttp.

    Raises:
        OSError, aiohttp.ClientError, TimeoutError: it did not open.
    """
    async with asyncio.timeout(DIAL_TIMEOUT):
        return await session.ws_connect(
            url,
            heartbeat=None,
            autoping=True,
            max_msg_size=LARGEST_FRAME,
            # aiohttp ends the session over one text that is not UTF-8.
            decode_text=False,
            timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_TIMEOUT),
        )


def transport_of(socket: Socket) -> asyncio.Transport | None:
    """Return the transport of an open websocket, or None if it has been lost."""
    # aiohttp has no public way to it: `get_extra_info` knows the operating system's socket only.
    connection = socket._response.connection
    transport = connection.transport if connection is not None else None
    return transport if isinstance(transport, asyncio.Transport) else None


async def read_bounded(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The body of an answer; of one that is longer than `limit` a little more than that."""
    content = bytearray()
    # One read gives what has arrived, not what there is.
    while len(content) <= limit and (chunk := await response.content.read(_CHUNK)):
        content += chunk
    return bytes(content)


_CERTIFICATE_FAULTS = {
    9: "certificate_early",
    10: "certificate_expired",
    18: "certificate_issuer",
    19: "certificate_issuer",
    20: "certificate_issuer",
    21: "certificate_issuer",
    62: "certificate_host",
    64: "certificate_host",
}
"""OpenSSL's X509_V_ERR numbers: not yet valid, expired, self-signed or of an unknown issuer, and
made out to another host."""


def explain(error: BaseException) -> str:
    """Return why a dial failed: a word of the catalogue (`why.…`), or the answer's status."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            number = getattr(error.certificate_error, "verify_code", 0)
            return _CERTIFICATE_FAULTS.get(number, "certificate")
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return "tls"
        case aiohttp.ClientConnectorDNSError():
            return "dns"
        case TimeoutError():
            return "timeout"
        case aiohttp.WSServerHandshakeError() | aiohttp.TooManyRedirects():
            return f"HTTP {error.status}"
        case ConnectionRefusedError() | aiohttp.ClientConnectorError():
            return "unreachable"
        case ConnectionResetError():
            return "reset"
    return "error"


def is_certificate(error: BaseException) -> bool:
    """Return whether a call failed because the server's certificate is wrong."""
    return isinstance(error, aiohttp.ClientConnectorCertificateError)


def asked_wait(error: BaseException, now: datetime) -> float:
    """Return the seconds that a server which refused the handshake asked to wait; 0 if none."""
    if isinstance(error, aiohttp.WSServerHandshakeError) and error.headers is not None:
        return retry_after(error.status, error.headers, now)
    return 0.0


def is_local(error: BaseException) -> bool:
    """Whether a dial failed on this side of the network, before anything reached the server."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return True
    reason = getattr(error, "os_error", error)
    return isinstance(reason, OSError) and reason.errno in _UNREACHABLE
