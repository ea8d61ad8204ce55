"""Evaluates alerts: on every record, and on computed values whenever they are computed.

An alert fires at the change from not met to met, and at once where it is met when it is watched.
After that a repeating one waits until the value has gone back by its hysteresis.  What is met
outside of its hours, or within its pause, fires when they allow it if it is still met then; an
event (a print, a new high) is lost there.

For each code and channel the bounds are kept between which a value changes nothing, so that most
records cost one lookup and one comparison a quantity.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from math import inf, isfinite, nan, nextafter

from app.alerts.alert import Alert, Condition, FiredAlert, Relation
from app.alerts.quantities import EXTREMES, RecordReader
from app.system.clock import Clock
from specs.catalog import CATALOG, Channel
from specs.record import Record

ValueOf = Callable[[Condition], float]
"""Returns the present value of a condition's quantity; nan if it is unknown."""

_TR_IDS = {entry.spec: entry.tr_id for entry in CATALOG.values()}


class _WatchedAlert:
    """An alert and whether it waits for its condition (armed) or for the condition's end."""

    __slots__ = ("alert", "extreme", "fired", "is_armed")

    def __init__(self, alert: Alert, fired: datetime | None) -> None:
        self.alert = alert
        self.is_armed = True
        self.fired = fired
        self.extreme = nan
        """The session's high or low so far."""

    @property
    def is_over(self) -> bool:
        return self.fired is not None and not self.alert.repeats

    def bounds(self) -> tuple[float, float]:
        """Return the open interval of values that change nothing."""
        alert, condition = self.alert, self.alert.condition
        if self.is_over:
            return -inf, inf
        if condition.relation is Relation.NEW:
            return nextafter(self.extreme, -inf), nextafter(self.extreme, inf)
        upward = condition.relation.is_upward
        if self.is_armed:
            return (-inf, condition.limit) if upward else (condition.limit, inf)
        if upward:
            return condition.limit - alert.hysteresis, inf
        return -inf, condition.limit + alert.hysteresis

    def is_met(self, value: float) -> bool:
        """Enter a value and return whether it is the alert's turn, but for hours and pause."""
        condition = self.alert.condition
        if self.is_over or value != value:
            return False
        if condition.relation is Relation.NEW:
            return self._is_new(value)
        if not self.is_armed and condition.has_left(value, self.alert.hysteresis):
            self.is_armed = True
        return self.is_armed and condition.holds(value)

    def _is_new(self, value: float) -> bool:
        high = self.alert.condition.quantity == "high"
        # A high that is lower than before is another session's.
        beyond = value > self.extreme if high else value < self.extreme
        self.extreme = value
        return beyond

    def may_fire(self, now: datetime) -> bool:
        """Return whether hours and pause allow it at a moment."""
        if not self.alert.is_active(now):
            return False
        last = self.fired if self.alert.repeats else None
        # A tape that is wound back is at an earlier moment than the last firing.
        return last is None or not last <= now < last + timedelta(seconds=self.alert.pause)


class _WatchedField:
    """All alerts on one quantity of one code, whichever channels bring it."""

    __slots__ = ("alerts", "high", "low")

    def __init__(self) -> None:
        self.alerts: list[_WatchedAlert] = []
        self.low = self.high = nan

    def update_bounds(self) -> None:
        bounds = [one.bounds() for one in self.alerts]
        self.low, self.high = max(low for low, _ in bounds), min(high for _, high in bounds)


class AlertEvaluator:
    """Evaluates alerts; used on one thread.

    `fire` is called for every alert that fires, with the time of `clock`.  With
    `ignores_history`, as for a tape, alerts that fired in an earlier run fire again.
    """

    def __init__(
        self, clock: Clock, fire: Callable[[FiredAlert], None], *, ignores_history: bool = False
    ) -> None:
        self._clock = clock
        self._fire = fire
        self._ignores_history = ignores_history
        self._watched: dict[tuple[int, str], _WatchedAlert] = {}
        self._computed: list[_WatchedAlert] = []
        self._fields: dict[tuple[str, str], _WatchedField] = {}
        self._by_tr: dict[str, dict[str, list[tuple[RecordReader, _WatchedField]]]] = {}

    def watch(self, alerts: Iterable[Alert]) -> None:
        """Watch these alerts and no others; those that were watched keep their state."""
        before, self._watched, self._computed, self._fields = self._watched, {}, [], {}
        by_channel: dict[Channel, dict[str, dict[str, RecordReader]]] = {}
        for alert in alerts:
            key = alert.id, alert.text
            fired = None if self._ignores_history else alert.fired
            one = self._watched[key] = before.get(key) or _WatchedAlert(alert, fired)
            code, spec = alert.condition.code, alert.condition.spec
            if not spec.readers:
                self._computed.append(one)
                continue
            self._fields.setdefault((code, spec.name), _WatchedField()).alerts.append(one)
            for channel, read in spec.readers.items():
                by_channel.setdefault(channel, {}).setdefault(code, {})[spec.name] = read
        self._by_tr = {
            tr_id: {
                code: [(read, self._fields[code, name]) for name, read in readers.items()]
                for code, readers in by_channel.get(entry.channel, {}).items()
            }
            for tr_id, entry in CATALOG.items()
        }
        for field in self._fields.values():
            field.update_bounds()

    def accept(self, tr_id: str, records: Sequence[Record], at: float = 0.0) -> None:
        """Evaluate the records of a frame; `at` is not used, it makes this a feed's tap."""
        by_code = self._by_tr.get(tr_id)
        if not by_code:
            return
        for record in records:
            fields = by_code.get(record.code)
            if fields is not None:
                for read, field in fields:
                    value = read(record)
                    if not field.low < value < field.high:
                        self._check(field, value)

    def enter_present(self, records: Iterable[Record]) -> None:
        """Evaluate records that were received before; a print among them is no event."""
        for record in records:
            for read, field in self._by_tr.get(_TR_IDS[type(record)], {}).get(record.code, ()):
                value = read(record)
                for one in field.alerts:
                    spec = one.alert.condition.spec
                    if not spec.is_event or spec.name in EXTREMES:
                        self._enter(one, value)
                field.update_bounds()

    def poll(self, value_of: ValueOf) -> None:
        """Evaluate the computed values, which `value_of` returns."""
        for one in self._computed:
            if not one.is_over:
                self._enter(one, value_of(one.alert.condition))

    def _check(self, field: _WatchedField, value: float) -> None:
        if value != value:
            return
        for one in field.alerts:
            self._enter(one, value)
        field.update_bounds()

    def _enter(self, one: _WatchedAlert, value: float) -> None:
        if not one.is_met(value):
            return
        now = self._clock.now()
        if not one.may_fire(now):
            return
        one.fired = now
        one.is_armed = one.alert.condition.spec.is_event
        if isfinite(value):
            self._fire(FiredAlert(now, one.alert, value))
