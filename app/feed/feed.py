"""The feed: drives connection and ledger over one websocket, decodes, and hands batches over.

Everything here runs on one asyncio loop, which the screen gives a thread of its own: a terminal
that stops reading blocks Textual's loop, and PINGPONG must not wait for it.  Other threads reach
the feed through `watch`, `retry`, `taken` and `stop`; it reaches them through `deliver`.
"""

import asyncio
import queue
import random
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from app.clock import Clock
from app.credentials import Credentials, Endpoints
from app.errors import CredentialsError, KisTuiError
from app.feed import connection as machine
from app.feed.batch import Batch, Heard, Link
from app.feed.connection import Connection, Phase
from app.feed.events import (
    Close,
    Closed,
    Dial,
    Effect,
    Event,
    IssueKey,
    KeyIssued,
    KeyRefused,
    Opened,
    Registered,
    Retry,
    SessionError,
    Stop,
    Tick,
    Wanted,
)
from app.feed.intake import Intake
from app.feed.ledger import LIMIT, Ledger, Order
from app.feed.outbox import BEAT, Outbox
from app.feed.plan import Plan, plan
from app.session import expected_window, session_for
from specs import control
from specs.catalog import Channel, Session
from specs.control import Ack, Reaction
from specs.record import Record

if TYPE_CHECKING:
    import aiohttp

LONGEST_NAP = 1.0
SEND_TIMEOUT = 5.0

_SESSION_REACTIONS = (
    Reaction.NEW_KEY,
    Reaction.OCCUPIED,
    Reaction.CREDENTIALS,
    Reaction.BACK_OFF,
)


class FeedSettings(Struct, frozen=True):
    """What a feed connects to and how; `session` overrides the clock's."""

    endpoints: Endpoints
    credentials: Credentials
    beat: float = BEAT
    limit: int = LIMIT
    session: Session | None = None
    channels: frozenset[Channel] = frozenset(Channel)


Tap = Callable[[str, list[Record], float], None]
"""Called on the feed's loop with every accepted frame: TR, records, monotonic arrival."""


class Feed:
    """One websocket session and what comes out of it."""

    def __init__(
        self,
        settings: FeedSettings,
        clock: Clock,
        deliver: Callable[[Batch], None],
        tap: Tap | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._deliver = deliver
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._codes: tuple[str, ...] = ()
        self._plan = Plan((), {})
        self._plan_due = float("-inf")
        self._connection = Connection()
        self._ledger = Ledger(settings.limit)
        self._outbox = Outbox(self._hand_over, settings.beat)
        self._intake = Intake(self._ledger, self._outbox, tap)
        self._tasks: asyncio.TaskGroup
        self._http: aiohttp.ClientSession
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._approval_key = ""
        self._random = random.Random()

    # --- from any thread

    def watch(self, codes: Sequence[str]) -> None:
        """Watch these codes, most wanted first, and no others."""
        wanted = tuple(codes)
        self._command(lambda: self._watch(wanted))

    def retry(self) -> None:
        """Connect now, or anew."""
        self._command(lambda: self._event(Retry()))

    def taken(self) -> None:
        """The last batch has been taken; the next may come."""
        self._command(self._outbox.taken)

    def stop(self) -> None:
        """Close the session and let `run` return."""
        self._command(lambda: self._event(Stop()))

    # --- on the feed's loop

    async def run(self) -> None:
        """Connect and stay connected until stopped."""
        import aiohttp

        self._loop = asyncio.get_running_loop()
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as self._http,
            asyncio.TaskGroup() as self._tasks,
        ):
            await self._drive()
            self._outbox.close()

    async def _drive(self) -> None:
        while True:
            self._wake.clear()
            while not self._commands.empty():
                self._commands.get_nowait()()
            now = self._clock.monotonic()
            self._replan(now)
            self._event(Tick(self._intake.last_message))
            if self._connection.phase is Phase.STOPPED:
                return
            await self._send_orders()
            nap = min(LONGEST_NAP, self._next_deadline(now) - self._clock.monotonic())
            try:
                async with asyncio.timeout(max(0.0, nap)):
                    await self._wake.wait()
            except TimeoutError:
                pass

    def _next_deadline(self, now: float) -> float:
        deadline = self._plan_due
        if self._socket is not None:
            deadline = min(deadline, self._ledger.next_at(now))
        if self._connection.phase in (Phase.WAITING, Phase.OCCUPIED):
            deadline = min(deadline, self._connection.next_at)
        return deadline

    def _command(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    def _watch(self, codes: tuple[str, ...]) -> None:
        self._codes = codes
        self._plan_due = float("-inf")

    def _replan(self, now: float) -> None:
        if now < self._plan_due:
            return
        self._plan_due = now + LONGEST_NAP
        moment = self._clock.now()
        session = self._settings.session or session_for(moment)
        wanted = plan(
            self._codes,
            session,
            expected=expected_window(moment) or self._settings.channels == {Channel.EXPECTED},
            channels=self._settings.channels,
        )
        if wanted == self._plan:
            return
        self._plan = wanted
        self._ledger.want(wanted.keys)
        self._intake.forget()
        self._event(Wanted(bool(wanted.keys)))
        self._outbox.touch()

    def _event(self, event: Event) -> None:
        before = self._connection
        now = self._clock.monotonic()
        self._connection, effects = machine.step(before, event, now, self._random.random())
        for effect in effects:
            self._perform(effect)
        if self._connection != before:
            self._outbox.touch()
            self._wake.set()

    def _perform(self, effect: Effect) -> None:
        match effect:
            case IssueKey(fresh):
                self._tasks.create_task(self._issue_key(fresh))
            case Dial(epoch):
                self._tasks.create_task(self._session(epoch))
            case Close() if self._socket is not None:
                self._tasks.create_task(self._close(self._socket))

    async def _issue_key(self, fresh: bool) -> None:
        from app.feed.approval import approval_key

        if fresh or not self._approval_key:
            try:
                self._approval_key = await approval_key(
                    self._http, self._settings.endpoints, self._settings.credentials
                )
            except KisTuiError as error:
                self._event(KeyRefused(error.message, isinstance(error, CredentialsError)))
                return
        self._event(KeyIssued())

    async def _session(self, epoch: int) -> None:
        import aiohttp

        from app.feed.socket import dial, explain

        try:
            socket = await dial(self._http, self._settings.endpoints.ws)
        except (OSError, aiohttp.ClientError, TimeoutError) as error:
            self._event(Closed(explain(error)))
            return
        if self._connection.phase is not Phase.DIALING or self._connection.epoch != epoch:
            await socket.close()
            return
        self._socket = socket
        self._ledger.new_session()
        self._intake.forget()
        self._event(Opened())
        try:
            reason = await self._read(socket)
        finally:
            self._socket = None
        self._event(Closed(reason))

    async def _read(self, socket: "aiohttp.ClientWebSocketResponse") -> str:
        """Read until the socket ends; why it ended."""
        from aiohttp import WSMsgType

        async for message in socket:
            if message.type is WSMsgType.ERROR:
                return "error"
            said = self._intake.take(message, self._clock.monotonic())
            if isinstance(said, str):
                await socket.send_str(said)
            elif said is not None:
                self._on_ack(said)
        return str(socket.close_code or "reset")

    def _on_ack(self, ack: Ack) -> None:
        if ack.reaction in _SESSION_REACTIONS:
            self._event(SessionError(ack.code, ack.reaction))
        elif self._ledger.acknowledge(ack) and ack.reaction is Reaction.REGISTERED:
            self._event(Registered())
        self._outbox.touch()
        self._wake.set()

    async def _close(self, socket: "aiohttp.ClientWebSocketResponse") -> None:
        await socket.close()

    async def _send_orders(self) -> None:
        while self._socket is not None and self._connection.phase in (Phase.OPEN, Phase.LIVE):
            order = self._ledger.next_order(self._clock.monotonic())
            if order is None:
                return
            await self._send(order)
            self._outbox.touch()

    async def _send(self, order: Order) -> None:
        assert self._socket is not None
        key = order.key
        request = control.request(self._approval_key, key.tr_id, key.code, register=order.register)
        # A socket that takes nothing any more is the reader's to report.
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                await self._socket.send_str(request)
        except (ConnectionError, TimeoutError):
            return

    def _hand_over(self, heard: tuple[Heard, ...]) -> None:
        state = self._connection
        link = Link(
            state.phase,
            state.reason,
            state.detail,
            state.next_at,
            state.failures,
            self._ledger.used,
            self._ledger.limit,
            self._intake.last_message,
        )
        standings = {key: self._ledger.standing(key) for key in self._ledger.wanted}
        self._deliver(Batch(heard, link, self._intake.counters(), standings, self._plan.asleep))
