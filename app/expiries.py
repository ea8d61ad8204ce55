"""When contracts trade for the last time: second Thursdays for months, Thursdays and Mondays for
weeklies, the trading day before where KRX is closed.
"""

from datetime import date, timedelta

from app.trading_days import on_or_before

_THURSDAY = 3


def second_thursday(year: int, month: int) -> date:
    """The day on which a month's contracts expire unless KRX is closed then."""
    first = date(year, month, 1)
    return first + timedelta(days=(_THURSDAY - first.weekday()) % 7 + 7)


def last_trading_day(year: int, month: int) -> date:
    """The last trading day of a monthly contract."""
    return on_or_before(second_thursday(year, month))


def weekly_expiry(year: int, month: int, nth: int, weekday: int) -> date:
    """The last trading day of a weekly contract, named by the nth Thursday or Monday of a month.

    `weekday` is 3 or 0, `nth` counts from 1.  The name stays with the month when KRX is closed and
    the day moves back out of it: 2601W1 is 2025-12-30.
    """
    first = date(year, month, 1)
    return on_or_before(first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1)))
