"""Hours of KRX' stock market, whose indices the derivatives are on.

It trades from 09:00 to 15:30, an hour later on the day of the university entrance exam (수능).
"""

from datetime import datetime, time, timedelta

from app.krx.hours import EXAM_DAYS, LATE
from app.krx.trading_days import on_or_before
from app.system.clock import KST

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
