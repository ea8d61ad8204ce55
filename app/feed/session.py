"""One link session: connection and registrations together, without a socket or a clock.

The feed drives it over a real socket, the tests over a modelled one; both hand it what happened and
do what it answers.
"""

from collections import deque
from collections.abc import Callable, Iterable
from math import inf

from app.feed.connection import LinkPhase, step
from app.feed.connection_state import Connection
from app.feed.dial_budget import DialBudget
from app.feed.events import (
    DemandChanged,
    Effect,
    LinkEvent,
    RegistrationAcknowledged,
    RegistrationsSettled,
    RenewRegistration,
    SendControl,
    SendProbe,
    SessionError,
    SocketOpened,
    TimePassed,
)
from app.feed.feed_log import FeedLog
from app.feed.registration_state import ControlRequest
from app.feed.registrations import LIMIT, RegistrationKey, Registrations
from specs.control import Ack, RefusalReaction

BRISK = 0.1
"""Seconds between control messages after a connect and at a session or auction switch."""

CALM = 0.2
DEBOUNCE = 0.3
"""Seconds that a user's changes are gathered before they are sent."""

WINDOW = 3
"""Control messages that may be unanswered at a time."""

A_MINUTE = 120
"""Control messages per minute, without those of a restore."""

_OF_SESSION = frozenset(
    (
        RefusalReaction.NEW_KEY,
        RefusalReaction.OCCUPIED,
        RefusalReaction.CREDENTIALS,
        RefusalReaction.BACK_OFF,
    )
)


class LinkSession:
    """Decides what is sent, dialled and closed, and when."""

    def __init__(
        self,
        draw: Callable[[], float],
        limit: int = LIMIT,
        budget: DialBudget | None = None,
        lived_at: float = -inf,
        profile: str = "",
    ) -> None:
        self._draw = draw
        self.connection = Connection(budget=budget or DialBudget(), lived_at=lived_at)
        self.registrations = Registrations(limit)
        self._brisk = True
        self._changed_at = -inf
        self._sent: deque[float] = deque(maxlen=A_MINUTE)
        self._log = FeedLog(profile)
        self.last_data = -inf

    @property
    def unasked(self) -> int:
        """Answers that nobody had asked for."""
        return self.registrations.unasked

    def request(
        self,
        keys: Iterable[RegistrationKey],
        now: float,
        *,
        brisk: bool,
        is_needed: bool | None = None,
    ) -> list[Effect]:
        """Want these registrations; `brisk` where session or auction changed, not the user.

        `is_needed` is whether a session is wanted; by default if there are any registrations.
        """
        self.registrations.request(keys)
        self._brisk = self._brisk or brisk
        self._changed_at = now
        if is_needed is None:
            is_needed = bool(self.registrations.wanted)
        return self.event(DemandChanged(is_needed), now)

    def event(self, event: LinkEvent, now: float) -> list[Effect]:
        """Something happened to the connection."""
        before = self.connection
        self.connection, effects = step(before, event, now, self._draw())
        if isinstance(event, SocketOpened) and self.connection.phase is LinkPhase.PROBE:
            self.registrations.new_session()
            self._brisk = True
        self._log.log_step(event, before, self.connection, self.registrations, now)
        done: list[Effect] = []
        for effect in effects:
            order: ControlRequest | None = None
            match effect:
                case SendProbe():
                    order = self.registrations.probe()
                case RenewRegistration():
                    order = self.registrations.renew(now)
                case _:
                    done.append(effect)
            if order is not None:
                done.append(self._send(order, now))
        return done

    def answer(self, ack: Ack, now: float) -> list[Effect]:
        """The server answered."""
        self._log.log_ack(ack, now)
        if ack.reaction in _OF_SESSION:
            return self.event(SessionError(ack.code, ack.reaction), now)
        return (
            self.event(RegistrationAcknowledged(), now)
            if self.registrations.acknowledge(ack)
            else []
        )

    def confirm(self, tr_id: str, code: str, now: float) -> bool:
        """Data of a registration came; False if nobody asked for it."""
        if not self.registrations.confirm(tr_id, code):
            return False
        if self.connection.phase is LinkPhase.PROBE:
            self.event(RegistrationAcknowledged(), now)
        return True

    def poll(self, tick: TimePassed, now: float) -> list[Effect]:
        """Apply the passage of time, and send control messages that are due."""
        effects = self.event(tick, now)
        if not self.connection.is_open:
            return effects
        while (order := self._next_order(now)) is not None:
            effects.append(self._send(order, now))
        if self.registrations.is_settled(now):
            self._brisk = False
            effects += self.event(RegistrationsSettled(self.registrations.is_complete), now)
        return effects

    def next_at(self, now: float) -> float:
        """Return when to call `poll` again: after at most a second while a socket is open."""
        state, soon = self.connection, now + 1.0
        if not state.is_open:
            return state.next_at
        if state.phase is LinkPhase.SUSPECT or self.registrations.unanswered >= self._window:
            return soon
        return min(soon, max(self.registrations.next_at(now), self._ready_at()))

    @property
    def _window(self) -> int:
        return 1 if self.connection.phase is LinkPhase.PROBE else WINDOW

    def _next_order(self, now: float) -> ControlRequest | None:
        if self.connection.phase is LinkPhase.SUSPECT or now < self._ready_at():
            return None
        if self.registrations.unanswered >= self._window:
            # An overdue answer is requested again or given up, even while the window is full.
            return self.registrations.overdue(now)
        return self.registrations.next_order(now)

    def _ready_at(self) -> float:
        last = self._sent[-1] if self._sent else -inf
        if self._brisk:
            return last + BRISK
        full = self._sent[0] + 60.0 if len(self._sent) == A_MINUTE else -inf
        return max(last + CALM, full, self._changed_at + DEBOUNCE)

    def _send(self, order: ControlRequest, now: float) -> SendControl:
        self._sent.append(now)
        self._log.log_order(order)
        return SendControl(order.key, order.register)
