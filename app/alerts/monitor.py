"""Evaluates alerts without a screen: records as they come, computed values at every tick."""

from collections.abc import Callable, Iterable
from math import inf, isfinite, nan

from app.alerts.alert import Alert, Condition, FiredAlert
from app.alerts.computed_values import row_value
from app.alerts.evaluator import AlertEvaluator
from app.alerts.link_timer import LinkTimer
from app.alerts.money_volatility import MONEY_CHANGE, MoneyVolatility
from app.alerts.quantities import Subject
from app.feed.batch import Batch, LinkState
from app.instruments.contracts import Contracts
from app.krx.calendar import KRX, MarketPhase, Schedule
from app.market.auction_tracker import AuctionTracker
from app.market.book import Book
from app.market.market import Market
from app.pricing.live_greeks import LiveGreeks
from app.pricing.smile_tracker import SmileTracker
from app.pricing.underlying_futures import futures_of
from app.storage.settings import Settings
from app.system.clock import Clock
from specs.market.ticker import Ticker

PositionValue = Callable[[Condition, Market], float]
"""Returns a position's delta or profit; nan if it is unknown."""


class AlertMonitor:
    """The alerts of a run; used on the feed's thread or over a tape.

    `fire` gets every alert that fires.  `positions` computes the values of positions, in codes
    `position_codes`.  `smiles` know those that earlier sessions ended with; they are not saved.
    """

    def __init__(
        self,
        alerts: Iterable[Alert],
        clock: Clock,
        contracts: Contracts,
        fire: Callable[[FiredAlert], None],
        *,
        settings: Settings,
        schedule: Schedule = KRX,
        positions: PositionValue = lambda condition, market: nan,
        position_codes: Iterable[str] = (),
        smiles: "SmileTracker | None" = None,
        is_tape: bool = False,
    ) -> None:
        alerts = tuple(alerts)
        self._clock = clock
        self._schedule = schedule
        self._positions = positions
        self._evaluator = AlertEvaluator(clock, fire, ignores_history=is_tape)
        self._evaluator.watch(alerts)
        self.accept = self._evaluator.accept
        """Evaluates the records of a frame: TR, records, arrival."""
        computed = [one.condition for one in alerts if not one.condition.spec.readers]
        self.is_computing = bool(computed)
        """Whether there are alerts on computed values, which batches and ticks are needed for."""
        of_positions = any(one.spec.subject is Subject.POSITION for one in computed)
        coded = dict.fromkeys(one.condition.code for one in alerts if one.condition.code)
        valued = [one.code for one in computed if one.code]
        if of_positions:
            valued += position_codes
        for code in valued:
            known = contracts.instrument(code)
            if known.right is not None:
                found = futures_of(known, contracts.instrument, clock.now(), named=contracts.named)
                coded |= dict.fromkeys((code, *found[:1]))
        self._fixed_codes = tuple(dict.fromkeys((*coded, *valued)))
        self._valued = frozenset(valued)
        book = Book(contracts.instrument, named=contracts.named)
        greeks = LiveGreeks(book, contracts.instrument, clock, settings, schedule)
        self._market = Market(
            book,
            greeks,
            AuctionTracker(None, schedule),
            contracts,
            clock,
            schedule,
            self._fixed_codes,
        )
        self._greeks, self._rate = greeks, settings.rate / 100
        if smiles is None:
            from app.pricing.smile_tracker import SmileTracker

            smiles = SmileTracker(None, lambda text: None, schedule)
        self._smiles = smiles
        self._money = MoneyVolatility(contracts, greeks.theory.forward, lambda: self._smiles)
        self._of_money = [one.code for one in computed if one.quantity == MONEY_CHANGE]
        self.codes: tuple[str, ...] = ()
        """The codes to be watched: the alerts', the positions', the futures under them, and the
        options about the money where an alert is on their volatility."""
        self.notify_codes: Callable[[tuple[str, ...]], None] = lambda codes: None
        """Called with the codes when they have changed."""
        self._watch()
        self._begun = clock.monotonic()
        self._link = LinkState()
        self._timer = LinkTimer(clock, schedule)

    def apply(self, batch: Batch) -> None:
        """Apply a batch; what it computes is evaluated at once."""
        self._link = batch.link
        if self.is_computing:
            self._market.apply(batch, lambda: self._valued)
            self._evaluator.poll(self._value)

    def tick(self) -> None:
        """Let time pass."""
        if self.is_computing:
            self._market.tick(self._schedule.state_at(self._clock.now()), lambda: self._valued)
            if self._of_money:
                self._update_smiles()
                self._watch()
            self._evaluator.poll(self._value)

    def _watch(self) -> None:
        """Watch the codes of now."""
        near = self._money.codes(self._of_money, self._clock.now())
        codes = tuple(dict.fromkeys((*self._fixed_codes, *near)))
        if codes != self.codes:
            self.codes = self._market.page_codes = codes
            self._market.watch()
            self.notify_codes(codes)

    def _update_smiles(self) -> None:
        market, moment = self._market, self._clock.now()
        if self._schedule.state_at(moment).phase is MarketPhase.CONTINUOUS:
            now, forward = self._clock.monotonic(), self._greeks.theory.forward
            self._smiles.update(
                market.book.rows, forward, self._rate, moment, now, market.open_since
            )

    def _value(self, condition: Condition) -> float:
        subject = condition.spec.subject
        if subject is Subject.LINK:
            return self._timer.down_for(self._link)
        if subject is Subject.POSITION:
            return self._positions(condition, self._market)
        if condition.quantity == MONEY_CHANGE:
            return self._money.change(condition.code, self._clock.now())
        row: Ticker | None = self._market.book.row(condition.code)
        if row is None:
            return nan
        opened = self._market.open_since
        since = max(opened, self._begun) if isfinite(opened) else inf
        return row_value(row, condition, self._clock.monotonic(), since)
