"""When the contracts of months expire: second Thursdays, or the trading day before."""

from datetime import date

from app.session import last_trading_day


def monthly(day: date, count: int, step: int = 1) -> tuple[date, ...]:
    """The next expiries from `day` on, that day included; of every `step`-th month, March first."""
    found: list[date] = []
    year, month = day.year, day.month
    while len(found) < count:
        expiry = last_trading_day(year, month)
        if expiry >= day and month % step == 0:
            found.append(expiry)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return tuple(found)
