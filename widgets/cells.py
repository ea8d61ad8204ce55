"""How a value looks: numbers, signs, times and widths are formatted here and nowhere else."""

import re
from functools import lru_cache
from math import isfinite

from rich.cells import cell_len, set_cell_size

from widgets.times import MISSING as MISSING

LONGEST = 256
"""Characters of a text that are looked at; no column is wider."""

MISSED = "≠"
"""Before a volume that is more than the trades that were heard."""

OWN = "~"
"""Behind a value that is our own calculation."""

_BRIEF = (
    ("위클리", "위"),
    ("코스닥150", "코"),
    ("미니", "미"),
    ("SK하이닉스", "하이닉스"),
    ("미국달러", "달러"),
)
_YEAR = re.compile(r"\b20(?=\d{4}\b)|\b\d\d(?=\d\dW\d\b)")
_ARROWS = {1: "▲", -1: "▼", 0: " "}


def fit(text: str, width: int, *, right: bool = False) -> str:
    """The text at exactly `width` cells: padded, or cut with an ellipsis."""
    text = text[:LONGEST]
    size = cell_len(text)
    if size > width:
        return set_cell_size(text, width - 1) + "…" if width > 1 else set_cell_size(text, width)
    return " " * (width - size) + text if right else text + " " * (width - size)


def centred(text: str, width: int) -> str:
    """The text in the middle of `width` cells, cut with an ellipsis where there is no room."""
    room = max(0, width - cell_len(text))
    return fit(" " * (room // 2) + text, width)


@lru_cache(maxsize=1_000)
def short_names(name: str) -> tuple[str, ...]:
    """A contract's name in ever fewer cells, its right and strike kept to the last."""
    for long, brief in _BRIEF:
        name = name.replace(long, brief)
    name = _YEAR.sub("", name)
    words = name.split()
    if len(words) < 4:
        return (name,)
    underlying, strike = words[0], words[-1]
    right = words[1]
    return name, f"{underlying} {right} {strike}", f"{underlying[:2]} {right} {strike}"


def number(value: float, decimals: int = 2) -> str:
    """A number with thousands separators; missing is a dash, and zero has no sign."""
    if not isfinite(value):
        return MISSING
    text = f"{value:,.{decimals}f}"
    return text[1:] if text[0] == "-" and not text.strip("-0.") else text


def plus(value: float, decimals: int = 2) -> str:
    """A number that always shows its sign; that of zero is plus."""
    if not isfinite(value):
        return MISSING
    text = f"{value:+,.{decimals}f}"
    return f"+{text[1:]}" if text[0] == "-" and not text.strip("-0.") else text


def quantity(value: float) -> str:
    """A count of contracts."""
    return number(value, 0)


def percent(value: float) -> str:
    """A percentage, without the sign of percent that its column carries."""
    return number(value)


def volatility(value: float) -> str:
    """An implied volatility in percent: from 100 on there is no room for a decimal."""
    if not isfinite(value):
        return MISSING
    return f"{value:.1f}%" if round(value, 1) < 100 else f"{value:,.0f}%"


def greek(value: float, *, small: bool = False) -> str:
    """A greek at about three significant digits, never in exponents.

    What would round to zero is shown with more decimals where `small` allows, else as next to none.
    """
    if not isfinite(value):
        return MISSING
    size = round(abs(value), 3)
    decimals = 3 if size < 1 else 2 if size < 100 else 0
    if size < 0.1 and value > 0:
        decimals = 4
    if small and 0 < abs(value) < 0.001:
        decimals = 6
    text = f"{value:,.{decimals}f}"
    if float(text.replace(",", "")):
        return text
    return "≈0" if value else "0"


def sent(value: float) -> str:
    """A greek of KIS with the two decimals that KIS sends; what has more is shown as our own is."""
    if isfinite(value) and value == round(value, 2):
        return f"{value + 0.0:,.2f}"
    return greek(value, small=True)


def marked(text: str, own: bool) -> str:
    """A text with the mark of our own values, or a blank, so that digits keep their place."""
    return text + (OWN if own else " ")


def change(value: float, direction: int, limit: bool, decimals: int = 2) -> str:
    """A difference as arrow and amount; an outlined arrow stands for the price limit."""
    if not isfinite(value):
        return MISSING
    arrow = {1: "↑", -1: "↓"}.get(direction, " ") if limit else _ARROWS[direction]
    return f"{arrow}{number(abs(value), decimals):>7}"
