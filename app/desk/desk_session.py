"""A hub's session on a desk: what of it is published, and what screens ask for.

It stands before the gateway of the same hub, which serves the programs of this machine; both enter
their demand into the same plan.  All of it runs on the feed's loop.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from app.desk.desk_messages import STATE_SECONDS, DeskAnswer, DeskRequest
from app.desk.frame_publisher import FramePublisher
from app.desk.screen_leases import ScreenLeases
from app.feed.batch import Sharer
from app.feed.demand import RankedRegistration, trading_at
from app.feed.registration_state import RegistrationKey
from app.feed.rest.rest_demand import RestDemand
from app.feed.rest.rest_events import RestEvent
from app.feed.session_sharing import SharedFeed
from app.hub.gateway import Gateway
from app.hub.screen_client import hub_state, without_ages
from app.hub.screen_messages import HubState
from app.system.clock import Clock
from specs.catalog import Session
from specs.record import Record

if TYPE_CHECKING:
    from app.feed.trade_lane import LaneRecords


class DeskSession:
    """Implements `app.feed.session_sharing` for a gateway and a desk."""

    def __init__(self, gateway: Gateway, hub: str, clock: Clock) -> None:
        self.gateway = gateway
        self.hub = hub
        """The name of this hub on the desk: a hash of its app key."""
        self.publisher = FramePublisher(clock)
        self.leases = ScreenLeases(gateway.demand)
        self.state_changed = asyncio.Event()
        self.released: list[RegistrationKey] = []
        """Registrations whose last frames are to be discarded."""
        self._clock = clock
        self._feed: SharedFeed | None = None
        self._turn: tuple[date, Session] | None = None
        self._state = HubState()
        self._stated_at = float("-inf")
        self._unanswered: list[tuple[DeskRequest, asyncio.Future[DeskAnswer]]] = []
        gateway.remote = self._remote

    # --- what the feed uses

    @property
    def has_clients(self) -> bool:
        """Return True: what is published is wanted by whoever joins."""
        return True

    @property
    def sharers(self) -> tuple[Sharer, ...]:
        """The programs of this machine and the screens of the desk."""
        return self.gateway.sharers

    @property
    def rest_demands(self) -> Sequence[RestDemand]:
        """What programs of this machine ask of REST; screens of the desk ask nothing of it."""
        return self.gateway.rest_demands

    @asynccontextmanager
    async def serve(self, feed: SharedFeed) -> AsyncIterator[None]:
        """Serve the programs of this machine, and let screens ask, while the block runs.

        Raises:
            UsageError: a port of the gateway is not available.
        """
        self._feed = feed
        async with self.gateway.serve(feed):
            try:
                yield
            finally:
                self._feed = None

    def merge(
        self, own: Sequence[RankedRegistration], reserved: int, limit: int, now: float
    ) -> Sequence[RankedRegistration]:
        """Return the registrations of the feed and of all clients and screens."""
        return self.gateway.merge(own, reserved, limit, now)

    def forward(self, raw: str, tr_id: str, records: "list[Record]") -> None:
        """Publish a data frame, and pass it on to the programs of this machine."""
        self.publisher.accept(raw, tr_id, records)
        self.gateway.forward(raw, tr_id, records)

    def remember(self, records: "LaneRecords") -> None:
        """Keep trades and indications for screens that join later."""
        self.gateway.remember(records)

    def hand_over(self, event: RestEvent) -> None:
        """Pass on a result of REST to the programs of this machine."""
        self.gateway.hand_over(event)

    def poll(self, now: float) -> None:
        """Answer requests, end those that lapsed, and note a state that changed."""
        self.gateway.poll(now)
        feed = self._feed
        if feed is None:
            return
        registrations = feed.session.registrations
        statuses = registrations.statuses()
        for request, future in self._unanswered:
            if not future.done():
                epoch = self.publisher.epoch
                future.set_result(self.leases.answer(request, statuses, self.hub, epoch))
        self._unanswered.clear()
        if self.leases.poll(now):
            feed.changed()
        turn = trading_at(self._clock.now(), self.gateway.settings.schedule)
        kept = set(registrations.targets) if turn == self._turn else set()
        self._turn = turn
        self.released += self.publisher.retain(kept)
        state = hub_state(replace(feed.link(), sharers=self._all_sharers()), statuses, now)
        if now - self._stated_at >= STATE_SECONDS or without_ages(state) != without_ages(
            self._state
        ):
            self._state, self._stated_at = state, now
            self.state_changed.set()

    # --- what the connection uses

    def state(self) -> HubState:
        """Return the state of the hub now."""
        feed = self._feed
        if feed is None:
            return HubState()
        link = replace(feed.link(), sharers=self._all_sharers())
        statuses = feed.session.registrations.statuses()
        return hub_state(link, statuses, self._clock.monotonic())

    async def request(self, request: DeskRequest) -> DeskAnswer:
        """Enter a screen's request, and return what became of it once the plan is made."""
        feed = self._feed
        if feed is None or not request.screen:
            return DeskAnswer(self.hub, self.publisher.epoch)
        if request.retry:
            feed.retry()
        future: asyncio.Future[DeskAnswer] = asyncio.get_running_loop().create_future()
        self._unanswered.append((request, future))
        # The feed plans, and then polls.
        self.leases.apply(request, self._clock.monotonic())
        feed.changed()
        return await future

    def _remote(self) -> tuple[Sharer, ...]:
        feed = self._feed
        return (
            ()
            if feed is None
            else tuple(self.leases.sharers(feed.session.registrations.statuses()))
        )

    def _all_sharers(self) -> tuple[Sharer, ...]:
        """Return all programs of the session, the hub first."""
        demand = self.gateway.demand
        codes = tuple(dict.fromkeys(key.code for key in demand.own))
        return (Sharer("kis-tui", codes, len(demand.own)), *self.gateway.sharers)
