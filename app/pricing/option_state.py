"""The state of one option between two polls of the pricing engine."""

from datetime import date
from math import inf, nan

from app.pricing.black76 import greeks, implied_volatility, why_none
from app.pricing.black_scholes import on_spot, spot_rho
from app.pricing.forward import Forward, Forwards, underlying_key
from app.pricing.market_price import BestQuotes, mark, quotes
from app.pricing.quote_width import exceeds, floor
from app.pricing.year_fraction import YEAR
from specs.codes import Family, Right
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker
from specs.record import BookRecord, TradeRecord

TICKS = 0.5
"""Ticks of its source that a forward moves before values are recomputed."""

AGED = 1e-4
SOONEST, LATEST = 1.0, 60.0
"""Time that passes before values are recomputed: this part of an option's remaining life, between
a minimum and a maximum of seconds."""

RESTAMP = 5.0
"""Seconds by which inputs are newer than values before those are marked as recent again."""

_DIGITS = 9
"""Decimals of a theoretical price."""


class OptionState:
    """An option's quote, its implied volatility, and the values computed from it."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.call = instrument.right is Right.CALL
        self.underlying = underlying_key(instrument)
        self.expiry = instrument.expiry or date.max
        self._narrow = floor(instrument, 0.0)
        self.volatility = nan
        """The volatility implied by its own quote, a fraction; nan without one."""
        self.why = ""
        """The reason why its own quote implies no volatility."""
        self.undated = False
        """Whether the forward at the moment of its price is not known."""
        self.used = nan
        """The volatility of the values."""
        self.at = -inf
        """The time of the values in monotonic seconds."""
        self.own: TheoreticalValues | None = None
        self.seen = False
        """Whether it had values in this session."""
        self._trade: TradeRecord | None = None
        self._book: BookRecord | None = None
        self._quote = (nan, -inf)
        self.quoted_at = -inf
        """Arrival of its own quote in monotonic seconds; -inf if unknown or without one."""
        self._forward = nan
        self._years = nan
        self._stale = True

    @property
    def borrows(self) -> bool:
        """Whether its values may rest on its neighbours' volatility."""
        return self.undated or self.why in ("no_quote", "wide_quote")

    def is_due(self, row: Ticker | None, forward: Forward, years: float) -> bool:
        """Return whether quote, forward or clock moved enough for new values."""
        if self._stale:
            return True
        if row is not None and (row.trade is not self._trade or row.book is not self._book):
            return True
        if not self.borrows and self.is_restamped(min(forward.at, self.quoted_at)):
            return True
        moved = abs(forward.price - self._forward)
        if moved and not moved < TICKS * forward.tick * forward.factor - 1e-9:
            return True
        passed = (self._years - years) * YEAR
        # Rounding can shorten a second of the clock by up to a thousandth.
        return passed < 0 or passed > max(SOONEST, min(LATEST, AGED * years * YEAR)) - 1e-3

    def is_restamped(self, at: float) -> bool:
        """Return whether the inputs, the oldest of which is of `at`, are newer than the values."""
        return self.own is not None and at - self.own.at >= RESTAMP

    def read(
        self,
        row: Ticker | None,
        forward: Forward,
        forwards: Forwards,
        years: float,
        rate: float,
        now: float,
    ) -> None:
        """Compute the volatility of the row's quote; keep it if the price is the same."""
        self._stale = True
        if row is not None and row.trade is self._trade and row.book is self._book:
            if self._quote[1] > -inf:
                return
        else:
            self._trade, self._book = (row.trade, row.book) if row is not None else (None, None)
        found = quotes(row) if row is not None else BestQuotes()
        price, at, stands = (found.bid + found.ask) / 2, found.at, found.is_standing
        if price != price:
            marked = mark(found, wide=False)
            price, at, stands = marked.price, marked.at, marked.is_standing
        self.quoted_at = at
        if price != price:
            self.volatility, self.why, self.undated = nan, "no_quote", False
            self._quote = (nan, -inf)
            return
        level: float | None = forward.price
        if not stands:
            if (price, at) == self._quote:
                return
            level = forwards.before(forward, at) if at > -inf else None
            years += max(now - at, 0.0) / YEAR if level is not None else 0.0
        self._quote = (price, -inf if stands else at)
        self.undated = level is None
        level = forward.price if level is None else level
        strike = self.instrument.strike
        about = (self.call, level, strike, years, price, rate)
        self.volatility, self.why = implied_volatility(*about), ""
        width = found.ask - found.bid
        if (
            width > self._narrow
            and exceeds(width, level, strike, years, self.volatility, rate)
            and width > floor(self.instrument, price)
        ):
            self.volatility, self.why, self.undated = nan, "wide_quote", False
        elif self.volatility != self.volatility:
            self.why = "no_quote" if self.undated else why_none(*about)

    def value(
        self,
        volatility: float,
        forward: Forward,
        years: float,
        rate: float,
        now: float,
        quoted_at: float | None = None,
    ) -> None:
        """Compute the values; without a volatility they only hold the reason.

        `quoted_at` is the arrival of the quotes behind the volatility; it defaults to its own.
        """
        at = min(forward.at, self.quoted_at if quoted_at is None else quoted_at)
        self._stale = False
        self._forward, self._years, self.used, self.at = forward.price, years, volatility, now
        if not volatility > 0:
            self.own = TheoreticalValues(
                forward=forward.price,
                years=years,
                carried=forward.carried,
                wide=self.why == "wide_quote",
                seen=self.seen,
                why=self.why or "no_quote",
                at=at,
            )
            return
        self.seen = True
        spot = nan
        found = greeks(self.call, forward.price, self.instrument.strike, years, volatility, rate)
        if self.instrument.family is Family.STOCK_OPTION:
            found = on_spot(found, forward.price, years, forward.growth)
            rho, spot = found.rho, forward.price / forward.growth
        else:
            # KIS' rho is to the spot, although its other greeks are to the future.
            rho = spot_rho(found, forward.price, years)
        self.own = TheoreticalValues(
            # The price repeats a middle only to 1e-12, and half a tick must always round one way.
            round(found.price, _DIGITS),
            100 * volatility,
            found.delta,
            found.gamma,
            found.vega,
            found.theta,
            rho,
            forward.price,
            years,
            forward.carried,
            volatility != self.volatility,
            self.why == "wide_quote",
            True,
            spot=spot,
            at=at,
        )

    def refuse(self, why: str, years: float) -> None:
        """Replace the values by the reason why the option cannot have any."""
        if self.own is None or self.own.why != why:
            self.own = TheoreticalValues(years=years, seen=self.seen, why=why)
        self._stale = True

    def reset(self) -> None:
        """Recompute everything at the next poll."""
        self._stale, self._quote = True, (nan, -inf)
