"""Requests the last known values of rows over REST, one at a time, at most four per second."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from app.feed.rest.rest_events import (
    NoAnswer,
    RestEvent,
    RestExpectedPrice,
    RestPrice,
    RestRefusal,
    RestTrouble,
)
from app.feed.rest.token_file import TokenFile
from app.krx.calendar import KRX, Schedule
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import Clock
from app.system.event_log import log_event, seconds
from app.system.secret import Secret, redact
from specs.bearer import BearerError
from specs.catalog import Session
from specs.codes import CodeFacts
from specs.expected_trend import RestExpected
from specs.preferences import CustomerType
from specs.quotation import Quotation, QuotationError, last_trading_day, record
from specs.user_message import UserMessage, UserText

if TYPE_CHECKING:
    import aiohttp

    from app.feed.rest.rest_client import RestClient
    from app.feed.rest.token_issuer import TokenIssuer

SPACING = 0.26
"""Seconds between an answer and the next call, four a second with room for timers that go off
early; KIS fails a key from about ten."""
TOO_FAST = "EGW00201"
TOO_FAST_WAIT = 1.0
TOO_FAST_TRIES = 2
PAUSES = (5.0, 60.0, 300.0)
"""Seconds before another try when there is no token or no answer; after the last it is over."""

TREND_EVERY = 1.0
"""Seconds between two calls for the expected execution of the focused contract."""
TREND_PAUSE = 60.0
"""Seconds before the next such call where KIS had no expected price or refused."""

_Found = TypeVar("_Found")

_TOKEN_REFUSED = frozenset(("EGW00121", "EGW00123"))
_KEYS_REFUSED = frozenset(("EGW00102", "EGW00103", "EGW00104", "EGW00105"))
_TOKEN_TOO_SOON = "EGW00133"


class PriceSnapshotSettings(Struct, frozen=True):
    """Whom to ask and as whom; a demo keeps no token."""

    endpoints: Endpoints
    credentials: Credentials
    tokens: TokenFile | None = None
    customer: CustomerType = "P"


class _Wish(Struct, frozen=True):
    code: str
    session: Session
    trade_date: date


class _Over(Exception):
    """Nothing more is to be asked for in this run."""

    def __init__(self, message: UserMessage) -> None:
        super().__init__(str(message))
        self.message = message


class PriceSnapshot:
    """A queue of codes to request over REST; lives on one asyncio loop.

    A code is asked for once in a session of a trade date, whatever the answer.
    """

    def __init__(
        self,
        settings: PriceSnapshotSettings,
        http: "aiohttp.ClientSession",
        clock: Clock,
        deliver: Callable[[RestEvent], None],
        schedule: Schedule = KRX,
    ) -> None:
        self._settings = settings
        self._http = http
        self._clock = clock
        self._deliver = deliver
        self._schedule = schedule
        self._wanted: dict[_Wish, CodeFacts] = {}
        self._done: set[_Wish] = set()
        self._wake = asyncio.Event()
        self._said: set[str] = set()
        self._expected: CodeFacts | None = None
        self._expected_at = float("-inf")
        self._failures = 0
        self._last = float("-inf")
        self._calls: RestClient
        self._purse: TokenIssuer

    def ask(self, contracts: Sequence[tuple[CodeFacts, Session]]) -> None:
        """Ask for these contracts in this order, and for no others any more.

        One whose family is not known has no market to ask for it in.
        """
        day = self._schedule.state_at(self._clock.now()).trade_date
        self._done = {request for request in self._done if request.trade_date == day}
        self._wanted = {
            _Wish(contract.code, session, day): contract
            for contract, session in contracts
            if contract.family is not None
        }
        self._wake.set()

    def expect(self, contract: CodeFacts | None) -> None:
        """Ask for the expected execution of this contract again and again; None asks for none."""
        if contract == self._expected:
            return
        self._expected, self._expected_at = contract, self._clock.monotonic()
        self._wake.set()

    async def run(self) -> None:
        """Ask until cancelled, or until it is over; nothing but cancellation leaves this."""
        from app.feed.rest.rest_client import RestClient
        from app.feed.rest.token_issuer import TokenIssuer

        settings = self._settings
        self._calls = RestClient(
            self._http, settings.endpoints, settings.credentials, self._clock, settings.customer
        )
        self._purse = TokenIssuer(self._calls.issue, self._clock, settings.tokens)
        try:
            while True:
                request = await self._next()
                await (self._serve_expected() if request is None else self._serve(request))
        except _Over as over:
            log_event("rest", "given_up", level=logging.WARNING)
            self._deliver(RestTrouble(over.message, over=True))

    async def _next(self) -> _Wish | None:
        """Return the next code to ask a price for, None for an expected execution that is due."""
        while True:
            left = self._expected_at - self._clock.monotonic()
            if self._expected is not None and left <= 0:
                return None
            for request in self._wanted:
                if request not in self._done:
                    return request
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left if self._expected is not None else None):
                    await self._wake.wait()

    async def _serve_expected(self) -> None:
        contract = self._expected
        assert contract is not None
        self._expected_at = self._clock.monotonic() + TREND_EVERY

        async def ask(token: Secret, moment: str) -> RestExpected:
            return await self._calls.expected(token, contract, moment)

        try:
            answer = await self._inquire(ask, lambda: contract == self._expected)
        except QuotationError as error:
            log_event("rest", "refused", error.code or error.reason, code=contract.code)
            self._expected_at += TREND_PAUSE
        except BearerError as error:
            await self._pause_without_token(error)
        except NoAnswer as error:
            await self._pause(error.kind, error.message, error.wait)
        else:
            self._failures = 0
            if answer is not None and contract == self._expected:
                self._deliver(RestExpectedPrice(answer[0]))

    async def _serve(self, request: _Wish) -> None:
        result: RestEvent
        contract = self._wanted[request]

        async def ask(token: Secret, moment: str) -> Quotation:
            return await self._calls.inquire(token, contract, request.session)

        try:
            answer = await self._inquire(ask, lambda: request in self._wanted)
            if answer is None:
                return
            quotation, moment = answer
            tr_id, trade = record(contract, request.session, quotation)
            result = RestPrice(tr_id, trade, moment, last_trading_day(quotation))
        except QuotationError as error:
            log_event("rest", "refused", error.code or error.reason, code=request.code)
            result = RestRefusal(request.code, self._why(error))
        except BearerError as error:
            await self._pause_without_token(error)
            return
        except NoAnswer as error:
            await self._pause(error.kind, error.message, error.wait)
            return
        self._failures = 0
        if request in self._wanted:
            self._done.add(request)
            self._deliver(result)

    async def _pause_without_token(self, error: BearerError) -> None:
        log_event("rest", "token", "refused", code=error.code or "unreadable")
        await self._pause("token", _no_token(error))

    async def _inquire(
        self,
        ask: Callable[[Secret, str], Awaitable[_Found]],
        is_wanted: Callable[[], bool],
    ) -> tuple[_Found, str] | None:
        """Return an answer and its request time, or None if it is not wanted any more."""
        tries = TOO_FAST_TRIES
        while True:
            token = await self._purse.token()
            await asyncio.sleep(max(0.0, self._last + SPACING - self._clock.monotonic()))
            if not is_wanted():
                return None
            moment = f"{self._clock.now():%H%M%S}"
            try:
                return await ask(token, moment), moment
            except QuotationError as error:
                if error.code in _KEYS_REFUSED:
                    raise _Over(UserMessage("picture.keys", code=error.code)) from error
                if error.code in _TOKEN_REFUSED:
                    if not self._purse.drop():
                        raise _Over(
                            UserMessage("picture.token_refused", code=error.code)
                        ) from error
                elif error.code == TOO_FAST and tries:
                    tries -= 1
                    await asyncio.sleep(TOO_FAST_WAIT)
                else:
                    raise
            finally:
                self._last = self._clock.monotonic()

    async def _pause(self, kind: str, message: UserText, least: float = 0.0) -> None:
        if self._failures >= len(PAUSES):
            raise _Over(UserMessage("picture.over"))
        if kind not in self._said:
            self._said.add(kind)
            self._deliver(RestTrouble(message, over=False))
        pause = max(least, PAUSES[self._failures])
        log_event("rest", "wait", seconds(pause), why=kind, attempt=self._failures + 1)
        await asyncio.sleep(pause)
        self._failures += 1

    def _why(self, error: QuotationError) -> UserMessage:
        if error.reason in ("refused", "status"):
            answer = redact(f"{error.code} {error.words}".strip())
            return UserMessage(f"picture.{error.reason}", told=answer)
        return UserMessage(f"picture.{error.reason}")


def _no_token(error: BearerError) -> UserMessage:
    if error.code in _KEYS_REFUSED:
        raise _Over(UserMessage("picture.keys", code=error.code)) from error
    if error.code == _TOKEN_TOO_SOON:
        raise _Over(UserMessage("picture.token_too_soon")) from error
    return UserMessage(
        "picture.no_token", told=redact(f"{error.code} {error.words}".strip()) or "?"
    )
