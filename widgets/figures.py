"""Fitting of figures into a width without cutting a digit off.

A figure is a text with one number, such as ``▲  1,234.50``, ``≠1,204`` or ``14.8%~``, or two of
them with × between.  One that is too long loses its padding, then decimals, and is then written in
a larger unit: 1,235만 in Korean, 12.3M in English.  A unit shows all digits of a number if they
fit, otherwise at least three.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import floor, log10

from rich.cells import cell_len

from widgets import cells
from widgets.texts import language, t

PAIR = "×"
"""Stands between a bid and an ask."""

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_UNITS = {
    "ko": ((1e4, "ten_thousands"), (1e8, "hundred_millions"), (1e12, "trillions")),
    "en": ((1e3, "thousands"), (1e6, "millions"), (1e9, "billions"), (1e12, "trillions")),
}
_DIGITS = 3
"""Digits that a number keeps in a larger unit, and the decimals that it has there at most."""

_NEARLY_NONE = "≈0"

_Part = tuple[str, float, str]
"""The text before a number, the number, and the text after it."""

_Level = tuple[float, str, int]
"""A unit, the key of its text, and decimals."""


def fit_figure(text: str, width: int) -> str:
    """Return a figure at exactly `width` cells, on the right; a pair has its × in the middle.

    A figure without a spelling that fits is an ellipsis.  Other texts are cut.
    """
    if text.isascii() and len(text) <= width:
        return text.rjust(width)
    if PAIR in text:
        return _fit_pair(text, width)
    if cell_len(text) <= width:
        return cells.fit(text, width, right=True)
    return cells.fit(shortened(text, width), width, right=True)


@lru_cache(maxsize=1_000)
def _spellings(text: str, lang: str) -> tuple[str, ...]:
    """Return the spellings of a figure, the most exact first; empty for another text."""
    part = _part(text)
    if part is None:
        return ()
    levels = _levels((part[1],), _decimals(text), lang)
    small = (_NEARLY_NONE + part[2],) if 0 < part[1] < 1 else ()
    return *(_written(part, level) for level in levels), *small


def shortened(text: str, width: int) -> str:
    """Return the most exact spelling of a figure that fits; other texts as they are."""
    found = _spellings(text, language())
    if not found:
        return text
    return next((one for one in found if cell_len(one) <= width), "…")


def _fit_pair(text: str, width: int) -> str:
    left, _, right = text.partition(PAIR)
    left, right = left.strip(), right.strip()
    half = (width - 1) // 2
    # A number and a dash have as many cells as characters.
    if max(len(left), len(right)) <= half:
        return f"{left.rjust(half)}{PAIR}{right.ljust(width - 1 - half)}"
    pair = left + PAIR + right
    if cell_len(pair) > width:
        pair = _shorter_pair(left, right, width, language())
    return cells.fit(pair, width, right=True)


@lru_cache(maxsize=1_000)
def _shorter_pair(left: str, right: str, width: int, lang: str) -> str:
    """Return two quotes in the finest unit in which both fit."""
    parts = _part(left), _part(right)
    numbers = [part[1] for part in parts if part is not None]
    decimals = max(_decimals(left), _decimals(right))
    for level in _levels(numbers, decimals, lang) if numbers else ():
        sides = [
            _written(part, level) if part is not None else side
            for part, side in zip(parts, (left, right), strict=True)
        ]
        if cell_len(pair := PAIR.join(sides)) <= width:
            return pair
    return "…"


def _part(text: str) -> _Part | None:
    """Return the parts of a figure, or None if a text has no number or several."""
    found = _NUMBER.findall(text)
    if len(found) != 1:
        return None
    before, _, after = text.partition(found[0])
    if not any(letter.isalpha() for letter in before):
        before = "".join(before.split())
    return before, float(found[0].replace(",", "")), after.rstrip()


def _decimals(text: str) -> int:
    found = _NUMBER.search(text)
    return len(found[0].partition(".")[2]) if found is not None else 0


def _levels(values: Sequence[float], decimals: int, lang: str) -> Iterator[_Level]:
    """Yield the units and decimals in which no value is rounded to 0, the most exact first."""
    most, least = max(values), min((v for v in values if v), default=0.0)
    for places in range(decimals, -1, -1):
        if not least or round(least, places):
            yield 1.0, "", places
    units = _UNITS[lang]
    first = max((at for at, (unit, _) in enumerate(units) if unit <= most), default=0)
    for unit, name in units[first:]:
        exact = next((n for n in range(_DIGITS + 1) if _is_exact(values, unit, n, decimals)), None)
        if exact is not None and most >= unit:
            yield unit, name, exact
        shown = _DIGITS - 1 - floor(log10(most / unit)) if most else 0
        for places in range(max(0, min(_DIGITS, shown)), -1, -1):
            if not least or round(least / unit, places):
                yield unit, name, places


def _is_exact(values: Sequence[float], unit: float, places: int, decimals: int) -> bool:
    """Return whether a unit shows all digits of some values that have `decimals`."""
    half = 10.0**-decimals / 2
    return all(abs(round(v / unit, places) - v / unit) * unit < half for v in values)


def _written(part: _Part, level: _Level) -> str:
    before, value, after = part
    unit, name, places = level
    text = f"{value / unit:,.{places}f}"
    return before + (t(f"won.{name}", amount=text) if name else text) + after
