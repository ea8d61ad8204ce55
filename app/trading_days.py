"""Trading days of KRX: which they are, and the one after or before a day."""

from datetime import date, timedelta

from app.holidays import closed_days

_DAY = timedelta(days=1)


def trading_day(day: date) -> bool:
    """Whether KRX trades on a day."""
    return day.weekday() < 5 and day not in closed_days(day.year)


def next_trading_day(day: date) -> date:
    """The first trading day after a day."""
    day += _DAY
    while not trading_day(day):
        day += _DAY
    return day


def on_or_before(day: date) -> date:
    """A day itself if it is a trading day, else the last one before it."""
    while not trading_day(day):
        day -= _DAY
    return day
