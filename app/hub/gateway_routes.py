"""The routes of the gateway: what is served, to whom, and how everything else is refused.

A web page can call 127.0.0.1, too: a request that names another origin or another host (DNS
rebinding) is refused before anything is read of it.  A client library may name the gateway itself
as its origin, as ``websocket-client`` does.
"""

from typing import Protocol
from urllib.parse import urlsplit

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from app.hub.issued_keys import IssuedKeys, RefusedApproval
from app.hub.kis_answers import call_refusal, oauth_refusal
from app.hub.screen_messages import MEMORY_PATH, PATH, PREFIX, TOKEN
from app.system.clock import Clock

APPROVAL = "/oauth2/Approval"
LARGEST_BODY = 16 * 1024
_HOSTS = frozenset(("127.0.0.1", "localhost"))
_REFUSED = 403
_JSON = "application/json"
"""The media type of every answer."""


class RoutedGateway(Protocol):
    """The part of the gateway that its routes use."""

    keys: IssuedKeys
    clock: Clock

    def is_token(self, token: str) -> bool:
        """Return whether a kis-tui that joins has read the owner's file."""

    def recall(self, code: str) -> bytes:
        """Return what is known of a code."""


class Attendant(Protocol):
    """Serves one websocket from its handshake to its end."""

    async def __call__(self, request: web.Request, *, joins: bool) -> web.StreamResponse:
        """Serve a client of KIS' protocol, or a kis-tui that joins."""


def application(gateway: RoutedGateway, attend: Attendant) -> web.Application:
    """Return the web application of a gateway.

    Every path is the websocket's, as at KIS, but for that of other kis-tui.
    """
    served = web.Application(middlewares=[_refuse_strangers], client_max_size=LARGEST_BODY)

    async def approve(request: web.Request) -> web.Response:
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _answer(oauth_refusal("EGW00101"), _REFUSED)
        kind = request.headers.get("Content-Type", "")
        try:
            key = gateway.keys.issue(kind, body, gateway.clock.monotonic())
        except RefusedApproval as refused:
            return _answer(oauth_refusal(str(refused)), _REFUSED)
        return _answer(msgspec.json.encode({"approval_key": key}), 200)

    async def serve(request: web.Request) -> web.StreamResponse:
        connection = request.headers.get("Connection", "").lower()
        asks = request.method == "GET" and "upgrade" in connection
        joins = request.path.startswith(PREFIX)
        if not asks or (joins and not _may_join(request)):
            return _refusal(request)
        return await attend(request, joins=joins)

    def _may_join(request: web.Request) -> bool:
        return request.path == PATH and gateway.is_token(request.headers.get(TOKEN, ""))

    async def recall(request: web.Request) -> web.Response:
        if not gateway.is_token(request.headers.get(TOKEN, "")):
            return _refusal(request)
        body = gateway.recall(request.query.get("code", ""))
        return web.Response(body=body, content_type="application/msgpack")

    served.router.add_post(APPROVAL, approve)
    served.router.add_get(MEMORY_PATH, recall)
    served.router.add_route("*", "/{path:.*}", serve)
    return served


@web.middleware
async def _refuse_strangers(request: web.Request, handler: Handler) -> web.StreamResponse:
    host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
    if _name(f"//{host}") not in _HOSTS or (origin is not None and not _is_own(origin, host)):
        return _refusal(request)
    return await handler(request)


def _name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_own(origin: str, host: str) -> bool:
    """Return whether an origin is the gateway at this very host and port."""
    return origin in (f"http://{host}", f"ws://{host}")


def _refusal(request: web.Request) -> web.Response:
    is_oauth = request.path.startswith("/oauth2/")
    body = oauth_refusal("EGW00101") if is_oauth else call_refusal("EGW00101")
    return _answer(body, _REFUSED)


def _answer(body: bytes, status: int) -> web.Response:
    return web.Response(body=body, status=status, content_type=_JSON)
