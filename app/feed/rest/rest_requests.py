"""Asks REST for what the feed's own screen and joined programs show, each contract once."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.feed.demand import trading_at
from app.feed.feed_settings import FeedSettings
from app.feed.rest.event_codec import decode_event, encode_event
from app.feed.rest.price_snapshot import PriceSnapshot
from app.feed.rest.rest_demand import RestDemand
from app.feed.rest.rest_events import RestEvent, RestTrouble
from app.feed.rest.rest_memory import RestMemory, code_of
from app.feed.subscriber import Subscriber
from app.system.clock import Clock
from specs.catalog import Session

if TYPE_CHECKING:
    import aiohttp


class RestRequests:
    """The requests of one feed; lives on its loop, and asks nothing where REST is off."""

    def __init__(self, settings: FeedSettings, clock: Clock, touch: Callable[[], None]) -> None:
        """`touch` is called when there is something to collect."""
        self._settings, self._clock, self._touch = settings, clock, touch
        self._sharing = settings.sharing
        self._snapshot: PriceSnapshot | None = None
        self._own = RestDemand()
        self._asked: tuple[RestDemand, ...] = ()
        self._events: list[RestEvent] = []
        self._memory = RestMemory()
        self._turn: tuple[date, Session] | None = None
        self.trouble = b""
        """Why nothing more is asked in this run, for `decode_event`; empty while it is."""

    def begin(
        self,
        tasks: asyncio.TaskGroup,
        http: "aiohttp.ClientSession",
        earlier: asyncio.Task[None] | None,
    ) -> list[asyncio.Task[None]]:
        """Start to ask; bars not before `earlier` is done, which may bring what they would."""
        if self._settings.picture is None:
            return []
        self._snapshot = PriceSnapshot(
            self._settings.picture, http, self._clock, self._accept, self._settings.schedule
        )
        if earlier is not None:
            self._snapshot.ask_bars_after(earlier)
        return [tasks.create_task(self._snapshot.run())]

    def poll(self, subscriber: Subscriber, moment: datetime, *, changed: bool) -> None:
        """Ask for what is shown at a moment (KST); `changed` says that the own screen's is new."""
        if self._snapshot is None or self._settings.picture is None:
            return
        turn = trading_at(moment, self._settings.schedule)
        if turn != self._turn:
            self._turn = turn
            self._memory.clear()
        expected = subscriber.expected_by_rest(moment)
        contracts = tuple(subscriber.watched) if changed else self._own.contracts
        own = RestDemand(contracts, expected, self._settings.picture.asks_bars)
        if changed:
            self._recall(own.codes - self._own.codes)
        self._own = own
        demands = (own,) if self._sharing is None else (own, *self._sharing.rest_demands)
        if demands != self._asked:
            self._asked = demands
            self._ask(self._snapshot, demands)

    def remembered(self, code: str) -> list[bytes]:
        """Return what REST said of a code in this session, for `decode_event`."""
        return self._memory.find(code)

    def collect(self) -> tuple[RestEvent, ...]:
        """Return the results for the own screen since the last time."""
        events, self._events = tuple(self._events), []
        return events

    def _ask(self, snapshot: PriceSnapshot, demands: tuple[RestDemand, ...]) -> None:
        contracts = dict.fromkeys(one for demand in demands for one in demand.contracts)
        barred = (demand.contracts for demand in demands if demand.asks_bars)
        snapshot.ask(list(contracts), list(dict.fromkeys(one for part in barred for one in part)))
        snapshot.expect([one.expected for one in demands if one.expected is not None])

    def _recall(self, codes: frozenset[str]) -> None:
        """Deliver what REST said of contracts that only other programs showed."""
        found = (decode_event(raw) for code in codes for raw in self._memory.find(code))
        self._events += [event for event in found if event is not None]

    def _accept(self, event: RestEvent) -> None:
        code = code_of(event)
        if self._sharing is not None:
            self._memory.apply(event)
            if isinstance(event, RestTrouble) and event.over:
                self.trouble = encode_event(event)
            self._sharing.hand_over(event)
        if not code or code in self._own.codes:
            self._events.append(event)
            self._touch()
