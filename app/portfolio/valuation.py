"""Valuation of positions at market prices: each in won, and the sums by underlying and expiry.

A future has delta 1, a calendar spread 0: its legs move alike.  Theta counts the calendar seconds
until the next 06:00, when a night session ends.  An expired contract keeps its value and does not
move.  A position without a value is left out of its sum and named.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from math import exp, fsum, isfinite, nan

from msgspec.structs import replace

from app.krx.hours import last_trade_moment
from app.krx.products import underlying_of, unit_multiplier
from app.krx.trading_days import next_trading_day
from app.portfolio.positions import Position
from app.pricing.market_price import PriceMark, mark_of, quotes
from app.system.clock import KST
from specs.codes import Family, Right, is_spread
from specs.item_errors import report_item_error
from specs.market.greeks_in_shares import PERCENT
from specs.market.holding import Exposure, Holding, Subtotal
from specs.market.instrument import Instrument
from specs.market.theoretical import DAYS_PER_YEAR, TheoreticalValues
from specs.market.ticker import Ticker

_DAY = 86_400.0
_SIX = 6


def seconds_to_six(now: datetime) -> float:
    """Seconds until it is next six in the morning, Korean time."""
    now = now.astimezone(KST)
    six = now.replace(hour=_SIX, minute=0, second=0, microsecond=0)
    return ((six if now < six else six + timedelta(days=1)) - now).total_seconds()


def value(
    positions: Iterable[Position],
    row: Callable[[str], Ticker | None],
    instrument: Callable[[str], Instrument],
    now: datetime,
    rate: float,
    asleep: Callable[[str], bool] = lambda code: False,
    seconds: float = nan,
) -> tuple[Holding, ...]:
    """Return a holding for each position, in their order; one without a row has no market data.

    `rate` is a fraction a year.  `asleep` returns whether a code does not trade in this session,
    the reason given if it lacks a value.  `seconds` is `now` on the monotonic clock of the rows'
    arrival times.
    """
    found: list[Holding] = []
    for held in positions:
        try:
            found.append(_holding(held, row(held.code), instrument, now, rate, asleep, seconds))
        except Exception as error:
            report_item_error(error)
            known = instrument(held.code)
            why = "theory.failed"
            average = held.average
            found.append(Holding(known, underlying_of(known), held.quantity, average, why=why))
    return tuple(found)


def nets(holdings: Sequence[Holding]) -> tuple[Subtotal, ...]:
    """Return the sum of each underlying, followed by the sums of its expiries if it has several.

    The last one is the sum over all underlyings, if there are several.
    """
    found: list[Subtotal] = []
    for underlying in dict.fromkeys(held.underlying for held in holdings):
        parts = [held for held in holdings if held.underlying == underlying]
        parts.sort(key=_expiry)
        expiries = [[*group] for _, group in groupby(parts, _expiry)]
        found.append(_net(underlying, None, parts))
        if len(expiries) > 1:
            found += [_net(underlying, group[0].instrument.expiry, group) for group in expiries]
    if len({net.underlying for net in found}) > 1:
        found.append(_total(holdings))
    return tuple(found)


def _total(holdings: Sequence[Holding]) -> Subtotal:
    """Return the sum over all underlyings of what is in won alone, not in won a point."""
    exposures = [held.exposure for held in holdings]
    return Subtotal(
        "",
        None,
        len(holdings),
        Exposure(
            theta=_sum(e.theta for e in exposures),
            vega=_sum(e.vega for e in exposures),
            profit=_sum(e.profit for e in exposures),
            delta_won=_sum(e.delta_won for e in exposures),
            realised=_sum(e.realised for e in exposures),
            realised_today=_sum(e.realised_today for e in exposures),
            **_oldest(exposures),
        ),
        tuple(held.name for held in holdings if not held.is_whole),
    )


def _expiry(held: Holding) -> date:
    return held.instrument.expiry or date.max


def _holding(
    position: Position,
    row: Ticker | None,
    instrument: Callable[[str], Instrument],
    now: datetime,
    rate: float,
    asleep: Callable[[str], bool],
    seconds: float,
) -> Holding:
    known = row.instrument if row is not None else instrument(position.code)
    held = Holding(known, underlying_of(known), position.quantity, position.average)
    mark = _mark(row, rate)
    contracts = position.quantity * known.multiplier
    profit = contracts * (mark.price - position.average)
    if known.expiry is not None and last_trade_moment(known.expiry, known.product) <= now:
        still = Exposure(0.0, 0.0, 0.0, 0.0, 0.0, profit)
        held = replace(held, price=mark.price, exposure=still)
        settled = now.astimezone(KST).date() > next_trading_day(known.expiry)
        why = "positions.expired" if settled else "positions.unsettled"
        return replace(held, why=why, is_over=True)
    own = (
        at_zero_volatility(known, row.theoretical, rate)
        if row is not None and row.theoretical is not None
        else None
    )
    exposure = replace(
        _exposure(known, contracts, own, now, profit, mark.price),
        price_age=_age(mark.at, seconds),
        greeks_age=_age(own.at if own is not None else seconds, seconds),
    )
    held = replace(
        held,
        price=mark.price,
        kind=mark.kind,
        age=seconds - mark.at if mark.kind == "last" else nan,
        is_wide=mark.wide,
        theoretical=own,
        exposure=exposure,
    )
    if not held.is_whole:
        return replace(held, why=_why(held, row, asleep))
    return replace(held, why=f"theory.{own.why}") if own is not None and own.why else held


def _age(at: float, seconds: float) -> float:
    """Return the seconds since an input arrived; 0 without a clock."""
    return max(0.0, seconds - at) if isfinite(seconds) else 0.0


def _mark(row: Ticker | None, rate: float) -> PriceMark:
    if row is None:
        return PriceMark()
    if row.theoretical is None:
        return mark_of(row)
    return mark_of(row, row.theoretical.forward, row.theoretical.years, rate)


def _exposure(
    known: Instrument,
    contracts: float,
    own: TheoreticalValues | None,
    now: datetime,
    profit: float,
    level: float,
) -> Exposure:
    if known.right is None:
        delta = contracts * (0.0 if is_spread(known.code) else 1.0)
        flat = contracts * 0.0
        return Exposure(
            delta, delta / unit_multiplier(known), flat, flat, flat, profit, delta_won=delta * level
        )
    if own is None:
        return Exposure(profit=profit)
    days = min(seconds_to_six(now) / _DAY, own.years * DAYS_PER_YEAR)
    delta = contracts * own.delta
    spot = own.spot if isfinite(own.spot) else own.forward
    per_percent = PERCENT * spot if known.family is Family.STOCK_OPTION else 1.0
    return Exposure(
        delta,
        delta / unit_multiplier(known),
        contracts * own.gamma * per_percent,
        contracts * own.theta * days,
        contracts * own.vega,
        profit,
        delta_won=delta * spot,
    )


def _why(held: Holding, row: Ticker | None, asleep: Callable[[str], bool]) -> str:
    if not isfinite(held.instrument.multiplier):
        return "positions.no_multiplier"
    if asleep(held.code):
        return "positions.asleep"
    if held.is_wide and not isfinite(held.price):
        return "theory.wide_quote"
    if held.instrument.right is not None and not isfinite(held.exposure.delta):
        return (
            f"theory.{held.theoretical.why}"
            if held.theoretical and held.theoretical.why
            else "positions.no_values"
        )
    if row is not None and quotes(row).is_one_sided:
        return "positions.one_sided"
    return "positions.no_price"


def _net(underlying: str, expiry: date | None, parts: Sequence[Holding]) -> Subtotal:
    units = {u for u in (unit_multiplier(held.instrument) for held in parts) if isfinite(u)}
    exposures = [held.exposure for held in parts]
    delta = _sum(e.delta for e in exposures)
    return Subtotal(
        underlying,
        expiry,
        sum(not held.is_closed for held in parts),
        Exposure(
            delta,
            delta / units.pop() if len(units) == 1 else nan,
            _sum(e.gamma for e in exposures),
            _sum(e.theta for e in exposures),
            _sum(e.vega for e in exposures),
            _sum(e.profit for e in exposures),
            delta_won=_sum(e.delta_won for e in exposures),
            realised=_sum(e.realised for e in exposures),
            realised_today=_sum(e.realised_today for e in exposures),
            **_oldest(exposures),
        ),
        tuple(held.name for held in parts if not held.is_whole),
        sum(not isfinite(e.delta) for e in exposures),
    )


def _oldest(exposures: Sequence[Exposure]) -> dict[str, float]:
    """Return the ages of a sum, which is as old as its oldest part."""
    return {
        "price_age": max((e.price_age for e in exposures if isfinite(e.profit)), default=0.0),
        "greeks_age": max((e.greeks_age for e in exposures if isfinite(e.delta)), default=0.0),
    }


def _sum(values: Iterable[float]) -> float:
    """The sum of the values that are known; nan where none is."""
    known = [v for v in values if isfinite(v)]
    return fsum(known) if known else nan


BELOW = "below_intrinsic"
"""The reason for missing values, a key of `TheoreticalValues.why`."""


def at_zero_volatility(known: Instrument, own: TheoreticalValues, rate: float) -> TheoreticalValues:
    """Return the values at a volatility of 0 for a price below intrinsic; `why` is unchanged.

    `rate` is a fraction a year.  A stock option's delta is to its stock, which grows at that rate
    to the forward, so the discount cancels.
    """
    if own.why != BELOW:
        return own
    call = known.right is Right.CALL
    inside = own.forward > known.strike if call else own.forward < known.strike
    size = 1.0 if known.family is Family.STOCK_OPTION else exp(-rate * own.years)
    delta = (size if call else -size) if inside else 0.0
    return replace(own, volatility=0.0, delta=delta, gamma=0.0, vega=0.0, theta=0.0)
