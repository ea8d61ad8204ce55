"""Which futures an option's forward is taken from, so that they can be watched with it."""

from collections.abc import Callable
from datetime import date

from app.expiries import last_trading_day
from app.facts import KOSDAQ150, KOSPI200, MINI
from app.theory.forward import underlying_key
from widgets.row import Instrument

_QUARTER = 3
_MONTHS = 4
"""Months that are looked through: one of a quarter is among them."""


def futures_of(
    option: Instrument, instrument: Callable[[str], Instrument], *, named: bool
) -> tuple[str, ...]:
    """The codes of the futures that an option may rest on, the best first.

    Those of its own last day come first, the big one of an index before its mini, then those of the
    next months.  With a master (`named`) they are the ones that it lists; without one, those that
    the calendar has: indices by quarters, minis and stocks by months.
    """
    if option.expiry is None:
        return ()
    key = underlying_key(option)
    products = (key, *MINI) if key == KOSPI200[0] else (key,)
    found: list[str] = []
    for year, month in _months(option.expiry):
        for product in products:
            code = f"A{product}{year % 10}{month:02}"
            quarterly = product in (KOSPI200[0], KOSDAQ150[0])
            held = instrument(code).listed if named else not (quarterly and month % _QUARTER)
            if held:
                found.append(code)
    return tuple(found)


def _months(expiry: date) -> list[tuple[int, int]]:
    """The months whose contracts expire on a day or after it."""
    first = expiry.year * 12 + expiry.month - 1
    if last_trading_day(expiry.year, expiry.month) < expiry:
        first += 1
    return [(count // 12, count % 12 + 1) for count in range(first, first + _MONTHS)]
