"""Trading days of KRX: which they are, and the one after or before a day."""

from datetime import date, timedelta

from app.krx.corrections import in_force
from app.krx.holidays import closed_days

_DAY = timedelta(days=1)


def trading_day(day: date) -> bool:
    """Whether KRX trades on a day."""
    corrections = in_force()
    if day in corrections.open_days:
        return True
    closed = day in corrections.closed_days or day in closed_days(day.year)
    return day.weekday() < 5 and not closed


def next_trading_day(day: date) -> date:
    """The first trading day after a day."""
    return on_or_after(day + _DAY)


def on_or_after(day: date) -> date:
    """A day itself if it is a trading day, else the first one after it."""
    while not trading_day(day):
        day += _DAY
    return day


def on_or_before(day: date) -> date:
    """A day itself if it is a trading day, else the last one before it."""
    while not trading_day(day):
        day -= _DAY
    return day
