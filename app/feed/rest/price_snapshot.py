"""Requests what REST knows of rows, one call at a time, at most four per second.

Last values go first, then minute bars of the session; the expected execution comes in between.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from app.feed.rest.minute_bar_pages import BarPage, MinuteBarPages
from app.feed.rest.rest_events import (
    NoAnswer,
    RestBars,
    RestEvent,
    RestExpectedPrice,
    RestPrice,
    RestRefusal,
    RestTrouble,
)
from app.feed.rest.rest_refusals import (
    KEYS_REFUSED,
    TOKEN_REFUSED,
    RestOver,
    no_token_message,
    refusal_message,
)
from app.feed.rest.token_file import TokenFile
from app.krx.calendar import KRX, Schedule
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import Clock
from app.system.event_log import log_event, seconds
from app.system.secret import Secret
from specs.bearer import BearerError
from specs.catalog import Session
from specs.codes import CodeFacts
from specs.expected_trend import RestExpected
from specs.market.bars import Bar
from specs.preferences import CustomerType
from specs.quotation import Quotation, QuotationError, last_trading_day, previous_close, record
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


class PriceSnapshotSettings(Struct, frozen=True):
    """Whom to ask and as whom; a demo keeps no token."""

    endpoints: Endpoints
    credentials: Credentials
    tokens: TokenFile | None = None
    customer: CustomerType = "P"
    asks_bars: bool = False
    """Whether minute bars of the session are requested, too."""


class _Wish(Struct, frozen=True):
    code: str
    session: Session
    trade_date: date


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
        self._pages = MinuteBarPages(clock)
        self._may_ask_bars = True
        self._watched: Sequence[tuple[CodeFacts, Session]] = ()
        self._barred: Sequence[tuple[CodeFacts, Session]] | None = None
        self._wake = asyncio.Event()
        self._said: set[str] = set()
        self._expected: dict[CodeFacts, float] = {}
        self._failures = 0
        self._last = float("-inf")
        self._calls: RestClient
        self._purse: TokenIssuer

    def ask(
        self,
        contracts: Sequence[tuple[CodeFacts, Session]],
        barred: Sequence[tuple[CodeFacts, Session]] | None = None,
    ) -> None:
        """Ask for these contracts in this order, and for no others any more.

        One whose family is not known has no market to ask for it in.  `barred` are those whose
        minute bars are requested, too; by default all or none, by the settings.
        """
        day = self._schedule.state_at(self._clock.now()).trade_date
        self._done = {request for request in self._done if request.trade_date == day}
        self._wanted = {
            _Wish(contract.code, session, day): contract
            for contract, session in contracts
            if contract.family is not None
        }
        self._watched, self._barred = contracts, barred
        if self._barred is None:
            barred = contracts if self._settings.asks_bars else ()
        if self._may_ask_bars:
            self._pages.ask(barred or ())
        self._wake.set()

    def ask_bars_after(self, task: asyncio.Task[None]) -> None:
        """Request no minute bars before a task is done: it may bring what they would."""
        self._may_ask_bars = False
        task.add_done_callback(self._ask_bars)

    def _ask_bars(self, _: asyncio.Task[None]) -> None:
        self._may_ask_bars = True
        self.ask(self._watched, self._barred)

    def expect(self, contracts: Sequence[CodeFacts]) -> None:
        """Ask for the expected executions of these contracts again and again, and of no others."""
        now, before = self._clock.monotonic(), self._expected
        self._expected = {contract: before.get(contract, now) for contract in contracts}
        if self._expected != before:
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
                if isinstance(request, BarPage):
                    await self._serve_bars(request)
                elif isinstance(request, CodeFacts):
                    await self._serve_expected(request)
                else:
                    await self._serve(request)
        except RestOver as over:
            log_event("rest", "given_up", level=logging.WARNING)
            self._deliver(RestTrouble(over.message, over=True))

    async def _next(self) -> _Wish | BarPage | CodeFacts:
        """Return the next price or bars to ask for, or whose expected execution is due."""
        while True:
            contract = min(self._expected, key=lambda one: self._expected[one], default=None)
            left = self._expected[contract] - self._clock.monotonic() if contract else None
            if contract is not None and left is not None and left <= 0:
                return contract
            for request in self._wanted:
                if request not in self._done:
                    return request
            page = self._pages.next_page()
            if page is not None:
                return page
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._wake.wait()

    async def _serve_bars(self, page: BarPage) -> None:
        async def ask(token: Secret, moment: str) -> list[Bar]:
            return await self._calls.minute_bars(token, page)

        try:
            answer = await self._answer(ask, lambda: self._pages.is_wanted(page))
        except QuotationError as error:
            log_event("rest", "refused", error.code or error.reason, code=page.contract.code)
            self._pages.finish(page)
            return
        if answer is not None:
            bars = answer[0]
            self._pages.accept(page, bars)
            if bars:
                self._deliver(RestBars(page.contract.code, tuple(bars)))

    async def _serve_expected(self, contract: CodeFacts) -> None:
        self._expected[contract] = self._clock.monotonic() + TREND_EVERY

        async def ask(token: Secret, moment: str) -> RestExpected:
            return await self._calls.expected(token, contract, moment)

        try:
            answer = await self._answer(ask, lambda: contract in self._expected)
        except QuotationError as error:
            log_event("rest", "refused", error.code or error.reason, code=contract.code)
            if contract in self._expected:
                self._expected[contract] += TREND_PAUSE
            return
        if answer is not None and contract in self._expected:
            self._deliver(RestExpectedPrice(answer[0]))

    async def _serve(self, request: _Wish) -> None:
        result: RestEvent
        contract = self._wanted[request]

        async def ask(token: Secret, moment: str) -> Quotation:
            return await self._calls.inquire(token, contract, request.session)

        try:
            answer = await self._answer(ask, lambda: request in self._wanted)
            if answer is None:
                return
            quotation, moment = answer
            tr_id, trade = record(contract, request.session, quotation)
            ends, close = last_trading_day(quotation), previous_close(quotation)
            result = RestPrice(tr_id, trade, moment, ends, close)
        except QuotationError as error:
            log_event("rest", "refused", error.code or error.reason, code=request.code)
            result = RestRefusal(request.code, refusal_message(error))
        if request in self._wanted:
            self._done.add(request)
            self._deliver(result)

    async def _answer(
        self,
        ask: Callable[[Secret, str], Awaitable[_Found]],
        is_wanted: Callable[[], bool],
    ) -> tuple[_Found, str] | None:
        """Return an answer as `_inquire` does; without a token or a server pause and return None.

        Raises:
            QuotationError: KIS refuses, or the answer cannot be read.
        """
        try:
            answer = await self._inquire(ask, is_wanted)
        except BearerError as error:
            log_event("rest", "token", "refused", code=error.code or "unreadable")
            await self._pause("token", no_token_message(error))
        except NoAnswer as error:
            await self._pause(error.kind, error.message, error.wait)
        except QuotationError:
            self._failures = 0
            raise
        else:
            self._failures = 0
            return answer
        return None

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
                if error.code in KEYS_REFUSED:
                    raise RestOver(UserMessage("picture.keys", code=error.code)) from error
                if error.code in TOKEN_REFUSED:
                    if not self._purse.drop():
                        raise RestOver(
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
            raise RestOver(UserMessage("picture.over"))
        if kind not in self._said:
            self._said.add(kind)
            self._deliver(RestTrouble(message, over=False))
        pause = max(least, PAUSES[self._failures])
        log_event("rest", "wait", seconds(pause), why=kind, attempt=self._failures + 1)
        await asyncio.sleep(pause)
        self._failures += 1
