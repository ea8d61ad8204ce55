"""The REST calls: a token, a contract's current price, expected execution, and minute bars.

All carry the app key and secret, so they follow no redirect, use no proxy of the environment, ask
for no compression and read a bounded answer.
"""

import logging
from collections.abc import Mapping
from types import MappingProxyType

import aiohttp
from msgspec import Struct

from app.feed.rest.minute_bar_pages import BarPage
from app.feed.rest.rest_events import NoAnswer
from app.feed.retry_after import retry_after
from app.feed.socket import explain, is_certificate, read_bounded
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import Clock
from app.system.event_log import log_event, seconds
from app.system.secret import Secret, redact
from specs import bearer, expected_trend, minute_bars, quotation
from specs.catalog import Session
from specs.codes import CodeFacts
from specs.market.bars import Bar
from specs.preferences import CustomerType
from specs.user_message import UserMessage

TIMEOUT = 10.0
LARGEST_TOKEN = 64 * 1024

CERTIFICATE_WAIT = 600.0
"""Seconds before a server with a wrong certificate is called again."""

_IDENTITY = {"Accept-Encoding": "identity"}


class _Reply(Struct, frozen=True):
    status: int
    kind: str
    body: bytes


class RestClient:
    """KIS' REST server, as one app key sees it."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        endpoints: Endpoints,
        credentials: Credentials,
        clock: Clock,
        customer: CustomerType = "P",
    ) -> None:
        self._customer = customer
        self._http = http
        self._endpoints = endpoints
        self._credentials = credentials
        self._clock = clock

    async def issue(self) -> bearer.BearerToken:
        """Issue a token; KIS notifies the user by KakaoTalk.

        Raises:
            BearerError: there is none in the answer.
            NoAnswer: the server is out of reach, or asks for a pause.
        """
        key, secret = self._credentials.app_key, self._credentials.app_secret
        reply = await self._call(
            "POST",
            bearer.PATH,
            LARGEST_TOKEN,
            headers={"Content-Type": "application/json; charset=utf-8"},
            body=bearer.request(key.reveal(), secret.reveal()),
        )
        issued = bearer.read(reply.body)
        if reply.status != 200:
            raise bearer.BearerError(f"HTTP {reply.status}")
        log_event("rest", "token", "issued", lasts=seconds(issued.seconds))
        return issued

    async def inquire(
        self, token: Secret, contract: CodeFacts, session: Session
    ) -> quotation.Quotation:
        """Return the current price of a contract.

        Raises:
            QuotationError: the answer is no price.
            NoAnswer: the server is out of reach, or asks for a pause.
        """
        market = quotation.market(contract, session)
        path, tr_id = quotation.PATH, quotation.TR_ID
        return quotation.read(await self._get(token, path, tr_id, market, contract.code))

    async def expected(
        self, token: Secret, contract: CodeFacts, now: str
    ) -> expected_trend.RestExpected:
        """Return the expected execution of an index product at `now` (HHMMSS).

        Raises:
            QuotationError: the answer is no price.
            NoAnswer: the server is out of reach, or asks for a pause.
        """
        market = expected_trend.market(contract) or ""
        path, tr_id = expected_trend.PATH, expected_trend.TR_ID
        body = await self._get(token, path, tr_id, market, contract.code)
        return expected_trend.read(body, contract.code, now)

    async def minute_bars(self, token: Secret, page: BarPage) -> list[Bar]:
        """Return the bars of a page, the oldest first, without that of an unfinished minute.

        Raises:
            QuotationError: the answer has no bars.
            NoAnswer: the server is out of reach, or asks for a pause.
        """
        market = quotation.market(page.contract, page.session)
        path, tr_id = minute_bars.PATH, minute_bars.TR_ID
        query = minute_bars.query(page.day, page.until)
        body = await self._get(token, path, tr_id, market, page.contract.code, query)
        return minute_bars.read(body, page.begin.timestamp(), page.until.timestamp())

    async def _get(
        self,
        token: Secret,
        path: str,
        tr_id: str,
        market: str,
        code: str,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> bytes:
        """Return the body of an answer to a price call.

        Raises:
            QuotationError: the answer is none of KIS'.
            NoAnswer: the server is out of reach, or asks for a pause.
        """
        reply = await self._call(
            "GET",
            path,
            quotation.LARGEST,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "authorization": f"Bearer {token.reveal()}",
                "appkey": self._credentials.app_key.reveal(),
                "appsecret": self._credentials.app_secret.reveal(),
                "tr_id": tr_id,
                "custtype": self._customer,
            },
            query={"FID_COND_MRKT_DIV_CODE": market, "FID_INPUT_ISCD": code, **more},
        )
        if reply.status != 200:
            # KIS' gateway names its errors under every status; a page of a proxy names none.
            try:
                quotation.read_answer(reply.body)
            except quotation.QuotationError as error:
                if error.code:
                    raise
            raise quotation.QuotationError("status", str(reply.status))
        if len(reply.body) <= quotation.LARGEST and reply.kind != "application/json":
            raise quotation.QuotationError("html" if reply.kind == "text/html" else "type")
        return reply.body

    async def _call(
        self,
        method: str,
        path: str,
        limit: int,
        *,
        headers: dict[str, str],
        body: bytes | None = None,
        query: dict[str, str] | None = None,
    ) -> _Reply:
        """One call; of an answer that is longer than `limit` a little more than that is read."""
        try:
            async with self._http.request(
                method,
                f"{self._endpoints.rest}{path}",
                data=body,
                params=query,
                headers=headers | _IDENTITY,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            ) as response:
                wait = retry_after(response.status, response.headers, self._clock.now())
                if wait:
                    log_event("rest", "busy", status=response.status, wait=seconds(wait))
                    busy = UserMessage("picture.overloaded", status=response.status)
                    raise NoAnswer(busy, "overloaded", wait)
                kind = response.content_type
                if response.headers.get("Content-Encoding", "identity") != "identity":
                    return _Reply(response.status, "encoded", b"")
                return _Reply(response.status, kind, await read_bounded(response, limit))
        except (OSError, aiohttp.ClientError, TimeoutError) as error:
            word = explain(error)
            log_event("rest", "failed", word, level=logging.WARNING, path=path)
            why = UserMessage(f"why.{word}", redact(word))
            wrong = is_certificate(error)
            kind, wait = ("certificate", CERTIFICATE_WAIT) if wrong else ("unreachable", 0.0)
            raise NoAnswer(UserMessage("picture.unreachable", why=why), kind, wait) from error
