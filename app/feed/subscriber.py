"""Turns what the screen watches into the registrations that the link session requests."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import inf
from typing import Protocol

from app.feed.connection_state import Connection
from app.feed.demand import (
    RankedRegistration,
    RegistrationDemand,
    WatchRequest,
    count_reserved,
    rank_registrations,
    turn_at,
)
from app.feed.events import Effect
from app.feed.feed_settings import FeedSettings
from app.feed.keyed_session import Registered
from app.feed.registrations import RegistrationKey, RegistrationStatus
from app.feed.slots import SlotPlanner
from app.system.event_log import log_event
from specs.catalog import Channel, Session
from specs.codes import CodeFacts
from specs.expected_trend import market as trend_market

LOOK_EVERY = 1.0
"""Seconds between two looks at session and auction."""


class RequestedSession(Protocol):
    """The session of one app key, or those of several as one."""

    @property
    def connection(self) -> Connection:
        """The state of the connection."""

    @property
    def registrations(self) -> Registered:
        """The registrations that it has."""

    def request(self, keys: Iterable[RegistrationKey], now: float, *, brisk: bool) -> list[Effect]:
        """Want these registrations and no others."""


class Subscriber:
    """Requests the registrations that fit the watch request, session, auction and free slots."""

    def __init__(self, session: RequestedSession, settings: FeedSettings) -> None:
        self._link_session = session
        self._settings = settings
        self._schedule = settings.schedule
        self._channels = settings.channels
        self._expects = settings.expects_always or settings.channels == {Channel.EXPECTED}
        self._reader = settings.reader
        self._planner = SlotPlanner()
        self._sharing = settings.sharing
        self._request = WatchRequest()
        self._turn: tuple[Session, bool] | None = None
        self._wants = RegistrationDemand((), {})
        self._stale = True
        self._at_once = False
        """Whether slots change hands at once: another list is shown, or clients changed."""
        self.due = -inf
        """Time of the next check; monotonic seconds."""
        self.foreign: frozenset[RegistrationKey] = frozenset()
        """The registrations that only clients of the gateway want."""

    @property
    def demand(self) -> RegistrationDemand:
        """All that the wish asks for, and what sleeps."""
        return self._wants

    @property
    def watched(self) -> list[tuple[CodeFacts, Session]]:
        """The contracts that are watched, and the session that is on for them."""
        session = self._turn[0] if self._turn is not None else Session.DAY
        read = map(self._reader, self._request.codes)
        return [(contract, session) for contract in read if contract is not None]

    def expected_by_rest(self, moment: datetime) -> CodeFacts | None:
        """Return the focused contract if REST alone knows its expected price at a moment (KST)."""
        return expected_by_rest(self._request.focus, moment, self._settings)

    def update_request(self, request: WatchRequest) -> None:
        """Watch something else from now on."""
        if request.codes != self._request.codes:
            log_event("feed", "watch", len(request.codes), codes=request.codes)
        self._at_once = self._at_once or request.others != self._request.others
        self._request, self._stale, self.due = request, True, -inf

    @property
    def statuses(self) -> dict[RegistrationKey, RegistrationStatus]:
        """Return the status of every registration of the request, highest priority first."""
        statuses = self._link_session.registrations.statuses()
        return {key: one for key, one in statuses.items() if key not in self.foreign}

    def update_clients(self) -> None:
        """Ask the gateway at the next poll what its clients want."""
        self._at_once, self.due = True, -inf

    def poll(self, moment: datetime, now: float) -> list[Effect] | None:
        """Request what fits a moment (KST) and the number of slots that the server has.

        None where nothing changed.
        """
        if now < self.due:
            return None
        session, auction = turn_at(moment, self._schedule)
        turn = (session, auction or self._expects)
        turned = turn != self._turn
        changed = turned or self._stale
        if changed:
            self._wants = rank_registrations(
                self._request,
                turn[0],
                auction=turn[1],
                channels=self._channels,
                reader=self._reader,
            )
            self._turn, self._stale = turn, False
            if turned:
                wanted, asleep = len(self._wants.registrations), len(self._wants.asleep)
                log_event("feed", "session", turn[0], auction=turn[1], wanted=wanted, asleep=asleep)
        registrations = self._link_session.registrations
        # Before the first message, a change costs no message.
        keys = self._planner.plan(
            self._all_wanted(registrations.limit, now),
            registrations.limit,
            now,
            refused=registrations.refused,
            at_once=turned or self._at_once or not self._link_session.connection.is_open,
        )
        self._at_once = False
        self.due = now + LOOK_EVERY
        if keys == registrations.wanted:
            return [] if changed else None
        return self._link_session.request(keys, now, brisk=turned)

    def _all_wanted(self, limit: int, now: float) -> Sequence[RankedRegistration]:
        """Return what the request asks for, and the clients of the gateway."""
        own = self._wants.fitting(limit)
        if self._sharing is None:
            return own
        reserved = count_reserved(self._request, own)
        merged = self._sharing.merge(own, reserved, limit, now)
        self.foreign = frozenset(want.key for want in merged) - {want.key for want in own}
        return merged


def expected_by_rest(focus: str, moment: datetime, settings: FeedSettings) -> CodeFacts | None:
    """Return the focused contract if an auction is on and REST alone knows its expected price.

    That are index products by day.
    """
    market = settings.schedule.state_at(moment)
    begins = market.expected_from
    if market.session is not Session.DAY or begins is None or moment < begins:
        return None
    contract = settings.reader(focus)
    return contract if contract is not None and trend_market(contract) else None
