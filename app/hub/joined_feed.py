"""The feed of a joined kis-tui: data, link state and registrations from the owner of the key.

It runs on the I/O thread in the place of `app.feed.feed.Feed`, and its batches look like that
feed's.  KIS is not called: what the owner's gateway sends is all there is.
"""

import asyncio
import contextlib
import queue
from collections import deque
from collections.abc import Callable, Mapping
from math import inf

import aiohttp

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
from app.feed.socket import LARGEST_FRAME, Socket, client, data_of
from app.hub.memory_requests import MemoryRequests
from app.hub.owner_file import OwnerAddress
from app.hub.screen_demand import ScreenDemand
from app.hub.screen_messages import (
    PATH,
    TOKEN,
    HubState,
    ScreenRequest,
    encode_message,
    moment_after,
    moment_before,
    read_state,
)
from app.system.clock import Clock

POLL_EVERY = 0.2
SILENT_AFTER = 1.7
"""Seconds without a word of the owner, which says one each second, after which prices dim."""

DIAL_TIMEOUT = 5.0


class JoinedFeed:
    """Brings batches from the gateway at `owner` until it is stopped or the gateway is gone."""

    def __init__(
        self,
        settings: FeedSettings,
        clock: Clock,
        deliver: Callable[[Batch], None],
        tap: Tap | None,
        owner: OwnerAddress,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._deliver = deliver
        self._owner = owner
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._conflation = Conflation(self._hand_over, settings.beat)
        self._receiver = Receiver(self, self._conflation, tap, clock)
        self._demand = ScreenDemand(settings)
        self._memory = MemoryRequests(owner, self._receiver.add_earlier)
        self._state = HubState()
        self._stated_at = self._heard_at = self._last_message = -inf
        self._statuses: dict[RegistrationKey, RegistrationStatus] = {}
        self._link = LinkState(via_hub=True)
        self._transitions: deque[LinkTransition] = deque(maxlen=TRANSITIONS)
        self._missed: Mapping[str, float] = {}
        self._ended = self._is_stopped = False
        self.lived_at = -inf
        """When the owner's session was last live; monotonic seconds."""

    # --- as a source; from any thread

    def watch(self, request: WatchRequest) -> None:
        """Watch these codes and no others."""
        self._command(lambda: self._demand.update_request(request))

    def retry(self) -> None:
        """Have the owner connect now; reconnect if connected."""
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
        """Leave the gateway and let `run` return."""
        self._is_stopped = True
        self._command(self._end)

    # --- as a subscription filter

    @property
    def unasked(self) -> int:
        """Return 0: the gateway sends nothing that was not asked for."""
        return 0

    def confirm(self, tr_id: str, code: str, now: float) -> bool:
        """Return whether a registration is wanted."""
        return RegistrationKey(tr_id, code) in self._demand.keys

    # --- on the loop

    async def run(self) -> None:
        """Bring batches until stopped, or until the gateway is gone."""
        self._loop = asyncio.get_running_loop()
        if (recorder := self._settings.recorder) is not None:
            recorder.changed = lambda: self._command(self._conflation.touch)
        history = self._settings.history
        async with client() as http, asyncio.TaskGroup() as tasks:
            earlier = None
            if history is not None:
                earlier = tasks.create_task(history.run(self._receiver.add_earlier))
            try:
                socket = await self._dial(http)
            except (OSError, aiohttp.ClientError, TimeoutError):
                socket = None
            if socket is not None:
                aside = [tasks.create_task(self._read(socket))]
                aside.append(tasks.create_task(self._memory.run(http)))
                await self._drive(socket)
                for task in aside:
                    task.cancel()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1.0):
                        await socket.close()
            self._conflation.close()
            if not self._is_stopped:
                # Until there is another owner the last prices must not look live.
                self._state = HubState(LinkPhase.BACKOFF, "closed", limit=self._state.limit)
                self._update_link(self._clock.monotonic())
                self._hand_over(())
            if earlier is not None:
                earlier.cancel()

    async def _dial(self, http: aiohttp.ClientSession) -> Socket:
        async with asyncio.timeout(DIAL_TIMEOUT):
            return await http.ws_connect(
                f"{self._owner.ws}{PATH}",
                headers={TOKEN: self._owner.token},
                heartbeat=None,
                max_msg_size=LARGEST_FRAME,
                decode_text=False,
            )

    async def _drive(self, socket: Socket) -> None:
        while not self._ended:
            self._wake.clear()
            while not self._commands.empty():
                self._commands.get_nowait()()
            now = self._clock.monotonic()
            market = self._clock.now()
            self._receiver.volumes.start_session(*trading_at(market, self._settings.schedule))
            request = self._demand.poll(market, now, self._state.limit or self._settings.limit)
            if request is not None:
                await self._send(socket, request)
                self._memory.ask(dict.fromkeys(code for _, code, _ in request.wanted))
                self._receiver.reset()
                self._conflation.touch()
            self._update_link(now)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_EVERY):
                    await self._wake.wait()

    async def _send(self, socket: Socket, request: ScreenRequest) -> None:
        # A closed socket is noticed by the reader.
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(DIAL_TIMEOUT):
                await socket.send_str(encode_message(request))

    async def _read(self, socket: Socket) -> None:
        async for message in socket:
            if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                self._accept(data_of(message))
        self._end()

    def _accept(self, data: object) -> None:
        now = self._clock.monotonic()
        self._heard_at = now
        if isinstance(data, str) and data.startswith("{"):
            state = read_state(data)
            if state is not None:
                self._apply(state, now)
            return
        if self._settings.recorder is not None:
            self._settings.recorder.record_message(data, now)
        self._last_message = now
        self._receiver.accept(data, now)

    def _apply(self, state: HubState, now: float) -> None:
        self._state, self._stated_at = state, now
        wanted = self._demand.keys
        statuses = {
            key: RegistrationStatus(
                one.state, one.refusal, moment_before(now, one.age, 0.0), one.detail
            )
            for one in state.statuses
            if (key := RegistrationKey(one.tr_id, one.code)) in wanted
        }
        if _without_since(statuses) != _without_since(self._statuses):
            self._statuses = statuses
        self._last_message = moment_before(now, state.age)
        if state.phase in SETTLED:
            self.lived_at = now
        self._update_link(now)

    def _update_link(self, now: float) -> None:
        """Renew the state of the link; without a word of the owner for too long it is suspect."""
        state, phase, is_silent = self._state, self._state.phase, False
        if self._heard_at == -inf and phase is LinkPhase.OFF:
            phase = LinkPhase.DIAL
        elif is_silent := now - self._heard_at >= SILENT_AFTER:
            phase = LinkPhase.SUSPECT if phase in SETTLED else phase
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
            tuple(self._transitions), self._demand.asleep, (), missed, self._recording(missed),
            *self._receiver.collect_lane(),
        ))  # fmt: skip

    def _recording(self, missed: Mapping[str, float]) -> Recording:
        recorder = self._settings.recorder
        if recorder is None:
            return Recording()
        if missed is not self._missed:
            self._missed = missed
            recorder.miss(missed)
        return recorder.recording

    def _end(self) -> None:
        self._ended = True
        self._wake.set()

    def _command(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)


def _without_since(statuses: Mapping[RegistrationKey, RegistrationStatus]) -> list[object]:
    return [(key, one.state, one.code, one.detail) for key, one in statuses.items()]
