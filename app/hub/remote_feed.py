"""A feed whose frames, link state and registrations come from a hub, however it is reached.

It runs on the I/O thread in the place of `app.feed.feed.Feed`, and its batches look like that
feed's.  KIS is not called: what the hub sends is all there is.  Its subclasses bring it: over a
websocket for one (`app.hub.joined_feed`).
"""

import asyncio
import contextlib
import queue
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from math import inf
from typing import TypeAlias

from app.feed.batch import HUB_SILENT, Batch, LinkState, LinkTransition, Received
from app.feed.conflation import Conflation
from app.feed.connection_log import TRANSITIONS
from app.feed.demand import WatchRequest, trading_at
from app.feed.feed_settings import FeedSettings, Tap
from app.feed.link_step import LinkStep
from app.feed.phase import SETTLED, LinkPhase
from app.feed.receiver import Receiver
from app.feed.recording import Recording
from app.feed.registration_state import RegistrationKey, RegistrationStatus
from app.hub.joined_rest import JoinedRest
from app.hub.screen_demand import ScreenDemand
from app.hub.screen_messages import HubState, ScreenRequest, moment_after, moment_before
from app.hub.session_records import SessionRecords
from app.hub.trade_memory import Recalled
from app.system.clock import Clock

POLL_EVERY = 0.2
SILENT_AFTER = 1.7
"""Seconds without a word of the hub, which says one each second, after which prices dim."""

SendRequest: TypeAlias = Callable[[ScreenRequest], Awaitable[None]]


class RemoteFeed(ABC):
    """Brings batches from a hub until it is stopped or the hub is gone."""

    def __init__(
        self,
        settings: FeedSettings,
        clock: Clock,
        deliver: Callable[[Batch], None],
        tap: Tap | None,
        records: SessionRecords | None = None,
    ) -> None:
        """`records` gets what comes of the session, if this program may become its owner."""
        self._settings = settings
        self._records = records
        self._clock = clock
        self._deliver = deliver
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._conflation = Conflation(self._hand_over, settings.beat)
        self._receiver = Receiver(self, self._conflation, tap, clock, records)
        self._demand = ScreenDemand(settings)
        self._rest = JoinedRest(asks=settings.picture is not None)
        self._state = HubState()
        self._stated_at = self._heard_at = self._last_message = -inf
        self._statuses: dict[RegistrationKey, RegistrationStatus] = {}
        self._link = LinkState(via_hub=True)
        self._transitions: deque[LinkTransition] = deque(maxlen=TRANSITIONS)
        self._missed: Mapping[str, float] = {}
        self._ended = self._is_stopped = False
        self.lived_at = -inf
        """When the hub's session was last live; monotonic seconds."""

    # --- as a source; from any thread

    def watch(self, request: WatchRequest) -> None:
        """Watch these codes and no others."""
        self._command(lambda: self._demand.update_request(request))

    def retry(self) -> None:
        """Have the hub connect now; reconnect if connected."""
        self._command(lambda: self._demand.ask_retry())

    def record(self, on: bool) -> None:
        """Record from here on, or no longer, where there is a recorder."""
        recorder = self._settings.recorder
        if recorder is not None:
            self._command(recorder.start if on else lambda: recorder.stop(wait=False))

    def name(self, names: Mapping[str, str]) -> None:
        """Codes have these names, which a recording keeps."""
        recorder = self._settings.recorder
        if recorder is not None:
            self._command(lambda: recorder.name(names))

    def acknowledge_batch(self) -> None:
        """The last batch has been taken; the next may come."""
        self._command(self._conflation.acknowledge_batch)

    def stop(self) -> None:
        """Leave the hub and let `run` return."""
        self._is_stopped = True
        self._command(self.end)

    # --- as a subscription filter

    @property
    def unasked(self) -> int:
        """Return 0: a hub sends nothing that was not asked for."""
        return 0

    def confirm(self, tr_id: str, code: str, now: float) -> bool:
        """Return whether a registration is wanted."""
        return RegistrationKey(tr_id, code) in self._demand.keys

    # --- on the loop

    @abstractmethod
    async def exchange(self, tasks: asyncio.TaskGroup) -> None:
        """Connect, call `drive`, and close; return early where there is no connection."""

    async def run(self) -> None:
        """Bring batches until stopped, or until the hub is gone."""
        self._loop = asyncio.get_running_loop()
        if (recorder := self._settings.recorder) is not None:
            recorder.changed = lambda: self._command(self._conflation.touch)
        history = self._settings.history
        async with asyncio.TaskGroup() as tasks:
            earlier = None
            if history is not None:
                earlier = tasks.create_task(history.run(self._receiver.add_earlier))
            await self.exchange(tasks)
            self._conflation.close()
            if not self._is_stopped:
                # Until there is another owner the last prices must not look live.
                self._state = HubState(LinkPhase.BACKOFF, "closed", limit=self._state.limit)
                self._update_link(self._clock.monotonic())
                self._hand_over(())
            if earlier is not None:
                earlier.cancel()

    async def drive(self, send: SendRequest) -> None:
        """Ask for what is watched, by `send`, and renew the link until the feed is ended."""
        while not self._ended:
            self._wake.clear()
            while not self._commands.empty():
                self._commands.get_nowait()()
            now = self._clock.monotonic()
            market = self._clock.now()
            self._receiver.volumes.start_session(*trading_at(market, self._settings.schedule))
            request = self._demand.poll(market, now, self._state.limit or self._settings.limit)
            if request is not None:
                await send(request)
                self._receiver.reset()
                self._conflation.touch()
            self._update_link(now)
            if self._records is not None:
                self._records.poll(market, self._demand.keys, self._link.phase)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_EVERY):
                    await self._wake.wait()

    def accept(self, data: object, at: float) -> None:
        """Read one message of KIS that the hub received at `at` (monotonic seconds here)."""
        self._heard_at = max(self._heard_at, at)
        if self._settings.recorder is not None:
            self._settings.recorder.record_message(data, self._clock.monotonic())
        self._last_message = max(self._last_message, at)
        self._receiver.accept(data, at)

    def accept_rest(self, encoded: bytes, now: float) -> None:
        """Take a result of REST that the hub sent."""
        self._heard_at = now
        self._rest.accept(encoded)
        self._conflation.touch()

    def recall(self, code: str, recalled: Recalled) -> None:
        """Take what the hub remembers of a code."""
        self._rest.recall(code, recalled.rest)
        if any(recalled.records):
            if self._records is not None:
                self._records.prepend(recalled.records)
            self._receiver.add_earlier(recalled.records)
        self._conflation.touch()

    def apply(self, state: HubState, now: float) -> None:
        """Apply the state that the hub stated at `now` (monotonic seconds here)."""
        self._heard_at = max(self._heard_at, now)
        self._state, self._stated_at = state, now
        wanted = self._demand.keys
        statuses = {
            key: RegistrationStatus(
                one.state, one.refusal, moment_before(now, one.age, 0.0), one.detail, one.app_key
            )
            for one in state.statuses
            if (key := RegistrationKey(one.tr_id, one.code)) in wanted
        }
        if _without_since(statuses) != _without_since(self._statuses):
            self._statuses = statuses
        self._last_message = moment_before(now, state.age)
        if state.phase in SETTLED:
            self.lived_at = now
        self._update_link(self._clock.monotonic())

    def _update_link(self, now: float) -> None:
        """Renew the state of the link; without a word of the hub for too long it is suspect."""
        state, phase, is_silent = self._state, self._state.phase, False
        if self._heard_at == -inf and phase is LinkPhase.OFF:
            phase = LinkPhase.DIAL
        elif phase in SETTLED and now - self._heard_at >= SILENT_AFTER:
            phase, is_silent = LinkPhase.SUSPECT, True
        link = LinkState(
            phase,
            HUB_SILENT if is_silent else state.reason,
            state.detail,
            moment_after(self._stated_at, state.next_in),
            state.failures,
            state.used,
            state.limit,
            state.waiting,
            self._last_message,
            state.notice,
            state.paper,
            via_hub=True,
            sharers=state.sharers,
            keys=state.keys,
        )
        if link != self._link:
            self._conflation.touch()
        if phase is not self._link.phase:
            self._note_step(link, now)
        self._link = link

    def _note_step(self, link: LinkState, now: float) -> None:
        at = self._clock.now().isoformat(timespec="seconds")
        self._transitions.append(LinkTransition(at, link.phase, link.reason, link.detail))
        recorder = self._settings.recorder
        if recorder is not None:
            step = LinkStep(
                link.phase, link.reason, link.detail, 1, link.used, link.limit, link.waiting
            )
            recorder.link(step, now)

    def _hand_over(self, received: tuple[Received, ...]) -> None:
        missed = self._receiver.volumes.missed
        self._deliver(Batch(
            received, self._link, self._receiver.counters(), self._statuses,
            tuple(self._transitions), self._demand.asleep, self._rest.collect(), missed,
            self._recording(missed), *self._receiver.collect_lane(),
        ))  # fmt: skip

    def _recording(self, missed: Mapping[str, float]) -> Recording:
        recorder = self._settings.recorder
        if recorder is None:
            return Recording()
        if missed is not self._missed:
            self._missed = missed
            recorder.miss(missed)
        return recorder.recording

    def end(self) -> None:
        """Have `drive` return: the hub is gone."""
        self._ended = True
        self._wake.set()

    def _command(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)


def _without_since(statuses: Mapping[RegistrationKey, RegistrationStatus]) -> list[object]:
    return [(key, one.state, one.code, one.detail, one.app_key) for key, one in statuses.items()]
