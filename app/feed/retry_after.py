"""Read ``Retry-After``, by which an overloaded server asks for a pause.

Source: RFC 9110, section 10.2.3: whole seconds or an HTTP date, on 429 and 503.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 600.0
"""The longest pause that is granted, in seconds."""

STATUSES = frozenset((429, 503))


def retry_after(status: int, headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds to wait before the next call, up to `LONGEST`; 0 without the header.

    A date is compared with the answer's own ``Date``, because the clock here may be wrong; `now`
    (aware) serves where there is none.
    """
    said = headers.get("Retry-After", "").strip()
    if status not in STATUSES or not said:
        return 0.0
    if said.isascii() and said.isdigit():
        return min(LONGEST, float(said))
    until = _date(said)
    if until is None:
        return 0.0
    seconds = (until - (_date(headers.get("Date", "")) or now)).total_seconds()
    return min(LONGEST, max(0.0, seconds))


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
