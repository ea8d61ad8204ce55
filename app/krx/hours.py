"""Beginning and end of the two sessions of a date, late opens included.

Night: opening auction 17:50-18:00, trading to 05:50, closing auction to 06:00.  Day: 08:30-08:45,
to 15:35, to 15:45.  By day orders come from 08:30 and expected prices from 08:40.  Contracts on
their last day stop at 15:20, V-KOSPI futures at 15:35, currency and bond futures at 11:30.  On the
first trading day of a year the day opens an hour late and closes at its usual time.  On the day of
the university entrance exam (수능) the whole day is an hour late and the night begins an hour late.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from app.krx.corrections import in_force
from app.krx.expiry import BONDS, CURRENCIES, VOLATILITY
from app.krx.holidays import CLOSED_NIGHTS
from app.krx.trading_days import next_trading_day, on_or_before, trading_day
from app.system.clock import KST
from specs.catalog import Session

LATE = timedelta(hours=1)

EXAM_DAYS = frozenset((date(2025, 11, 13), date(2026, 11, 19), date(2027, 11, 18)))
"""The ministry sets the exam's date each year; a year that is missing here has no late day."""

FIRST_NIGHT = date(2025, 6, 9)
"""The day on which the first night of KRX' own night market began."""

EXPECTED_AFTER = timedelta(minutes=10)
"""The time from the beginning of a day's opening auction to its first expected prices."""

_LAST_TRADES = {
    VOLATILITY: time(15, 35),
    **dict.fromkeys((*BONDS, *CURRENCIES), time(11, 30)),
}
_LAST_TRADE = time(15, 20)


class SessionHours(NamedTuple):
    """One session: opening auction from `begin`, trading from `open`, auction from `close`."""

    begin: datetime
    open: datetime
    close: datetime
    end: datetime


def hours(session: Session, day: date) -> SessionHours:
    """Return the hours of a session that begins on a date, even if it is not held."""
    exam = day in EXAM_DAYS
    if session is Session.NIGHT:
        late = LATE if exam else timedelta()
        return SessionHours(
            _at(day, 17, 50) + late, _at(day, 18) + late, _at(day, 29, 50), _at(day, 30)
        )
    opens = LATE if exam or _opens_the_year(day) else timedelta()
    closes = LATE if exam else timedelta()
    return SessionHours(
        _at(day, 8, 30) + opens,
        _at(day, 8, 45) + opens,
        _at(day, 15, 35) + closes,
        _at(day, 15, 45) + closes,
    )


def held(session: Session, day: date) -> bool:
    """Return whether a session begins on a date.

    A night is held if and only if it begins on a trading day, a holiday's eve included, unless KRX
    announced it as closed (KRX global page GLB0201041004).  The user's settings go before the
    announcements that are built in.
    """
    if session is Session.DAY or not trading_day(day):
        return trading_day(day)
    corrections = in_force()
    if day < FIRST_NIGHT or day in corrections.closed_nights:
        return False
    return day not in CLOSED_NIGHTS or day in corrections.open_days


def last_trade_moment(expiry: date, product: str = "") -> datetime:
    """Return the moment at which a product's contracts stop trading on their last trading day."""
    last = datetime.combine(expiry, _LAST_TRADES.get(product, _LAST_TRADE), KST)
    return last + (LATE if expiry in EXAM_DAYS else timedelta())


def _opens_the_year(day: date) -> bool:
    return day.month == 1 and day == next_trading_day(date(day.year - 1, 12, 31))


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment of a date; hours from 24 on are on the next day."""
    return datetime.combine(day, time(), KST) + timedelta(hours=hour, minutes=minute)


_CLOSE = time(15, 30)


def last_close(now: datetime) -> datetime:
    """Return when the stock market, and with it an index, closed last before a moment."""
    now = now.astimezone(KST)
    day = on_or_before(now.date())
    while True:
        late = LATE if day in EXAM_DAYS else timedelta()
        close = datetime.combine(day, _CLOSE, KST) + late
        if close <= now:
            return close
        day = on_or_before(day - timedelta(days=1))
