"""KIS' two OAuth calls: the approval key of a websocket, and the REST token.

Source: KIS Developers portal, OAuth (``/oauth2/Approval``, ``/oauth2/tokenP``).  An error is a JSON
body under HTTP 403; the sentences are KIS' own.
"""

import asyncio
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import msgspec
from aiohttp import web

from app.simulator.faults import Faults
from app.system.clock import Clock

_SENTENCES = {
    "EGW00101": "유효하지 않은 요청입니다.",
    "EGW00102": "AppKey는 필수입니다.",
    "EGW00103": "유효하지 않은 AppKey입니다.",
    "EGW00104": "AppSecret은 필수입니다.",
    "EGW00105": "유효하지 않은 AppSecret입니다.",
    "EGW00132": "Content-Type이 유효하지 않습니다.",
    "EGW00133": "접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)",
    "EGW00201": "초당 거래건수를 초과하였습니다.",
}
_TOKEN_EVERY = 60.0
_TOKEN_LIVES = 86_400
# Shorter ones occur in messages by chance.
_SHORTEST_SECRET = 8


class _Body(msgspec.Struct):
    appkey: str = ""
    secretkey: str = ""
    appsecret: str = ""


class _Refused(Exception):
    """A call answered with one of KIS' error codes."""


class RestServer:
    """Issues keys; an approval key is valid as long as the simulator runs."""

    def __init__(self, clock: Clock, seed: int, app_key: str | None, faults: Faults) -> None:
        self._clock = clock
        self._faults = faults
        self._rng = Random(f"{seed}/keys")
        self._app_key = app_key
        self._owners: dict[str, str] = {}
        self._tokens: dict[str, float] = {}
        self._bearers: dict[str, tuple[str, datetime]] = {}
        self._secrets: dict[str, str] = {}
        self.approvals = 0

    def secrets_in(self, raw: str | bytes) -> list[str]:
        """Return the secrets in a message that only REST may get: ``app key``, ``secret``."""
        text = raw if isinstance(raw, str) else raw.decode(errors="replace")
        return [kind for secret, kind in self._secrets.items() if secret in text]

    def owner(self, approval_key: str) -> str | None:
        """Return the app key that an approval key was issued to, or None."""
        return self._owners.get(approval_key)

    def bearer(self, authorization: str) -> str | None:
        """Return the app key of an ``Authorization: Bearer`` header, or None for a bad token."""
        kind, _, token = authorization.partition(" ")
        app_key, expires = self._bearers.get(token, ("", self._clock.now()))
        return app_key if kind == "Bearer" and self._clock.now() < expires else None

    async def approval(self, request: web.Request) -> web.Response:
        """Answer ``POST /oauth2/Approval``."""
        faults = self._faults
        if faults.approval_after:
            await asyncio.sleep(faults.approval_after)
        if faults.approval_html:
            page = "<html><body>로그인</body></html>"
            return web.Response(text=page, content_type="text/html")
        if faults.approval_code or faults.approval_status:
            return _refusal(faults.approval_code, faults.approval_status or 403)
        try:
            body = await self._read(request, "secretkey")
        except _Refused as refused:
            return _refusal(str(refused))
        key = str(UUID(int=self._rng.getrandbits(128), version=4))
        self._owners[key] = body.appkey
        for secret, kind in ((body.appkey, "app key"), (body.secretkey, "secret")):
            if len(secret) >= _SHORTEST_SECRET:
                self._secrets[secret] = kind
        self.approvals += 1
        return _answer({"approval_key": key})

    async def token(self, request: web.Request) -> web.Response:
        """Answer ``POST /oauth2/tokenP``."""
        try:
            body = await self._read(request, "appsecret")
        except _Refused as refused:
            return _refusal(str(refused))
        now = self._clock.monotonic()
        if now - self._tokens.get(body.appkey, -_TOKEN_EVERY) < _TOKEN_EVERY:
            return _refusal("EGW00133")
        self._tokens[body.appkey] = now
        expires = self._clock.now() + timedelta(seconds=_TOKEN_LIVES)
        token = f"{self._rng.getrandbits(1024):0256x}"
        self._bearers[token] = (body.appkey, expires)
        return _answer(
            {
                "access_token": token,
                "access_token_token_expired": f"{expires:%Y-%m-%d %H:%M:%S}",
                "token_type": "Bearer",
                "expires_in": _TOKEN_LIVES,
            }
        )

    async def _read(self, request: web.Request, secret: str) -> _Body:
        if not request.headers.get("Content-Type", "").startswith("application/json"):
            raise _Refused("EGW00132")
        try:
            body = msgspec.json.decode(await request.read(), type=_Body)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            raise _Refused("EGW00101") from None
        if not body.appkey:
            raise _Refused("EGW00102")
        if self._app_key is not None and body.appkey != self._app_key:
            raise _Refused("EGW00103")
        if not getattr(body, secret):
            raise _Refused("EGW00104")
        return body


def _refusal(code: str, status: int = 403) -> web.Response:
    words = _SENTENCES.get(code, "")
    return _answer({"error_description": words, "error_code": code}, status)


def _answer(body: dict[str, str | int], status: int = 200) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(body), status=status, content_type="application/json"
    )
