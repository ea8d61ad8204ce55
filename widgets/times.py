"""Formatting of times of day and durations."""

from math import ceil, isfinite

from specs.time_of_day import clock_text
from widgets.texts import t

MISSING = "—"

_DAY = 86_400


def clock(time: str) -> str:
    """Return KIS' HHMMSS as HH:MM:SS; hours 24 to 30 are the night's after midnight.

    KIS sends 240000 for an unknown time, which gives `MISSING`.
    """
    return clock_text(time) or MISSING


def span(seconds: float) -> str:
    """Return a duration as in the status line: 0.2초, 12초 (in English 12s), 3:05, 2:37:16."""
    if not isfinite(seconds):
        return MISSING
    if seconds < 10:
        return t("times.seconds", seconds=f"{max(0.0, seconds):.1f}")
    whole = int(seconds)
    if whole < 60:
        return t("times.seconds", seconds=whole)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def minutes(seconds: float) -> str:
    """Return a duration as minutes and seconds, 0:22, or with hours, 2:37:16."""
    whole = max(0, int(seconds))
    return f"0:{whole:02}" if whole < 60 else span(whole)


def time_left(days: int, left: float) -> str:
    """Return the time to an expiry in days, on the last day in hours and minutes.

    `left` is the number of seconds that the contract trades, nan if that is not known; in the last
    minute they are shown.
    """
    if left <= 0 or days < 0:
        return t("badge.expired")
    if days or not isfinite(left):
        return t("greeks.day_count", days=days)
    if left < 60:
        return t("greeks.seconds", seconds=ceil(left))
    hours, seconds = divmod(int(left), 3600)
    return t("greeks.hours_minutes", hours=hours, minutes=seconds // 60)


def countdown(seconds: float) -> str:
    """Return a remaining duration in whole seconds; from a day on in days and hours."""
    whole = max(0, ceil(seconds))
    if whole < 60:
        return t("times.seconds", seconds=whole)
    days, rest = divmod(whole, _DAY)
    if not days:
        return span(whole)
    hours = rest // 3600
    return (
        t("calendar.days_hours", days=days, hours=hours) if hours else t("calendar.days", days=days)
    )
