"""Reads a time of day as it is typed: 01:30, 01:30:05, 130."""

import re
from datetime import time

_PARTS = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_DIGITS = re.compile(r"(\d{1,2})(\d{2})(\d{2})?", re.ASCII)


def time_of_day(text: str) -> time | None:
    """Return the time, with hours 24 to 30 after midnight; None if the text is not a time."""
    text = text.strip()
    # Three digits are hours and minutes, five and six have seconds.
    found = _PARTS.fullmatch(text) or _DIGITS.fullmatch(text)
    if found is None:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups())
    if hour > 30 or minute > 59 or second > 59:
        return None
    return time(hour % 24, minute, second)
