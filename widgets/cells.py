"""How a value looks: numbers, signs, times and widths are formatted here and nowhere else."""

from math import isfinite

from rich.cells import cell_len, set_cell_size

MISSING = "—"
LONGEST = 256
"""Characters of a text that are looked at; no column is wider."""

_ARROWS = {1: "▲", -1: "▼", 0: " "}


def fit(text: str, width: int, *, right: bool = False) -> str:
    """The text at exactly `width` cells: padded, or cut with an ellipsis."""
    text = text[:LONGEST]
    size = cell_len(text)
    if size > width:
        return set_cell_size(text, width - 1) + "…" if width > 1 else set_cell_size(text, width)
    return " " * (width - size) + text if right else text + " " * (width - size)


def number(value: float, decimals: int = 2) -> str:
    """A number with thousands separators; missing is a dash."""
    return f"{value:,.{decimals}f}" if isfinite(value) else MISSING


def plus(value: float, decimals: int = 2) -> str:
    """A number that always shows its sign."""
    return f"{value:+,.{decimals}f}" if isfinite(value) else MISSING


def quantity(value: float) -> str:
    """A count of contracts."""
    return number(value, 0)


def percent(value: float) -> str:
    """A percentage, without the sign of percent that its column carries."""
    return number(value)


def volatility(value: float) -> str:
    """An implied volatility in percent."""
    return f"{value:.1f}%" if isfinite(value) else MISSING


def greek(value: float) -> str:
    """A greek at about three significant digits, never in exponents."""
    if not isfinite(value):
        return MISSING
    size = abs(value)
    decimals = 4 if size < 0.1 else 3 if size < 1 else 2 if size < 100 else 0
    text = f"{value:,.{decimals}f}"
    return text if float(text.replace(",", "")) else text.replace("-", "")


def change(value: float, direction: int, limit: bool, decimals: int = 2) -> str:
    """A difference as arrow and amount; an outlined arrow stands for the price limit."""
    if not isfinite(value):
        return MISSING
    arrow = {1: "↑", -1: "↓"}.get(direction, " ") if limit else _ARROWS[direction]
    return f"{arrow}{number(abs(value), decimals):>7}"


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
