"""Last trading days (최종거래일) by product.

Months of indices and stocks: the second Thursday.  V-KOSPI: 30 days before the options on the
KOSPI 200 of the next month expire.  Currencies: the third Monday; treasury bonds (KTB): the third
Tuesday.  Where KRX is closed on that day, it is the trading day before.  Weeklies: their Thursday,
or the trading day before; their Monday, or the trading day *after*.  Sources: KRX global pages
GLB0201040210 and GLB0201040301T1, KRX notice of 2023-06-15.
"""

from calendar import MONDAY, THURSDAY, TUESDAY
from datetime import date, timedelta

from app.krx.trading_days import on_or_after, on_or_before

VOLATILITY = "04"
BONDS = frozenset(("65", "66", "67"))
CURRENCIES = frozenset(("75", "76", "77", "78"))

_VOLATILITY_DAYS = timedelta(days=30)


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date:
    """Return the `nth` (from 1) of a weekday (Monday is 0) that is counted from a month's start.

    A fifth one that the month does not have is the first of the next month.
    """
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def second_thursday(year: int, month: int) -> date:
    """Return the day on which a month's contracts expire unless KRX is closed on it."""
    return nth_weekday(year, month, 2, THURSDAY)


def last_trading_day(year: int, month: int, product: str = "") -> date:
    """Return the last trading day of a product's contract of a month.

    `product` is the two characters of the short code; a product without its own rule expires like
    the KOSPI 200.
    """
    if product == VOLATILITY:
        following = (year + 1, 1) if month == 12 else (year, month + 1)
        return on_or_before(last_trading_day(*following) - _VOLATILITY_DAYS)
    if product in CURRENCIES:
        return on_or_before(nth_weekday(year, month, 3, MONDAY))
    if product in BONDS:
        return on_or_before(nth_weekday(year, month, 3, TUESDAY))
    return on_or_before(second_thursday(year, month))


def weekly_expiry(year: int, month: int, nth: int, weekday: int) -> date:
    """Return the last trading day of a weekly of the nth Thursday or Monday of a month.

    `weekday` is 3 or 0, `nth` counts from 1.  The name stays with the month when KRX is closed and
    the day moves out of it: 2601W1 of Thursdays is 2025-12-30.
    """
    named = nth_weekday(year, month, nth, weekday)
    return on_or_after(named) if weekday == MONDAY else on_or_before(named)
