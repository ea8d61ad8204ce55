"""Ex-dividend days (배당락일): a future is not to be carried across one at the rate alone.

Most companies of an index pay on the shareholders of a quarter's end.  Settlement takes two trading
days, so the ex-dividend day is the trading day before the last one of the quarter: 2025-12-29,
2026-03-30.  Record dates that companies set between February and April are not known here [?]; they
are spread over weeks.
"""

from datetime import date, timedelta
from functools import lru_cache

from app.krx.corrections import Corrections, in_force
from app.krx.trading_days import on_or_before

_DAY = timedelta(days=1)
_QUARTERS = ((3, 31), (6, 30), (9, 30), (12, 31))


def ex_dividend_days(year: int) -> tuple[date, ...]:
    """Return the ex-dividend days of the ends of a year's quarters."""
    return _days(year, in_force())


@lru_cache(maxsize=64)
def _days(year: int, corrections: Corrections) -> tuple[date, ...]:
    ends = (on_or_before(date(year, month, day)) for month, day in _QUARTERS)
    return tuple(on_or_before(end - _DAY) for end in ends)


def ex_dividend_between(one: date, other: date) -> date | None:
    """Return the first ex-dividend day after the earlier of two expiries up to the later one."""
    first, last = min(one, other), max(one, other)
    days = (day for year in range(first.year, last.year + 1) for day in ex_dividend_days(year))
    return next((day for day in days if first < day <= last), None)
