"""The alerts of a run of the dashboard: their list, their evaluation, and what fired."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from math import inf, isfinite, nan
from typing import TYPE_CHECKING

from app.alerts.alert import Alert, Condition, FiredAlert, dated
from app.alerts.alert_file import AlertList, PartlySavedAlerts
from app.alerts.alert_parser import parse_alert
from app.alerts.computed_values import row_value, value_age
from app.alerts.evaluator import AlertEvaluator
from app.alerts.link_timer import LinkTimer
from app.alerts.money_volatility import MONEY_CHANGE, MoneyVolatility
from app.alerts.quantities import Subject
from app.alerts.record_tap import RecordTap
from app.feed.batch import Batch, LinkState
from app.market.market import Market
from app.pricing.forward import Forward
from app.pricing.underlying_futures import futures_of
from app.screens.services import Services
from app.system.errors import KisTuiError
from specs.market.instrument import Instrument
from specs.record import Record
from specs.user_message import UserMessage, UserText

if TYPE_CHECKING:
    from app.pricing.smile_tracker import SmileTracker

PositionValue = Callable[[Condition], float]


class AlertCenter:
    """Lives on the screen's thread, but for `tap`, which the live feed's thread calls."""

    def __init__(
        self,
        program: Services,
        market: Market,
        positions: PositionValue,
        forward: Callable[[Instrument], Forward | None],
        smiles: "Callable[[], SmileTracker]",
        warn: Callable[[UserText], None],
    ) -> None:
        """`positions` returns values of positions, `forward` an option's forward, `smiles` the
        smiles of the session; `warn` shows a text to the user."""
        self._program = program
        self._market = market
        self._positions = positions
        self._warn = warn
        self.is_replay = program.source is not None
        self.history: deque[FiredAlert] = deque(maxlen=200)
        """What fired in this run, the oldest first."""
        self._undone: list[AlertList] = []
        self._fired: list[FiredAlert] = []
        self._money = MoneyVolatility(program.contracts, forward, smiles)
        self._link = LinkState()
        self._timer = LinkTimer(program.clock, program.feed.schedule)
        self._begun = program.clock.monotonic()
        self.tap = RecordTap(program.clock, ignores_history=self.is_replay)
        self._computed = self._evaluator()
        self.list = self._load()
        self._watch()

    # --- the list

    def parse(self, typed: str) -> Alert:
        """Return the alert that a line describes.

        Raises:
            UsageError: it describes none, or names a contract that the master does not list.
        """
        contracts = self._program.contracts

        def is_known(code: str) -> bool:
            return not contracts.named or bool(contracts.instrument(code).name)

        now = self._program.clock.now()
        return dated(parse_alert(typed, is_known), self._program.feed.schedule, now)

    def add(self, alert: Alert) -> None:
        """Add an alert.

        Raises:
            UsageError: there are too many.
        """
        self._change(lambda kept: kept.add(alert))

    def edit(self, number: int, alert: Alert) -> None:
        """Replace the alert of an id."""
        self._change(lambda kept: kept.change(number, alert))

    def remove(self, number: int) -> None:
        """Remove the alert of an id; nothing where another run of the program has removed it."""

        def without(kept: AlertList) -> AlertList:
            return AlertList([one for one in kept.alerts if one.id != number], kept.last_id)

        self._change(without)

    def undo(self) -> bool:
        """Undo the last change of the list; return False if there is none."""
        if not self._undone:
            return False
        before = self._undone.pop()
        self._save(lambda kept: AlertList(before.alerts, max(before.last_id, kept.last_id)))
        return True

    # --- evaluation

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that alerts need data of: their own, and the futures under valued options."""
        contracts, now = self._program.contracts, self._program.clock.now()
        found = dict.fromkeys(one.condition.code for one in self._waiting if one.condition.code)
        for code in self.valued:
            known = contracts.instrument(code)
            futures = futures_of(known, contracts.instrument, now, named=contracts.named)
            found |= dict.fromkeys(futures[:1])
        found |= dict.fromkeys(self._money.codes(self._of_money, now))
        return tuple(found)

    @property
    def valued(self) -> frozenset[str]:
        """The options that computed values are needed of."""
        computed = (one.condition for one in self._waiting if not one.condition.spec.readers)
        return frozenset(one.code for one in computed if one.spec.of_options)

    @property
    def _of_money(self) -> list[str]:
        every = (one.condition for one in self._waiting)
        return [one.code for one in every if one.quantity == MONEY_CHANGE]

    @property
    def _waiting(self) -> list[Alert]:
        return [one for one in self.list.alerts if self.is_replay or not one.is_spent]

    def apply(self, batch: Batch) -> list[FiredAlert]:
        """Evaluate what a batch brought, after the market applied it; return what fired."""
        self._link = batch.link
        if batch.is_reset:
            self.tap.reset()
            self._computed = self._evaluator()
            self._watch()
        if self.is_replay:
            for one in batch.received:
                self.tap(one.tr_id, [one.record], one.at)
        return self.poll()

    def poll(self) -> list[FiredAlert]:
        """Evaluate computed values, and return what fired since the last call."""
        self._computed.poll(self.value)
        fired, self._fired = [*self.tap.poll(), *self._fired], []
        self.history += fired
        for one in fired:
            self.list = self.list.mark_fired(one)
            if not self.is_replay:
                self._save_fired(one)
        return fired

    def value(self, condition: Condition) -> float:
        """Return the present value of a condition's quantity; nan if it is unknown."""
        subject = condition.spec.subject
        if subject is Subject.LINK:
            return self._timer.down_for(self._link)
        if subject is Subject.POSITION:
            return self._positions(condition)
        if condition.quantity == MONEY_CHANGE:
            return self._money.change(condition.code, self._program.clock.now())
        row, opened = self._market.book.row(condition.code), self._market.open_since
        if row is None:
            return nan
        since = max(opened, self._begun) if isfinite(opened) else inf
        return row_value(row, condition, self._program.clock.monotonic(), since)

    def age(self, condition: Condition) -> float:
        """Return the seconds since the record that a value is from; inf if there is none."""
        row = self._market.book.row(condition.code)
        return inf if row is None else value_age(row, condition, self._program.clock.monotonic())

    def message(self, fired: FiredAlert) -> UserMessage:
        """Return the sentence that is shown; one of a replay is marked."""
        key = "alerts.replayed" if self.is_replay else "alerts.live"
        return UserMessage(key, at=f"{fired.at:%H:%M:%S}", what=fired.message)

    # --- files

    def _evaluator(self) -> AlertEvaluator:
        return AlertEvaluator(
            self._program.clock,
            lambda fired: self._fired.append(fired),
            ignores_history=self.is_replay,
        )

    def _watch(self) -> None:
        rows = (
            self._market.book.row(code) for code in {one.condition.code for one in self._waiting}
        )
        records: list[Record] = [
            record
            for row in rows
            if row is not None
            for record in (row.trade, row.book, row.expected)
            if record is not None
        ]
        self.tap.watch(self.list.alerts, records)
        self._computed.watch(self.list.alerts)

    def _load(self) -> AlertList:
        store = self._program.alerts
        if store is None:
            return AlertList()
        try:
            found = store.load()
        except PartlySavedAlerts as error:
            self._warn(error.message)
            with suppress(KisTuiError):
                store.save(error.good)
            found = error.good
        except KisTuiError as error:
            self._warn(error.message)
            return AlertList()
        return found if self.is_replay else found.drop_ended(self._program.clock.now())

    def _change(self, change: Callable[[AlertList], AlertList]) -> None:
        before = self.list
        self._save(change)
        self._undone.append(before)

    def _save(self, change: Callable[[AlertList], AlertList]) -> None:
        """Change the list on disk and in memory; what cannot be written holds for this run."""
        changed = change(self.list)
        store = self._program.alerts
        if store is not None:
            try:
                changed = store.update(change)
            except KisTuiError as error:
                self._warn(error.message)
        self.list = changed
        self._watch()

    def _save_fired(self, fired: FiredAlert) -> None:
        store = self._program.alerts
        if store is not None:
            try:
                store.update(lambda kept: kept.mark_fired(fired))
            except KisTuiError as error:
                self._warn(error.message)
