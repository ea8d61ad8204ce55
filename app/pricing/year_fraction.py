"""The time to expiry of an option in years."""

from datetime import date, datetime

from app.krx.calendar import last_trade_moment
from specs.market.theoretical import DAYS_PER_YEAR

YEAR = DAYS_PER_YEAR * 86_400.0
"""Seconds of a year."""


def years_left(expiry: date, moment: datetime) -> float:
    """Return the calendar seconds to expiry divided by 365 days; 0 or less after expiry.

    Calendar time, not trading time: nights and weekends count like any other, as in KIS' days to
    maturity, so values do not jump where a session begins.  The hour is that at which the contract
    stops trading for good, 15:20 KST, an hour later on the day of the university entrance exam.
    """
    return (last_trade_moment(expiry) - moment).total_seconds() / YEAR
