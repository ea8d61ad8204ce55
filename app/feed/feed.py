"""The feed: drives one websocket and its registrations, decodes, and delivers batches.

Everything here runs on one asyncio loop, which the screen gives a thread of its own: a terminal
that stops reading blocks Textual's loop, and PINGPONG must not wait for it.  Other threads call
`watch`, `retry`, `acknowledge_batch` and `stop`; the feed calls `deliver`.
"""

import asyncio
import contextlib
import queue
import random
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from app.feed.batch import Batch, LinkState, Received
from app.feed.conflation import Conflation
from app.feed.connection import LinkPhase
from app.feed.connection_log import ConnectionLog
from app.feed.demand import WatchRequest as WatchRequest
from app.feed.demand import trading_at
from app.feed.dial_file import KeptBudget
from app.feed.events import (
    Abort,
    CloseSocket,
    DialSocket,
    Effect,
    IssueKey,
    KeyIssued,
    LinkEvent,
    MachineSuspended,
    PingPongReceived,
    RetryRequested,
    SendControl,
    SocketClosed,
    SocketOpened,
    StopRequested,
    TimePassed,
)
from app.feed.feed_settings import FeedSettings as FeedSettings
from app.feed.feed_settings import Tap
from app.feed.paced_reading import PacedReading
from app.feed.paper_watch import PaperWatch
from app.feed.receiver import Receiver
from app.feed.registrations import RegistrationKey, RegistrationStatus
from app.feed.rest.rest_requests import RestRequests
from app.feed.sender import Sender, close, send
from app.feed.session import LinkSession
from app.feed.session_sharing import SharedFeed, serving
from app.feed.subscriber import Subscriber
from app.krx.calendar import MarketPhase as MarketPhase
from app.system.clock import Clock
from app.system.secret import Secret
from specs.catalog import Session

if TYPE_CHECKING:
    import aiohttp

    from app.feed.socket import Socket

LONGEST_NAP = 1.0
CLOSE_TIMEOUT = 3.0
SLEPT = 5.0
"""Seconds that the clocks which count sleep and those which do not may drift apart."""


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
        self._dials = KeptBudget(settings.dials)
        self._link_session = LinkSession(
            random.Random().random, settings.limit, self._dials.budget, settings.lived_at
        )
        self._schedule = settings.schedule
        self._registrar = Subscriber(self._link_session, settings)
        self._sharing, recorder = settings.sharing, settings.recorder
        self._connection_log = ConnectionLog(self._link_session, clock, recorder, self._sharing)
        self._statuses: dict[RegistrationKey, RegistrationStatus] = {}
        self._conflation = Conflation(self._hand_over, settings.beat)
        self._rest = RestRequests(settings, clock, self._conflation.touch)
        self._receiver = Receiver(self._link_session, self._conflation, tap, clock, self._sharing)
        self._sender = Sender(settings.customer)
        self._issuing: asyncio.Task[None] | None = None
        self._dialled: asyncio.Task[None] | None = None
        self._tasks: asyncio.TaskGroup
        self._http: aiohttp.ClientSession
        self._asleep_for = clock.suspended()
        self._paper = PaperWatch(is_paper=settings.is_paper)

    def watch(self, request: WatchRequest) -> None:
        """Watch these codes and no others."""
        self._command(lambda: self._registrar.update_request(request))

    def retry(self) -> None:
        """Connect now; reconnect if connected."""
        self._command(lambda: self._event(RetryRequested()))

    def record(self, on: bool) -> None:
        """Record from here on, or no longer, where there is a recorder."""
        self._command(lambda: self._connection_log.record(on))

    def name(self, names: Mapping[str, str]) -> None:
        """Codes have these names, which a recording keeps."""
        self._command(lambda: self._connection_log.name(names))

    def acknowledge_batch(self) -> None:
        """The last batch has been taken; the next may come."""
        self._command(self._conflation.acknowledge_batch)

    def stop(self) -> None:
        """Close the session and let `run` return."""
        self._command(lambda: self._event(StopRequested()))

    async def run(self) -> None:
        """Connect and stay connected until stopped."""
        self._loop = asyncio.get_running_loop()
        if self._settings.recorder is not None:
            self._settings.recorder.changed = lambda: self._command(self._conflation.touch)
        try:
            await self._run()
        finally:
            self._connection_log.close()

    async def _run(self) -> None:
        from app.feed.socket import client

        shared = SharedFeed(
            self._link_session, self._link, self._clients_changed, self.retry, self._rest,
            self._settings.reader,
        )  # fmt: skip
        sharing = serving(self._sharing, shared)
        async with client() as self._http, sharing, asyncio.TaskGroup() as self._tasks:
            aside = [self._tasks.create_task(self._sender.run())]
            earlier = None
            if (history := self._settings.history) is not None:
                earlier = self._tasks.create_task(history.run(self._receiver.add_earlier))
                aside.append(earlier)
            aside += self._rest.begin(self._tasks, self._http, earlier)
            await self._drive()
            self._conflation.close()
            for task in (*aside, self._issuing):
                if task is not None:
                    task.cancel()

    async def _drive(self) -> None:
        while True:
            self._wake.clear()
            while not self._commands.empty():
                self._commands.get_nowait()()
            now = self._clock.monotonic()
            self._notice_sleep()
            self._look(now)
            self._perform(self._link_session.poll(self._tick(), now))
            if self._sharing is not None:
                self._sharing.poll(now)
            if self._link_session.connection.phase is LinkPhase.STOPPED:
                return
            nap = min(now + LONGEST_NAP, self._link_session.next_at(now)) - self._clock.monotonic()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, nap)):
                    await self._wake.wait()

    def _tick(self) -> TimePassed:
        market = self._schedule.state_at(self._clock.now())
        used, data = self._link_session.registrations.used, self._receiver.last_data
        if self._paper.poll(market, used, data, self._clock.monotonic()):
            self._conflation.touch()
        trading = market.session is Session.DAY and market.phase is MarketPhase.CONTINUOUS
        return TimePassed(self._receiver.last_message, self._receiver.last_data, trading)

    def _notice_sleep(self) -> None:
        asleep = self._clock.suspended()
        if asleep - self._asleep_for > SLEPT:
            self._event(MachineSuspended())
        self._asleep_for = asleep

    def _command(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    def _look(self, now: float) -> None:
        effects = self._registrar.poll(self._clock.now(), now)
        self._receiver.volumes.start_session(*trading_at(self._clock.now(), self._schedule))
        self._rest.poll(self._registrar, self._clock.now(), changed=effects is not None)
        if effects is not None:
            self._perform(effects)
            self._receiver.reset(self._registrar.foreign)
            self._conflation.touch()

    def _clients_changed(self) -> None:
        self._registrar.update_clients()
        self._wake.set()

    def _event(self, event: LinkEvent) -> None:
        self._perform(self._link_session.event(event, self._clock.monotonic()))

    def _perform(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case SendControl():
                    self._sender.enqueue(effect)
                case IssueKey():
                    self._issuing = self._tasks.create_task(self._issue_key())
                case DialSocket(epoch):
                    self._dialled = self._tasks.create_task(self._session(epoch))
                case Abort() if self._dialled is not None:
                    self._dialled.cancel()
                case CloseSocket() if self._sender.socket is not None:
                    self._tasks.create_task(close(self._sender.socket, CLOSE_TIMEOUT))
        self._dials.update(self._link_session.connection.budget)
        if self._connection_log.poll():
            self._conflation.touch()
            self._wake.set()

    async def _issue_key(self) -> None:
        from app.feed.approval import issue_key

        issued = await issue_key(self._http, self._settings, self._clock.now())
        if isinstance(issued, Secret):
            self._sender.approval_key = issued
            self._event(KeyIssued())
        else:
            self._event(issued)

    async def _session(self, epoch: int) -> None:
        import aiohttp

        from app.feed.socket import asked_wait, dial, explain, is_local

        try:
            socket = await dial(self._http, self._settings.endpoints.ws)
        except (OSError, aiohttp.ClientError, TimeoutError) as error:
            wait = asked_wait(error, self._clock.now())
            self._event(SocketClosed(explain(error), is_local(error), wait))
            return
        self._sender.attach(socket)
        self._receiver.reset()
        self._event(SocketOpened())
        link = self._link_session.connection
        try:
            is_used = link.epoch == epoch and link.is_open
            reason = await self._read(socket) if is_used else "1000"
        finally:
            self._sender.detach(socket)
            await close(socket, CLOSE_TIMEOUT)
        self._event(SocketClosed(reason))

    async def _read(self, socket: "Socket") -> str:
        """Read until the socket ends; why it ended."""
        from aiohttp import WSMsgType

        from app.feed.socket import data_of, transport_of

        pace = PacedReading(transport_of(socket), self._settings.pause)
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    return str(socket.close_code or "error")
                await self._accept(socket, data_of(message), pace)
        finally:
            pace.close()
        return str(socket.close_code or "reset")

    async def _accept(self, socket: "Socket", data: object, pace: PacedReading) -> None:
        now = self._clock.monotonic()
        self._connection_log.record_message(data, now)
        said = self._receiver.accept(data, now)
        if isinstance(said, str):
            await send(socket, said)
            self._event(PingPongReceived())
            pace.pingpong_received(now)
        elif said is not None:
            self._perform(self._link_session.answer(said, now))
            self._receiver.reset()
            self._conflation.touch()
            self._wake.set()
        elif self._sharing is None or not self._sharing.has_clients:
            pace.data_received(now)

    def _link(self) -> LinkState:
        return self._connection_log.link(self._receiver.last_message, self._paper.state)

    def _hand_over(self, received: tuple[Received, ...]) -> None:
        statuses = self._registrar.statuses
        if statuses != self._statuses:
            self._statuses = statuses
        counters, transitions = self._receiver.counters(), self._connection_log.transitions
        asleep = self._registrar.demand.asleep
        missed = self._receiver.volumes.missed
        recording = self._connection_log.recording(missed)
        self._deliver(Batch(
            received, self._link(), counters, self._statuses, transitions, asleep,
            self._rest.collect(), missed, recording, *self._receiver.collect_lane(),
        ))  # fmt: skip
