"""How times of day and lengths of time look."""

from math import ceil, isfinite

MISSING = "—"


def clock(time: str) -> str:
    """KIS' HHMMSS as HH:MM:SS; hours 24 to 30 are the night's after midnight."""
    if len(time) != 6 or not (time.isascii() and time.isdigit()):
        return MISSING
    hour, minute, second = int(time[:2]), int(time[2:4]), int(time[4:])
    if hour > 30 or minute > 59 or second > 59:
        return MISSING
    return f"{hour % 24:02}:{minute:02}:{second:02}"


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


def countdown(seconds: float) -> str:
    """A length of time that runs out, in whole seconds."""
    whole = max(0, ceil(seconds))
    return f"{whole}s" if whole < 60 else span(whole)
