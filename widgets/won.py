"""Formatting of amounts of won: whole, or all in a larger unit if one of them does not fit.

The units are 만 (10⁴), 억 (10⁸) and 조 (10¹²) in Korean, thousands and millions in English.

All amounts of a column are in one unit, which leaves at least three digits of the largest.  An
amount that this unit would round to zero is shown in a smaller unit if it fits, else as ``≈0``: it
is at most half a hundredth of the largest.
"""

from collections.abc import Callable, Iterable, Sequence
from math import isfinite

from rich.cells import cell_len

from widgets.board_column import BoardCell
from widgets.cells import MISSING
from widgets.texts import language, t

_SCALES = {
    "ko": ((1.0, 0), (1e4, 0), (1e8, 2), (1e8, 1), (1e8, 0), (1e12, 2), (1e12, 1), (1e12, 0)),
    "en": ((1.0, 0), (1e3, 0), (1e6, 1), (1e6, 0), (1e9, 1), (1e9, 0), (1e12, 1), (1e12, 0)),
}
"""Unit and decimals of each level, by language."""

_UNITS = {
    "ko": {1e4: "ten_thousands", 1e8: "hundred_millions", 1e12: "trillions"},
    "en": {1e3: "thousands", 1e6: "millions", 1e9: "billions", 1e12: "trillions"},
}
_NONE = "≈0"
_DIGITS = 100
"""Steps of the largest amount that keep three digits."""


def steps() -> tuple[float, ...]:
    """Return the unit of rounding at each level."""
    return tuple(unit / 10**decimals for unit, decimals in _SCALES[language()])


def levels(values: Iterable[float], rounding: Sequence[float] = ()) -> list[int]:
    """Return the first level, and all levels at which the largest value keeps three digits.

    `rounding` is the unit of rounding of each level; it defaults to `steps`.
    """
    most = max((abs(value) for value in values if isfinite(value)), default=0.0)
    found = rounding or steps()
    return [level for level, step in enumerate(found) if not level or step * _DIGITS <= most]


def fitting(
    cells_at: Callable[[int], list[BoardCell]], width: int, levels: Sequence[int]
) -> list[BoardCell]:
    """Return the cells at the first level at which all fit into a width, else at the narrowest."""
    best: list[BoardCell] = []
    for level in levels:
        found = cells_at(level)
        if not best or widest(found) < widest(best):
            best = found
        if widest(best) <= width:
            break
    return [
        _smaller(cells_at, at, width, levels) or cell if cell.text == _NONE else cell
        for at, cell in enumerate(best)
    ]


def _smaller(
    cells_at: Callable[[int], list[BoardCell]], at: int, width: int, levels: Sequence[int]
) -> BoardCell | None:
    """Return a cell at the first level at which it is not ``≈0`` and fits, or None."""
    cells = (cells_at(level)[at] for level in levels)
    return next((c for c in cells if c.text != _NONE and cell_len(c.text) <= width), None)


def widest(found: Iterable[BoardCell]) -> int:
    """Return the width of the widest text."""
    return max((cell_len(cell.text) for cell in found), default=0)


def amount(value: float, level: int = 0, *, signed: bool = False) -> str:
    """Return an amount: whole, or in larger units with and without decimals.

    An amount that its unit rounds to zero is ``≈0``.
    """
    if not isfinite(value):
        return MISSING
    unit, decimals = _SCALES[language()][level]
    rounded = round(value / unit, decimals) + 0.0
    if not rounded:
        return _NONE if level and value else "0"
    text = f"{rounded:{'+' if signed else ''},.{decimals}f}"
    return t(f"won.{_UNITS[language()][unit]}", amount=text) if level else text


def won(value: float, level: int = 0) -> BoardCell:
    """Return the cell of an amount."""
    return BoardCell(amount(value, level), "value" if isfinite(value) else "old")


def gain(value: float, level: int = 0) -> BoardCell:
    """Return the cell of a profit or loss, with its sign and tone."""
    whole = round(value) if isfinite(value) else 0
    tone = "up" if whole > 0 else "down" if whole < 0 else "value"
    return BoardCell(amount(value, level, signed=True), tone if isfinite(value) else "old")
