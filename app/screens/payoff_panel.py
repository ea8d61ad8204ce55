"""The payoff chart of the positions page: which expiry and how many days ahead it shows."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from textual.content import Content

from app.portfolio.payoff import DAYS, payoff_curve
from app.pricing.engine import PricingEngine
from app.pricing.year_fraction import years_left
from specs.market.holding import Holding
from specs.market.payoff import PayoffCurve
from specs.market.theoretical import DAYS_PER_YEAR
from widgets.contract_names import underlying_name
from widgets.payoff import PayoffChart
from widgets.texts import t

EVERY = 1.0
"""Seconds after which a chart follows the market: it revalues each option at a hundred prices."""

SHARE = 20.0
"""Times that it takes to compute a curve which pass before the next one: 100 options take 0.2 s."""

_USUAL_DAYS = 5


class PayoffPanel:
    """Computes the curve of one underlying's positions, and shows it."""

    def __init__(self, theory: PricingEngine, monotonic: Callable[[], float]) -> None:
        """`monotonic` measures how long a curve takes, and is the clock of `show`."""
        self.chart = PayoffChart()
        self._monotonic = monotonic
        self._theory = theory
        self._days = _USUAL_DAYS
        self._expiry: date | None = None
        self._curve = PayoffCurve()
        self._shown: object = None
        self._shown_at = self._due = float("-inf")

    def show(self, holdings: Sequence[Holding], now: datetime) -> None:
        """Show the positions in one underlying."""
        seconds = self._monotonic()
        chosen = [(held.key, held.quantity, held.average) for held in holdings]
        key = chosen, self._days, self._expiry
        # A tape's clock may have gone back.
        if key == self._shown and self._shown_at <= seconds < self._due:
            return
        curve = self._curve = self._compute(holdings, now)
        done = self._monotonic()
        self._shown, self._shown_at = key, seconds
        self._due = done + max(EVERY, SHARE * (done - seconds))
        decimals = max((held.instrument.decimals for held in holdings), default=2)
        self.chart.show(curve, decimals)
        names = [t("payoff.title", underlying=underlying_name(curve.underlying))]
        if curve.expiry is not None:
            names.append(t("payoff.at_expiry", day=f"{curve.expiry:%y/%m/%d}"))
        self.chart.border_title = Content(" ─ ".join(names))
        self.chart.border_subtitle = Content(t("payoff.keys"))

    def change_days(self, way: int, now: datetime) -> None:
        """Choose the next or the previous number of days before the last expiry, in a circle."""
        last = max(self._curve.expiries, default=None)
        left = years_left(last, now) * DAYS_PER_YEAR if last is not None else 0.0
        choices = [days for days in DAYS if days < left]
        if not choices:
            return
        at = choices.index(self._days) if self._days in choices else (-1 if way > 0 else 0)
        self._days = choices[(at + way) % len(choices)]

    def next_expiry(self) -> None:
        """Choose the next expiry of the positions, after the last one the first."""
        found = self._curve.expiries
        if self._curve.expiry in found:
            self._expiry = found[(found.index(self._curve.expiry) + 1) % len(found)]

    def _compute(self, holdings: Sequence[Holding], now: datetime) -> PayoffCurve:
        ends = [h.instrument.expiry for h in holdings if h.instrument.expiry and not h.is_over]
        left = years_left(max(ends), now) * DAYS_PER_YEAR if ends else 0.0
        return payoff_curve(
            holdings,
            now=now,
            rate=self._theory.rate,
            days=self._days if self._days < left else max((d for d in DAYS if d < left), default=0),
            expiry=self._expiry,
            money_volatility=lambda held: self._theory.money_volatility(held.instrument),
        )
