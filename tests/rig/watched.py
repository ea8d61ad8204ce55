"""The link session with checks: every step must keep the connection's invariants.

Numbers are those of the list in `tests/app/feed/test_model.py`.
"""

from collections.abc import Callable, Iterable
from math import inf

from app.feed.connection import KEY_INCIDENT, KEY_SPACING, STABLE, WAITING, LinkPhase
from app.feed.connection_state import Connection
from app.feed.dial_budget import WINDOWS, DialBudget
from app.feed.events import (
    CloseSocket,
    DemandChanged,
    DialSocket,
    Effect,
    IssueKey,
    KeyIssued,
    KeyRefused,
    LinkEvent,
    Refusal,
    RetryRequested,
    SendControl,
    SessionError,
    StopRequested,
    TimePassed,
)
from app.feed.registrations import LIMIT, RegistrationKey
from app.feed.session import LinkSession
from specs.control import Ack, RefusalReaction

TIMED = (LinkPhase.BACKOFF, LinkPhase.OFFLINE, LinkPhase.BLOCKED, LinkPhase.UNTRUSTED)
UNMOVED = (LinkPhase.FATAL, LinkPhase.OFF, LinkPhase.STOPPED)


class Broken(AssertionError):
    """An invariant that does not hold."""


def hold(condition: object, number: int, what: object = "") -> None:
    """Raise unless it is so."""
    if not condition:
        raise Broken(f"invariant {number}: {what}")


class WatchedPilot(LinkSession):
    """A pilot whose every step is checked."""

    def __init__(
        self, draw: Callable[[], float], limit: int = LIMIT, budget: DialBudget | None = None
    ) -> None:
        super().__init__(draw, limit, budget)
        self.dials: list[float] = list(budget.spent if budget else ())
        self.keys: list[float] = []
        self.renewals: list[float] = []
        self.transitions: list[tuple[float, LinkPhase, str]] = []
        self._message_after_ack = False
        self._last_message = -inf
        self._kicked = False

    def request(
        self,
        keys: Iterable[RegistrationKey],
        now: float,
        *,
        brisk: bool,
        is_needed: bool | None = None,
    ) -> list[Effect]:
        """As the pilot's own."""
        effects = super().request(keys, now, brisk=brisk, is_needed=is_needed)
        self._check_slots()
        return effects

    def event(self, event: LinkEvent, now: float) -> list[Effect]:
        """As the pilot's own, with both sides of the step compared."""
        before = self.connection
        effects = super().event(event, now)
        after = self.connection
        if isinstance(event, TimePassed):
            self._last_message = event.last_message
        self._check_dials(before, after, event, effects, now)
        self._check_failures(before, after, now)
        self._check_keys(before, event, effects, now)
        self._check_effects(before, after, effects)
        self._check_words(after, now)
        self._check_slots()
        if isinstance(event, StopRequested):
            hold(after.phase is LinkPhase.STOPPED, 9, before.phase)
            hold(not before.has_socket or effects, 9, "a socket is left open")
        if (before.phase, before.reason) != (after.phase, after.reason):
            self.transitions.append((now, after.phase, after.reason))
        return effects

    def poll(self, tick: TimePassed, now: float) -> list[Effect]:
        """As the pilot's own; afterwards a live link has been heard of within the hard silence."""
        effects = super().poll(tick, now)
        state = self.connection
        if state.is_open:
            quiet = now - max(tick.last_message, state.opened_at)
            hold(quiet < state.silence.hard, 12, f"{state.phase} after {quiet} s of silence")
        if not effects and not state.is_open and state.phase in TIMED:
            hold(state.next_at > now, 15, f"{state.phase} is past its time")
        return effects

    def answer(self, ack: Ack, now: float) -> list[Effect]:
        """As the pilot's own; what is unknown, or meant for another row, changes nothing."""
        before, lines = self.connection, self._lines()
        effects = super().answer(ack, now)
        known = RegistrationKey(ack.tr_id, ack.tr_key) in lines
        if ack.reaction is RefusalReaction.UNKNOWN:
            hold(not effects, 8, ack)
        if ack.reaction in (RefusalReaction.UNKNOWN, RefusalReaction.DECLINED) and not known:
            hold(self._lines() == lines, 8, ack)
            hold(self.connection == before, 8, f"{before.phase} by {ack}")
        return effects

    def _lines(self) -> dict[RegistrationKey, tuple[object, ...]]:
        return {
            key: (line.state, line.tries, line.failures, line.code)
            for key, line in self.registrations._lines.items()
        }

    def _check_dials(
        self,
        before: Connection,
        after: Connection,
        event: LinkEvent,
        effects: list[Effect],
        now: float,
    ) -> None:
        dials = [effect for effect in effects if isinstance(effect, DialSocket)]
        if dials:
            hold(len(dials) == 1 and dials[0].epoch == before.epoch + 1, 14, effects)
            hold(not before.has_socket or before.phase is LinkPhase.CLOSING, 1, before.phase)
            hold(not before.is_open, 1, before.phase)
            users = isinstance(event, RetryRequested | DemandChanged)
            hold(before.phase not in UNMOVED or users, 6, f"{before.phase} dials by {event}")
            hold(not self._kicked or users or isinstance(event, KeyIssued), 6, "a fight")
            self.dials.append(now)
            self._kicked = False
        if before.phase is LinkPhase.DIAL and after.phase is LinkPhase.OFFLINE and self.dials:
            self.dials.pop()
        if after.phase is LinkPhase.OCCUPIED and after.next_at == inf:
            self._kicked = True
        elif isinstance(event, RetryRequested) or after.phase is LinkPhase.OFF:
            self._kicked = False
        for seconds, most in WINDOWS if dials else ():
            within = sum(moment > now - seconds + 0.01 for moment in self.dials)
            hold(within <= most, 4, f"{within} dials in {seconds} s")

    def _check_failures(self, before: Connection, after: Connection, now: float) -> None:
        if after.failures >= before.failures:
            return
        hold(now - before.opened_at >= STABLE, 5, "not a minute old")
        hold(before.acked_at > -inf, 5, "nothing was acknowledged")
        hold(after.failures <= 1, 5, after.failures)
        if self._last_message <= before.acked_at:
            hold(False, 5, "no message after the acknowledgement")

    def _check_keys(
        self, before: Connection, event: LinkEvent, effects: list[Effect], now: float
    ) -> None:
        unasked = (Refusal.LOCAL, Refusal.CERTIFICATE)
        if (
            isinstance(event, KeyRefused)
            and event.kind in unasked
            and before.phase is LinkPhase.AUTH
        ):
            self.keys.pop()
        for effect in effects:
            if isinstance(effect, IssueKey):
                hold(not self.keys or now - self.keys[-1] >= KEY_SPACING, 7, "keys too close")
                self.keys.append(now)
        if isinstance(event, SessionError) and event.reaction is RefusalReaction.NEW_KEY:
            dropped = self.connection.key_at == -inf and before.key_at > -inf
            if dropped:
                last = self.renewals[-1] if self.renewals else -inf
                hold(now - last >= KEY_INCIDENT, 7, "a second new key for one incident")
                self.renewals.append(now)

    def _check_effects(self, before: Connection, after: Connection, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case CloseSocket(epoch):
                    hold(before.has_socket and epoch == before.epoch == after.epoch, 14, effect)
                case SendControl():
                    hold(before.is_open and after.is_open, 14, effect)
                    hold(before.epoch == after.epoch, 14, effect)
        if before.phase is not LinkPhase.PROBE and after.phase is LinkPhase.PROBE:
            hold(before.phase is LinkPhase.DIAL and after.epoch == before.epoch, 14, before.phase)

    def _check_words(self, state: Connection, now: float) -> None:
        if state.phase in TIMED:
            hold(state.next_at < inf, 15, f"{state.phase} without a next try")
        if state.phase in WAITING or state.phase in (LinkPhase.FATAL, LinkPhase.CLOSING):
            hold(state.reason, 15, f"{state.phase} without a reason")

    def _check_slots(self) -> None:
        hold(self.registrations.used <= self.registrations._ceiling, 2, self.registrations.used)
