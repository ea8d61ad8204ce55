"""How times of day and lengths of time look."""

from math import ceil, isfinite, nan

from widgets.texts import t

MISSING = "—"

_DAY = 86_400
_NO_TIME = "240000"
_FIRST_HOUR = 17
"""Between the latest day session's end, 16:45, and the night's beginning, 17:50."""


def clock(time: str) -> str:
    """KIS' HHMMSS as HH:MM:SS; hours 24 to 30 are the night's after midnight.

    240000 is no moment of a night but what stands where no time is known.
    """
    read = _read(time)
    if read is None:
        return MISSING
    hour, minute, second = read
    return f"{hour:02}:{minute:02}:{second:02}"


def second_of_trade_date(time: str) -> float:
    """Where KIS' HHMMSS lies in a trade date, in seconds; nan if it is none.

    A trade date begins with the evening before, so that 03:12 comes after 23:59 and before 08:45.
    """
    read = _read(time)
    if read is None:
        return nan
    hour, minute, second = read
    return float((hour - _FIRST_HOUR) % 24 * 3600 + minute * 60 + second)


def _read(time: str) -> tuple[int, int, int] | None:
    if len(time) != 6 or not (time.isascii() and time.isdigit()):
        return None
    if time == _NO_TIME:
        return None
    hour, minute, second = int(time[:2]), int(time[2:4]), int(time[4:])
    return None if hour > 30 or minute > 59 or second > 59 else (hour % 24, minute, second)


def span(seconds: float) -> str:
    """A length of time in the words of a status line: 0.2s, 12s, 3:05, 2:37:16."""
    if not isfinite(seconds):
        return MISSING
    if seconds < 10:
        return f"{max(0.0, seconds):.1f}s"
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def minutes(seconds: float) -> str:
    """A length of time as minutes and seconds, 0:22, or hours too, 2:37:16."""
    whole = max(0, int(seconds))
    return f"0:{whole:02}" if whole < 60 else span(whole)


def countdown(seconds: float) -> str:
    """A length of time that runs out, in whole seconds; from a day on in days and hours."""
    whole = max(0, ceil(seconds))
    if whole < 60:
        return f"{whole}s"
    days, rest = divmod(whole, _DAY)
    if not days:
        return span(whole)
    hours = rest // 3600
    return (
        t("calendar.days_hours", days=days, hours=hours) if hours else t("calendar.days", days=days)
    )
