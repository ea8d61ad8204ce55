"""Formatting of values: numbers, signs and widths, for all boards and panels."""

import re
from functools import lru_cache
from math import isfinite

from rich.cells import cell_len, set_cell_size

from widgets.times import MISSING as MISSING

LONGEST = 256
"""Characters of a text that are used; no column is wider."""

MISSED = "≠"
"""Mark before a volume that exceeds the received trades."""

OWN = "~"
"""Mark behind a theoretical value of the program."""

_BRIEF = (
    ("위클리", "위"),
    ("코스닥150", "코"),
    ("미니", "미"),
    ("SK하이닉스", "하이닉스"),
    ("미국달러", "달러"),
)
_YEAR = re.compile(r"\b20(?=\d{4}\b)|\b\d\d(?=\d\dW\d\b)")
_SHARES = re.compile(r"\s*\(\s*[\d.]+\s*\)$")
_CUT_NUMBER = re.compile(r"[+\-]?\d[\d.,:/]*$")
_ARROWS = {1: "▲", -1: "▼", 0: " "}


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Return a text at exactly `width` cells: padded, or cut with an ellipsis.

    A number is never cut inside: the ellipsis takes its place.
    """
    text = text[:LONGEST]
    size = cell_len(text)
    if size > width:
        text = _cut(text, width)
        size = cell_len(text)
    return " " * (width - size) + text if right else text + " " * (width - size)


def _cut(text: str, width: int) -> str:
    """Return the beginning of a text that is longer than `width` cells."""
    if width < 2:
        kept = set_cell_size(text, max(0, width))
        return "…" if kept.isdigit() else kept
    kept = set_cell_size(text, width - 1)
    return _CUT_NUMBER.sub("", kept) + "…"


def centred(text: str, width: int) -> str:
    """Return a text in the middle of `width` cells, cut with an ellipsis if it is longer."""
    room = max(0, width - cell_len(text))
    return fit(" " * (room // 2) + text, width)


@lru_cache(maxsize=1_000)
def short_names(name: str) -> tuple[str, ...]:
    """Return a contract's name in ever fewer cells, right and strike in each of them.

    The number of shares of a stock's contract, ``(  10)`` at the end of its name, is left out.
    """
    name = _SHARES.sub("", name)
    for long, brief in _BRIEF:
        name = name.replace(long, brief)
    name = _YEAR.sub("", name)
    words = name.split()
    if len(words) < 4:
        return (name,)
    underlying, strike = words[0], words[-1]
    right = words[1]
    return name, f"{underlying} {right} {strike}", f"{underlying[:2]} {right} {strike}"


def fit_name(name: str, width: int) -> str:
    """Return a contract's name at exactly `width` cells, shortened so that its strike is whole."""
    names = name, *short_names(name)
    return fit(next((one for one in names if cell_len(one) <= width), names[-1]), width)


def number(value: float, decimals: int = 2) -> str:
    """Return a number with thousands separators; missing is a dash, and zero has no sign."""
    if not isfinite(value):
        return MISSING
    text = f"{value:,.{decimals}f}"
    return text[1:] if text[0] == "-" and not text.strip("-0.") else text


def plus(value: float, decimals: int = 2) -> str:
    """Return a number with its sign; zero has a plus."""
    if not isfinite(value):
        return MISSING
    text = f"{value:+,.{decimals}f}"
    return f"+{text[1:]}" if text[0] == "-" and not text.strip("-0.") else text


def quantity(value: float) -> str:
    """Return a count of contracts."""
    return number(value, 0)


def percent(value: float) -> str:
    """Return a percentage without the percent sign, which is in the column's title."""
    return number(value)


def volatility(value: float) -> str:
    """Return an implied volatility in percent, from 100 on without a decimal, to save room."""
    if not isfinite(value):
        return MISSING
    return f"{value:.1f}%" if round(value, 1) < 100 else f"{value:,.0f}%"


def greek(value: float, *, small: bool = False) -> str:
    """Return a greek at about three significant digits, never with an exponent.

    A value that would round to zero gets more decimals if `small` is set, else it is ``≈0``.
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
    """Return a greek of KIS with the two decimals that KIS sends; with more, as `greek` does."""
    if isfinite(value) and value == round(value, 2):
        return f"{value + 0.0:,.2f}"
    return greek(value, small=True)


def marked(text: str, own: bool) -> str:
    """Return a text with the mark of theoretical values, or a blank, which aligns digits."""
    return text + (OWN if own else " ")


def change(value: float, direction: int, limit: bool, decimals: int = 2) -> str:
    """Return a difference as arrow and amount; a plain arrow (↑ ↓) marks a price limit."""
    if not isfinite(value):
        return MISSING
    arrow = {1: "↑", -1: "↓"}.get(direction, " ") if limit else _ARROWS[direction]
    return f"{arrow}{number(abs(value), decimals):>7}"
