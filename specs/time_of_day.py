"""Times of day as KIS writes them: HHMMSS, where hours 24 to 30 are the night's after midnight."""

from math import nan

_NO_TIME = "240000"
"""Sent by KIS for an unknown time."""
_FIRST_HOUR = 17
"""An hour between the latest end of a day session, 16:45, and the start of the night, 17:50."""

_HALF_DAY, _DAY, _KST = 43_200, 86_400, 32_400


def hour_minute_second(time: str) -> tuple[int, int, int] | None:
    """Return hour (0-23), minute and second of an HHMMSS, or None if it is invalid."""
    if len(time) != 6 or not (time.isascii() and time.isdigit()):
        return None
    if time == _NO_TIME:
        return None
    hour, minute, second = int(time[:2]), int(time[2:4]), int(time[4:])
    return None if hour > 30 or minute > 59 or second > 59 else (hour % 24, minute, second)


def second_of_trade_date(time: str) -> float:
    """Return the seconds from the start of a trade date to an HHMMSS; nan if it is invalid.

    A trade date begins with the evening before, so that 03:12 comes after 23:59 and before 08:45.
    """
    found = hour_minute_second(time)
    if found is None:
        return nan
    hour, minute, second = found
    return float((hour - _FIRST_HOUR) % 24 * 3600 + minute * 60 + second)


def nearest_moment(time: str, now: float) -> float | None:
    """Return the moment nearest to `now` at which it is HHMMSS in Korea, or None if it is invalid.

    Moments are in seconds since 1970.
    """
    found = hour_minute_second(time)
    if found is None:
        return None
    hour, minute, second = found
    moment = (now + _KST) // _DAY * _DAY - _KST + hour * 3600 + minute * 60 + second
    if moment - now > _HALF_DAY:
        return moment - _DAY
    return moment + _DAY if now - moment > _HALF_DAY else moment


def clock_text(time: str) -> str | None:
    """Return an HHMMSS as HH:MM:SS, or None if it is invalid."""
    found = hour_minute_second(time)
    return None if found is None else f"{found[0]:02}:{found[1]:02}:{found[2]:02}"
