"""Our own theory on the dashboard: what is valued at a beat and on a tick, and what comes of it."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from math import inf, log
from typing import NamedTuple

from app.feed.batch import Batch, Received
from app.krx.calendar import KRX, Schedule
from app.market.book import Book
from app.pricing.black76 import implied_volatility
from app.pricing.engine import PricingEngine
from app.pricing.forward import Forward
from app.pricing.history import History
from app.pricing.indication_pricing import IndicationPricing
from app.pricing.market_price import MarkKind, mark_of
from app.pricing.volatility_scale import ScaleComparisons
from app.pricing.year_fraction import years_left
from app.storage.settings import Settings
from app.system.clock import Clock
from specs.catalog import Session
from specs.codes import Right
from specs.item_errors import report_item_error
from specs.market.instrument import Instrument
from specs.market.theoretical import DAYS_PER_YEAR, GreeksSource
from specs.market.ticker import Ticker
from specs.record import OptionTradeRecord

NEAR = 0.05
"""The largest log distance from the forward at which a trade gives a reliable volatility."""

FRESH_WITHIN = 5.0
"""Seconds that a future may be older than the trade that is read against it."""

SHORTEST = 1 / DAYS_PER_YEAR
"""Years below which a tick of price is too much volatility for a comparison."""


class GreeksBasis(NamedTuple):
    """The inputs of an option's own values."""

    future: Instrument | None
    """The future of the forward; None for a forward from the spot."""
    price: MarkKind
    """The kind of the future's price."""
    forward: Forward
    volatility: str
    """The source of its volatility: a `MarkKind` or ``borrowed``."""
    wide: bool = False
    """Whether its own quote is too wide for a volatility."""


class LiveGreeks:
    """Theory, scales and history of one run; lives on the screen's thread."""

    def __init__(
        self,
        book: Book,
        instrument: Callable[[str], Instrument],
        clock: Clock,
        settings: Settings,
        schedule: Schedule = KRX,
    ) -> None:
        self._book = book
        self._clock = clock
        self._schedule = schedule
        self.source: GreeksSource = settings.greeks
        self.scales = ScaleComparisons()
        self.history = History()
        self.theory = PricingEngine(instrument, clock.monotonic, settings.rate / 100)
        self._indications = IndicationPricing(self.theory)
        self._session: tuple[date, Session | None] | None = None
        book.choose(self.source)

    def choose(self, source: GreeksSource) -> list[Ticker]:
        """Choose KIS' greeks, our own, or both (``auto``); return the rows that changed."""
        self.source = source
        return self._book.choose(source)

    def apply(self, batch: Batch, in_sight: Collection[str]) -> list[Ticker]:
        """Value the options in sight after the book applied a batch; return the changed rows."""
        moment = self._clock.now()
        if batch.is_reset:
            self.history.clear()
        changed = self._value_options(in_sight, moment)
        changed += self._value_indications(moment)
        decided = self.scales.decided
        for received in batch.received:
            if isinstance(received.record, OptionTradeRecord) and self.scales.needs(received.tr_id):
                try:
                    self._compare(received, received.record, moment)
                except Exception as error:
                    report_item_error(error)
        if self.scales.decided is not decided:
            changed += self._book.choose(self.source, self.scales.decided)
        return changed

    def tick(self, watched: Sequence[Ticker], in_sight: Collection[str]) -> list[Ticker]:
        """Value watched options too and sample the history; return the rows that changed."""
        moment = self._clock.now()
        market = self._schedule.state_at(moment)
        if self._session != (market.trade_date, market.session):
            self._session = market.trade_date, market.session
            self.theory.begin_session()
        options = [row.code for row in watched if row.instrument.right is not None]
        changed = self._value_options([*in_sight, *options], moment)
        changed += self._value_indications(moment)
        self.history.sample(watched, self._clock.monotonic(), market.trade_date)
        return changed

    def basis(self, code: str) -> GreeksBasis | None:
        """Return the inputs of an option's values, or None if it has no values."""
        row = self._book.row(code)
        if row is None or row.theoretical is None or row.theoretical.why:
            return None
        forward = self.theory.forward(row.instrument)
        if forward is None:
            return None
        source = self._book.row(forward.source)
        own = mark_of(row, row.theoretical.forward, row.theoretical.years, self.theory.rate)
        return GreeksBasis(
            source.instrument if source is not None else None,
            mark_of(source).kind if source is not None else "",
            forward,
            "borrowed" if row.theoretical.borrowed else own.kind,
            row.theoretical.wide,
        )

    def _value_options(self, codes: Collection[str], moment: datetime) -> list[Ticker]:
        now = self._clock.monotonic()
        return self._book.apply_theoretical(
            self.theory.poll(self._book.by_code, codes, moment, now)
        )

    def _value_indications(self, moment: datetime) -> list[Ticker]:
        found = self._indications.poll(self._book.by_code.values(), moment)
        return self._book.apply_indications(found)

    def _compare(self, received: Received, trade: OptionTradeRecord, moment: datetime) -> None:
        """Let a trade near the money vote on the scale of KIS' implied volatility."""
        row = self._book.row(trade.code)
        if row is None or row.instrument.expiry is None:
            return
        option = row.instrument
        forward = self.theory.forward(option)
        if forward is None or not option.strike > 0:
            return
        if abs(log(option.strike / forward.price)) > NEAR:
            return
        future = self._book.row(forward.source)
        future_at = max(future.trade_at, future.book_at) if future is not None else -inf
        if future is not None and future_at < received.at - FRESH_WITHIN:
            return
        years = years_left(row.instrument.expiry, moment)
        if years < SHORTEST:
            return
        found = implied_volatility(
            option.right is Right.CALL,
            forward.price,
            option.strike,
            years,
            trade.price,
            self.theory.rate,
        )
        self.scales.vote(received.tr_id, trade.implied_volatility, 100 * found)
