"""An alert: a condition, and when and how often it may fire."""

from datetime import datetime, time
from enum import StrEnum
from math import isfinite, nan

from msgspec import Struct
from msgspec.structs import replace

from app.alerts.quantities import BY_NAME, Quantity
from app.krx.calendar import MarketPhase, Schedule
from specs.user_message import UserMessage

PAUSE = 60.0
"""Seconds between two firings of a repeating alert that names none."""


class Relation(StrEnum):
    """How a value is compared with the limit."""

    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="
    NEW = "new"
    """A session's high or low that is beyond the one before."""

    @property
    def is_upward(self) -> bool:
        """Whether larger values fulfil it."""
        return self in (Relation.ABOVE, Relation.AT_LEAST)


class Condition(Struct, frozen=True):
    """A quantity of a code (empty: of all positions, or of the connection) against a limit."""

    code: str
    quantity: str
    relation: Relation
    limit: float = nan

    @property
    def spec(self) -> Quantity:
        """The quantity's entry in the table."""
        return BY_NAME[self.quantity]

    def holds(self, value: float) -> bool:
        """Return whether a value fulfils it; never for nan, nor for a new high or low."""
        match self.relation:
            case Relation.ABOVE:
                return value > self.limit
            case Relation.AT_LEAST:
                return value >= self.limit
            case Relation.BELOW:
                return value < self.limit
            case Relation.AT_MOST:
                return value <= self.limit
        return False

    def has_left(self, value: float, hysteresis: float) -> bool:
        """Return whether a value is so far back that the condition may be met again."""
        if not isfinite(value):
            return False
        back = self.limit - hysteresis if self.relation.is_upward else self.limit + hysteresis
        match self.relation:
            case Relation.ABOVE:
                return value <= back
            case Relation.AT_LEAST:
                return value < back
            case Relation.BELOW:
                return value >= back
        return value > back

    def distance(self, value: float) -> float:
        """Return how far a value is from the limit; 0 where it holds, nan without a limit."""
        return 0.0 if self.holds(value) else abs(self.limit - value)


class Alert(Struct, frozen=True):
    """One alert of the user's; two alerts of one text are two alerts."""

    text: str
    """The line that describes it, in canonical spelling."""
    condition: Condition
    repeats: bool = False
    hysteresis: float = 0.0
    """How far the value must go back before it may fire again."""
    pause: float = PAUSE
    """The least seconds between two firings."""
    hours: tuple[time, time] | None = None
    """The hours (KST) in which it fires, from and to; over midnight where `to` is earlier."""
    only_session: bool = False
    """Whether it ends with the session in which it was made."""
    id: int = 0
    ends: datetime | None = None
    """When it ends; None: never."""
    fired: datetime | None = None
    """When it fired last; None: never."""

    @property
    def is_spent(self) -> bool:
        """Whether it fires once and has."""
        return self.fired is not None and not self.repeats

    def is_active(self, now: datetime) -> bool:
        """Return whether it may fire at a moment."""
        if self.ends is not None and now >= self.ends:
            return False
        if self.hours is None:
            return True
        begin, end = self.hours
        at = now.time()
        return begin <= at < end if begin <= end else at >= begin or at < end


def session_end(schedule: Schedule, now: datetime) -> datetime:
    """Return the end of the session that is on, or of the next one between sessions."""
    state = schedule.state_at(now)
    while state.next_phase is not MarketPhase.CLOSED:
        state = schedule.state_at(state.next_change)
    return state.next_change


def dated(alert: Alert, schedule: Schedule, now: datetime) -> Alert:
    """Return an alert with its end, if it ends with the session; one that is kept has none."""
    ends = session_end(schedule, now) if alert.only_session else None
    return replace(alert, ends=ends)


def alert_number(value: float) -> str:
    """Return a value as alerts show it: at most four decimals."""
    return f"{value:,.4f}".rstrip("0").rstrip(".")


class FiredAlert(Struct, frozen=True):
    """An alert that fired at a moment, with the value that fulfilled it."""

    at: datetime
    alert: Alert
    value: float

    @property
    def message(self) -> UserMessage:
        """The sentence that reports it."""
        condition, spec = self.alert.condition, self.alert.condition.spec
        name = UserMessage(f"alert_quantity.{condition.quantity}")
        value = alert_number(self.value)
        if spec.is_duration:
            seconds = int(self.value)
            if condition.quantity == "link":
                return UserMessage("alerts.link_down", seconds=seconds)
            return UserMessage("alerts.quiet", code=condition.code, seconds=seconds)
        if condition.relation is Relation.NEW:
            return UserMessage("alerts.new", code=condition.code, name=name, value=value)
        if condition.code:
            limit = f"{condition.relation} {alert_number(condition.limit)}"
            return UserMessage(
                "alerts.met", code=condition.code, name=name, value=value, limit=limit
            )
        limit = f"{condition.relation} {alert_number(condition.limit)}"
        return UserMessage("alerts.met_overall", name=name, value=value, limit=limit)
