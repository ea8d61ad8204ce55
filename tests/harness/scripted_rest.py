"""A REST server in the place of KIS: it answers from a script and records the calls."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from types import TracebackType

from aiohttp import web
from msgspec import Struct

from app.storage.credentials import Credentials, Endpoints
from app.system.secret import Secret
from specs import bearer, quotation

APP_KEY = "PSpictureAppKey0123456789"
APP_SECRET = "picture-app-secret-0123456789abcdef"
CREDENTIALS = Credentials(Secret(APP_KEY), Secret(APP_SECRET), "test")

Answer = Callable[[web.Request], web.StreamResponse | Awaitable[web.StreamResponse]]


class RestCall(Struct):
    """One price call; `at` is the event loop's time."""

    at: float
    market: str
    code: str
    token: str
    customer: str


def price_answer(request: web.Request) -> web.Response:
    """Answer with a price, padded with blanks as KIS does."""
    output = {"futs_prpr": "   12.50", "prdy_vrss_sign": "2", "acml_vol": " 7 "}
    return web.json_response({"rt_cd": "0", "msg_cd": "MCA00000", "output1": output})


def html_answer(request: web.Request) -> web.Response:
    """Answer with HTML instead of JSON."""
    return web.Response(text="<html>", content_type="text/html")


def price_refusal(code: str, status: int = 500) -> Answer:
    """Return an answer that refuses a price with an EGW code; the text repeats both secrets."""
    body = {"rt_cd": "1", "msg_cd": code, "msg1": f"거부 {APP_KEY} {APP_SECRET}"}
    return lambda request: web.json_response(body, status=status)


def token_refusal(code: str, status: int = 403) -> Answer:
    """Return an answer that refuses a token; the text repeats both secrets."""
    body = {"error_code": code, "error_description": f"거부 {APP_KEY} {APP_SECRET}"}
    return lambda request: web.json_response(body, status=status)


class ScriptedRestServer:
    """Takes its answers from `tokens` and `prices`; once they are used up, it answers normally.

    `issued_at` are the times of the token calls, `calls` the price calls.
    """

    def __init__(self) -> None:
        self.tokens: deque[Answer] = deque()
        self.prices: deque[Answer] = deque()
        self.default_answer: Answer = price_answer
        self.issued_at: list[float] = []
        self.calls: list[RestCall] = []
        self._site: web.AppRunner
        self.endpoints = Endpoints()

    async def __aenter__(self) -> "ScriptedRestServer":
        application = web.Application()
        application.router.add_post(bearer.PATH, self._token)
        application.router.add_get(quotation.PATH, self._price)
        self._site = web.AppRunner(application, access_log=None)
        await self._site.setup()
        site = web.TCPSite(self._site, "127.0.0.1", 0)
        await site.start()
        port = self._site.addresses[0][1]
        self.endpoints = Endpoints(rest=f"http://127.0.0.1:{port}")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._site.cleanup()

    @property
    def codes(self) -> list[str]:
        """Return the requested codes in order."""
        return [call.code for call in self.calls]

    async def _token(self, request: web.Request) -> web.StreamResponse:
        self.issued_at.append(asyncio.get_running_loop().time())
        body = await request.json()
        assert body == {
            "grant_type": "client_credentials",
            "appkey": APP_KEY,
            "appsecret": APP_SECRET,
        }
        if self.tokens:
            return await _resolve(self.tokens.popleft(), request)
        token = f"token-{len(self.issued_at):04}-of-the-desk"
        return web.json_response({"access_token": token, "expires_in": 86400})

    async def _price(self, request: web.Request) -> web.StreamResponse:
        headers, query = request.headers, request.query
        assert (headers["appkey"], headers["appsecret"]) == (APP_KEY, APP_SECRET)
        assert headers["tr_id"] == "FHMIF10000000"
        assert headers["Accept-Encoding"] == "identity"
        self.calls.append(
            RestCall(
                asyncio.get_running_loop().time(),
                query["FID_COND_MRKT_DIV_CODE"],
                query["FID_INPUT_ISCD"],
                headers["authorization"].removeprefix("Bearer "),
                headers["custtype"],
            )
        )
        return await _resolve(
            self.prices.popleft() if self.prices else self.default_answer, request
        )


async def _resolve(answer: Answer, request: web.Request) -> web.StreamResponse:
    response = answer(request)
    return response if isinstance(response, web.StreamResponse) else await response
