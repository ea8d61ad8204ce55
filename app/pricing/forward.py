"""The forward of an option from live rows: its future's price, a carried one, or the spot.

`preference` chooses the future of an option: the one of the same underlying and the same last day;
otherwise one without an ex-dividend day between the two last days; otherwise the nearest.  Of the
big and the mini future of an index, the big one is used while it is live.  The price of another
month is carried to the option's day at the rate and, as soon as calls and puts of that day are
quoted, corrected to their put-call parity forward: the rate does not include dividends.  A stock
option without any future uses the spot that KIS sends with its trades, carried from today.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from math import exp, inf, isfinite, nan

from msgspec import Struct

from app.krx.dividends import ex_dividend_between
from app.krx.products import KOSDAQ150, KOSPI200, tick_size
from app.pricing.market_price import mark_of
from app.pricing.parity import parity_forward
from app.pricing.price_track import PriceTrack
from app.pricing.year_fraction import years_left
from specs.codes import Family, is_spread
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker, underlying

LIVE_WITHIN = 600.0
"""Seconds by which a live future's last record may be older than the newest of all futures.

They are compared with each other, not with the clock: after the close all are equally old, and all
still count.  A future with a registered book is current without new records.
"""

FRESH_WITHIN = 60.0
"""The same bound between a big future and its mini."""

MEASURE_EVERY = 1.0
"""Seconds between two measurements of put-call parity."""

SMOOTHING = 0.1
"""Share of a new measurement in the correction of a carried forward."""

_FUTURES = (Family.INDEX_FUTURES, Family.STOCK_FUTURES)
_PLAUSIBLE = (0.5, 2.0)


class Forward(Struct, frozen=True, gc=False):
    """The forward of one underlying and one day, in points or won."""

    price: float
    source: str
    """The code of the future; for a spot, ``=`` and the product."""
    factor: float = 1.0
    """The factor of the source's price: 1 unless it is carried."""
    carried: bool = False
    growth: float = 1.0
    """Forward / spot of a stock; 1 for an index, whose greeks are to the future."""
    tick: float = nan
    """The tick of the source at its price."""
    parity: bool = False
    """Whether a carried price is corrected by put-call parity."""
    ex_dividend: date | None = None
    """An ex-dividend day between the source's last day and the option's."""
    at: float = inf
    """Arrival of the older of the source's price and the quotes that parity was measured on, in
    monotonic seconds; inf: ageless."""


class _Correction(Struct, gc=False):
    """The factor that put-call parity applies to a carried forward; nan before a measurement."""

    measured: float
    used: float
    at: float
    quoted_at: float
    """Arrival of the oldest quote of the last measurement."""


class _Source(Struct, gc=False):
    code: str
    expiry: date
    price: float
    at: float
    size: float
    growth: float
    tick: float
    years: float
    arrived: float
    """Arrival of the price, also of one that stands."""


def underlying_key(instrument: Instrument) -> str:
    """Return the product of a contract's underlying; minis and weeklies have their index'."""
    product = instrument.product
    if instrument.family in (Family.INDEX_FUTURES, Family.INDEX_OPTION):
        return (
            KOSPI200[0]
            if product in KOSPI200
            else KOSDAQ150[0]
            if product in KOSDAQ150
            else product
        )
    return product


def preference(option: date, future: date) -> tuple[bool, bool, int, date]:
    """Return the rank of a future's last day for an option's; the lowest is preferred."""
    crosses = ex_dividend_between(option, future) is not None
    return future != option, crosses, abs((future - option).days), future


class Forwards:
    """The forwards of a moment, and how their sources moved before it."""

    def __init__(self) -> None:
        self._tracks: dict[str, PriceTrack] = {}
        self._futures: dict[str, list[_Source]] = {}
        self._spots: dict[str, tuple[float, float]] = {}
        self._found: dict[tuple[str, date], Forward | None] = {}
        self._corrections: dict[tuple[str, date, str], _Correction] = {}
        self._rows: Mapping[str, Ticker] = {}
        self._moment: datetime | None = None
        self._now = 0.0
        self._rate = 0.0

    def update(self, rows: Mapping[str, Ticker], moment: datetime, now: float, rate: float) -> None:
        """Take the sources among the rows; `rate` is a fraction a year."""
        self._futures, self._spots, self._found = {}, {}, {}
        self._rows, self._moment, self._now, self._rate = rows, moment, now, rate
        for row in rows.values():
            if row.instrument.right is None:
                self._take_future(row, moment, now)
            elif row.trade is not None and row.instrument.family is Family.STOCK_OPTION:
                self._take_spot(row, now)

    def forward_at(self, key: str, expiry: date) -> Forward | None:
        """Return the forward of an underlying (`underlying_key`) at a day, or None if expired."""
        if (key, expiry) not in self._found:
            self._found[key, expiry] = self._find(key, expiry)
        return self._found[key, expiry]

    def before(self, forward: Forward, at: float) -> float | None:
        """Return a forward at an earlier moment, or None if its source was not tracked then."""
        track = self._tracks.get(forward.source)
        price = track.price_at(at) if track is not None else None
        return price * forward.factor if price is not None else None

    def _find(self, key: str, expiry: date) -> Forward | None:
        years = years_left(expiry, self._moment) if self._moment is not None else 0.0
        if years <= 0:
            return None
        live = _within(self._futures.get(key, ()), LIVE_WITHIN)
        if live:
            near = min((f.expiry for f in live), key=lambda day: preference(expiry, day))
            fresh = _within((f for f in live if f.expiry == near), FRESH_WITHIN)
            best = max(fresh, key=lambda f: (f.size, f.code))
            if near == expiry:
                return Forward(
                    best.price, best.code, growth=best.growth, tick=best.tick, at=best.arrived
                )
            factor = exp(self._rate * (years - best.years))
            correction = self._correction(key, expiry, best, factor, years)
            if correction is not None:
                factor *= correction.used
            return Forward(
                best.price * factor,
                best.code,
                factor,
                True,
                best.growth * factor,
                best.tick,
                correction is not None,
                ex_dividend_between(near, expiry),
                min(best.arrived, correction.quoted_at if correction is not None else inf),
            )
        if key in self._spots:
            growth = exp(self._rate * years)
            at, spot = self._spots[key]
            return Forward(spot * growth, f"={key}", growth, True, growth, at=at)
        return None

    def _correction(
        self, key: str, expiry: date, source: _Source, factor: float, years: float
    ) -> _Correction | None:
        """Return what parity makes of a carried price; None before a pair was quoted.

        It is measured each second and smoothed.  The factor in use changes when it is off by a tick
        of the future: all values of the expiry depend on it.
        """
        place = (key, expiry, source.code)
        known = self._corrections.get(place)
        if known is not None and known.at <= self._now < known.at + MEASURE_EVERY:
            return known if known.used > 0 else None
        level = source.price * factor
        options = (
            row
            for row in self._rows.values()
            if row.instrument.right is not None
            and row.instrument.expiry == expiry
            and underlying_key(row.instrument) == key
        )
        parity = parity_forward(options, level, years, self._rate, self._now)
        found = parity.price / level
        if known is None:
            known = self._corrections[place] = _Correction(found, found, self._now, parity.at)
        known.at = self._now
        if found == found:
            known.quoted_at = parity.at
            before = known.measured if known.measured == known.measured else found
            known.measured = before + SMOOTHING * (found - before)
            if not abs(known.measured - known.used) * level < source.tick:
                known.used = known.measured
        return known if known.used > 0 else None

    def _take_future(self, row: Ticker, moment: datetime, now: float) -> None:
        future = row.instrument
        if future.family not in _FUTURES or future.expiry is None or is_spread(future.code):
            return
        quote, years = mark_of(row), years_left(future.expiry, moment)
        if years <= 0 or not 0 < quote.price < inf:
            return
        self._tracks.setdefault(future.code, PriceTrack()).add(
            quote.at if quote.at > -inf else now, quote.price
        )
        growth = 1.0
        if future.family is Family.STOCK_FUTURES:
            # Both of one record, so of one moment: the spot by itself may be older than the quote.
            spot = underlying(row.trade) if row.trade is not None else nan
            growth = row.trade.price / spot if row.trade is not None and spot > 0 else nan
            if not _PLAUSIBLE[0] < growth < _PLAUSIBLE[1]:
                growth = exp(self._rate * years)
        self._futures.setdefault(underlying_key(future), []).append(
            _Source(
                future.code,
                future.expiry,
                quote.price,
                now if quote.is_standing else quote.at,
                future.multiplier if future.multiplier > 0 else 0.0,
                growth,
                tick_size(future, quote.price),
                years,
                quote.at,
            )
        )

    def _take_spot(self, row: Ticker, now: float) -> None:
        assert row.trade is not None
        key, spot = underlying_key(row.instrument), underlying(row.trade)
        if isfinite(spot) and spot > 0 and row.trade_at >= self._spots.get(key, (-inf,))[0]:
            self._spots[key] = (row.trade_at, spot)
            self._tracks.setdefault(f"={key}", PriceTrack()).add(
                row.trade_at if row.trade_at > -inf else now, spot
            )


def _within(sources: Iterable[_Source], seconds: float) -> list[_Source]:
    """Return the sources whose last record is at most `seconds` older than the newest."""
    found = list(sources)
    since = max((source.at for source in found), default=-inf) - seconds
    return [source for source in found if source.at >= since]
