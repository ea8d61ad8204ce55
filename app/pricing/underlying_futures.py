"""The futures that an option's forward comes from, so that they can be watched with it."""

from collections.abc import Callable
from datetime import date, datetime

from app.krx.expiry import last_trading_day
from app.krx.hours import last_trade_moment
from app.krx.products import KOSDAQ150, KOSPI200, MINI
from app.pricing.forward import preference, underlying_key
from specs.market.instrument import Instrument

_QUARTER = 3
_MONTHS = 6
"""Months that are looked through from the one before the option's on: a quarter's is among them."""


def futures_of(
    option: Instrument,
    instrument: Callable[[str], Instrument],
    now: datetime,
    *,
    named: bool,
) -> tuple[str, ...]:
    """Return the codes of the futures that an option's forward may come from, the best first.

    They are in the order of `app.pricing.forward`, the big one of an index before its mini,
    without those that have expired at `now`.  With a master (`named`) they are the listed ones;
    without one they follow the calendar: indices by quarters, minis and stocks by months.
    """
    if option.expiry is None:
        return ()
    key = underlying_key(option)
    products = (key, *MINI) if key == KOSPI200[0] else (key,)
    days: dict[date, list[str]] = {}
    for year, month in _months(option.expiry):
        for product in products:
            code = f"A{product}{year % 10}{month:02}"
            known = instrument(code)
            last = known.expiry or last_trading_day(year, month, product)
            if last_trade_moment(last, product) <= now:
                continue
            quarterly = product in (KOSPI200[0], KOSDAQ150[0])
            if known.listed if named else not (quarterly and month % _QUARTER):
                days.setdefault(last, []).append(code)
    best = sorted(days, key=lambda day: preference(option.expiry or day, day))
    return tuple(code for day in best for code in days[day])


def _months(expiry: date) -> list[tuple[int, int]]:
    """Return the months whose futures may be the best of an option's."""
    first = expiry.year * 12 + expiry.month - 2
    return [(count // 12, count % 12 + 1) for count in range(first, first + _MONTHS)]
