"""The feed of a screen without a key: what it shows comes from a hub, over NATS."""

import asyncio
import contextlib
import os
import platform
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import asdict, replace

from app.desk.desk_address import DeskAddress
from app.desk.desk_link import DeskLink
from app.desk.desk_messages import LEASE_SECONDS, DeskRequest, FrameStamp
from app.desk.hub_time import HubTime
from app.desk.nats_connection import RETRY_EVERY, NatsConnection, Unreachable, connected
from app.desk.pair_frames import FollowedEpoch, StampedFrame
from app.feed.batch import Batch
from app.feed.feed_settings import FeedSettings, Tap
from app.feed.phase import LinkPhase
from app.hub.remote_feed import SILENT_AFTER, RemoteFeed
from app.hub.screen_messages import HubState, ScreenRequest
from app.system.clock import Clock
from app.system.errors import KisTuiError
from app.system.event_log import log_event

if TYPE_CHECKING:
    from app.hub.trade_memory import Recalled

RENEW_EVERY = LEASE_SECONDS / 3
LEAVE_TIMEOUT = 1.0


class DeskFeed(RemoteFeed):
    """Brings batches from the hub of a desk until it is stopped."""

    def __init__(
        self,
        settings: FeedSettings,
        clock: Clock,
        deliver: Callable[[Batch], None],
        tap: Tap | None,
        address: DeskAddress,
    ) -> None:
        super().__init__(settings, clock, deliver, tap)
        from secrets import token_urlsafe

        self._address = address
        self._screen = token_urlsafe(12)
        self._name = f"{platform.node()}:{os.getpid()}"
        self._request = ScreenRequest()
        self._changed = asyncio.Event()
        self._again = asyncio.Event()
        self._time = HubTime()
        self._hub = ""
        self._followed = FollowedEpoch()
        self._left_epochs: set[str] = set()
        self._link_to_hub: DeskLink | None = None

    @property
    def followed(self) -> FollowedEpoch:
        """The run of the hub that is followed."""
        return self._followed

    def retry(self) -> None:
        """Have the hub connect now; connect to a server that refused."""
        super().retry()
        self._command(self._again.set)

    # --- on the loop

    async def exchange(self, tasks: asyncio.TaskGroup) -> None:
        """Stay connected to the server, and leave the hub when the feed is stopped."""
        connecting = tasks.create_task(self._connect())
        await self.drive(self._send)
        if (link := self._link_to_hub) is not None:
            with contextlib.suppress(Unreachable, TimeoutError):
                async with asyncio.timeout(LEAVE_TIMEOUT):
                    await link.ask(DeskRequest(screen=self._screen, hub=self._hub, leaves=True))
        connecting.cancel()

    async def _send(self, request: ScreenRequest) -> None:
        # What is asked is sent by the task of the connection: the screen must not wait for it.
        self._request = request
        self._changed.set()

    async def _connect(self) -> None:
        while True:
            try:
                async with connected(self._address, "kis-tui", self._clock) as connection:
                    await self._follow(connection)
            except Unreachable as error:
                log_event("desk", "unreachable", why=str(error))
                if self._clock.monotonic() - self._heard_at >= SILENT_AFTER:
                    self._show(LinkPhase.BACKOFF, str(error))
            except KisTuiError as error:
                self._show(LinkPhase.FATAL, self._settings.describe(error.message))
                self._again.clear()
                await self._again.wait()
            finally:
                self._link_to_hub = None
            await asyncio.sleep(RETRY_EVERY)

    async def _follow(self, connection: NatsConnection) -> None:
        """Ask, renew, and keep the subscriptions until the connection ends."""
        link = self._link_to_hub = DeskLink(connection, self)
        await link.begin()
        closing = asyncio.create_task(connection.closed.wait())
        try:
            while not connection.closed.is_set():
                self._changed.clear()
                request, self._request = self._request, replace(self._request, retry=False)
                asked = DeskRequest(
                    **asdict(request), screen=self._screen, name=self._name, hub=self._hub
                )
                answer = None
                with contextlib.suppress(Unreachable):
                    answer = await link.ask(asked)
                await link.update(self._demand.keys)
                # Without a hub there is no answer; all of it is asked again.
                pause = RETRY_EVERY if answer is None else RENEW_EVERY
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._changed.wait()
        finally:
            closing.cancel()
            link.end()

    def _show(self, phase: LinkPhase, why: str) -> None:
        self._state = HubState(phase, "desk", why, limit=self._state.limit)
        self._update_link(self._clock.monotonic())

    # --- what the link to the hub reports

    def apply_state(self, hub: str, stamp: FrameStamp, state: HubState) -> None:
        """Apply what a hub stated, unless another one is followed."""
        now = self._clock.monotonic()
        if hub != self._hub and self._hub and now - self._heard_at < SILENT_AFTER:
            return
        if stamp.epoch in self._left_epochs:
            return
        if stamp.epoch != self._followed.name:
            self._resync(hub, stamp.epoch)
        self._time.apply(stamp.time, now)
        others = tuple(one for one in state.sharers if one.name != self._name)
        self.apply(replace(state, sharers=others), self._time.moment(stamp.time, now))

    def apply_frames(self, frames: tuple[StampedFrame, ...]) -> None:
        """Read frames of the hub that is followed, with the ages that they have."""
        now = self._clock.monotonic()
        for frame in frames:
            self.accept(_text(frame.data), self._time.moment(frame.stamp.time, now))

    def apply_memory(self, code: str, recalled: "Recalled") -> None:
        """Take what the hub remembers of a code."""
        self.recall(code, recalled)

    def _resync(self, hub: str, epoch: str) -> None:
        """Follow another run of a hub: nothing of the one before can be compared with it."""
        log_event("desk", "epoch", epoch, hub=hub)
        if self._followed.name:
            self._left_epochs.add(self._followed.name)
        self._hub, self._followed = hub, FollowedEpoch(epoch)
        self._time.reset()
        if self._link_to_hub is not None:
            self._link_to_hub.rejoin()
        self._changed.set()


def _text(data: bytes) -> str | bytes:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data
