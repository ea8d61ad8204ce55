"""The feed: drives a websocket for each app key, decodes, and delivers batches.

Everything here runs on one asyncio loop, which the screen gives a thread of its own: a terminal
that stops reading blocks Textual's loop, and PINGPONG must not wait for it.  Other threads call
`watch`, `retry`, `acknowledge_batch` and `stop`; the feed calls `deliver`.
"""

import asyncio
import contextlib
import queue
import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.feed.batch import Batch, LinkState, Received
from app.feed.conflation import Conflation
from app.feed.connection import LinkPhase
from app.feed.connection_log import ConnectionLog
from app.feed.demand import WatchRequest as WatchRequest
from app.feed.demand import trading_at
from app.feed.events import (
    LinkEvent,
    MachineSuspended,
    RetryRequested,
    StopRequested,
    TimePassed,
)
from app.feed.feed_settings import FeedSettings as FeedSettings
from app.feed.feed_settings import Tap
from app.feed.key_link import KeyLink
from app.feed.key_sessions import KeySessions
from app.feed.paper_watch import PaperWatch
from app.feed.receiver import Receiver
from app.feed.registrations import RegistrationKey, RegistrationStatus
from app.feed.rest.rest_requests import RestRequests
from app.feed.session_sharing import SharedFeed, serving
from app.feed.subscriber import Subscriber
from app.krx.calendar import MarketPhase as MarketPhase
from app.system.clock import Clock
from specs.catalog import Session

if TYPE_CHECKING:
    import aiohttp

LONGEST_NAP = 1.0
SLEPT = 5.0
"""Seconds that the clocks which count sleep and those which do not may drift apart."""


class Feed:
    """The sessions of all app keys and what comes out of them."""

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
        draw = random.Random().random
        self._links = [KeyLink(key, settings, clock, self, draw) for key in settings.app_keys]
        self._link_session = self._links[0].session
        self._sessions = KeySessions(self._links)
        self._schedule = settings.schedule
        self._registrar = Subscriber(self._sessions, settings)
        self._sharing, recorder = settings.sharing, settings.recorder
        self._connection_log = ConnectionLog(self._sessions, clock, recorder, self._sharing)
        self.record_message = self._connection_log.record_message
        self._statuses: dict[RegistrationKey, RegistrationStatus] = {}
        self._conflation = Conflation(self._hand_over, settings.beat)
        self._rest = RestRequests(settings, clock, self._conflation.touch)
        self._receiver = Receiver(
            self._sessions, self._conflation, tap, clock, self._sharing, len(self._links)
        )
        self.accept = self._receiver.accept
        self.tasks: asyncio.TaskGroup
        self.http: aiohttp.ClientSession
        self._asleep_for = clock.suspended()
        self._paper = PaperWatch(is_paper=settings.is_paper)

    def watch(self, request: WatchRequest) -> None:
        """Watch these codes and no others."""
        self._command(lambda: self._registrar.update_request(request))

    def retry(self) -> None:
        """Connect now each key that is not connected; reconnect if all are."""
        self._command(self._retry)

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
            self._sessions, self._link, self._clients_changed, self.retry, self._rest,
            self._settings.reader,
        )  # fmt: skip
        sharing = serving(self._sharing, shared)
        async with client() as self.http, sharing, asyncio.TaskGroup() as self.tasks:
            aside = [self.tasks.create_task(link.sender.run()) for link in self._links]
            earlier = None
            if (history := self._settings.history) is not None:
                earlier = self.tasks.create_task(history.run(self._receiver.add_earlier))
                aside.append(earlier)
            aside += self._rest.begin(self.tasks, self.http, earlier)
            await self._drive()
            self._conflation.close()
            for task in aside:
                task.cancel()
            for link in self._links:
                link.cancel()

    async def _drive(self) -> None:
        while True:
            self._wake.clear()
            while not self._commands.empty():
                self._commands.get_nowait()()
            now = self._clock.monotonic()
            self._notice_sleep()
            self._look(now)
            self._poll_links(now)
            if self._sharing is not None:
                self._sharing.poll(now)
            if self._is_stopped:
                return
            due = min(link.session.next_at(now) for link in self._links)
            if now < (hand_on := self._sessions.next_at):
                due = min(due, hand_on)
            nap = min(now + LONGEST_NAP, due) - self._clock.monotonic()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, nap)):
                    await self._wake.wait()

    @property
    def _is_stopped(self) -> bool:
        return self._link_session.connection.phase is LinkPhase.STOPPED

    def _poll_links(self, now: float) -> None:
        market = self._schedule.state_at(self._clock.now())
        used, data = self._sessions.registrations.used, self._receiver.last_data
        if self._paper.poll(market, used, data, self._clock.monotonic()):
            self._conflation.touch()
        trading = market.session is Session.DAY and market.phase is MarketPhase.CONTINUOUS
        for link in self._links:
            tick = TimePassed(link.last_message, link.last_data, trading)
            link.perform(link.session.poll(tick, now))

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
        got = [link.acquire_lock(now) for link in self._links]
        if self._sessions.poll(now) or any(got):
            self._registrar.due = now
        effects = self._registrar.poll(self._clock.now(), now)
        self._receiver.volumes.start_session(*trading_at(self._clock.now(), self._schedule))
        self._rest.poll(self._registrar, self._clock.now(), changed=effects is not None)
        if effects is not None:
            self._links[0].perform(effects)
            self._receiver.reset(self._registrar.foreign)
            self._conflation.touch()

    def _clients_changed(self) -> None:
        self._registrar.update_clients()
        self._wake.set()

    def _event(self, event: LinkEvent) -> None:
        for link in self._links:
            link.event(event)

    def _retry(self) -> None:
        connections = [(link, link.session.connection) for link in self._links]
        down = [link for link, one in connections if not one.is_open and one.phase != LinkPhase.OFF]
        for link in down or self._links:
            link.event(RetryRequested())

    # --- what the connections of the keys use

    @property
    def is_paced(self) -> bool:
        """Whether reading waits after data."""
        return self._sharing is None or not self._sharing.has_clients

    @property
    def last_data(self) -> float:
        """Return the arrival of the last record of any registration; monotonic seconds."""
        return self._receiver.last_data

    def update_known(self) -> None:
        """Look up again which registrations exist."""
        self._receiver.reset()
        self._conflation.touch()
        self._wake.set()

    def notify(self) -> None:
        """Look at the connections, whose state may be another one."""
        if self._connection_log.poll():
            self._conflation.touch()
            self._wake.set()

    def _link(self) -> LinkState:
        return self._connection_log.link(*self._sessions.last_message(), self._paper.state)

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
