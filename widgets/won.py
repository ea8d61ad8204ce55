"""How amounts of won look: whole, or in thousands and millions where one of them has no room."""

from collections.abc import Callable
from math import isfinite

from rich.cells import cell_len

from widgets.cells import MISSING
from widgets.columns import Cell
from widgets.texts import t

_SCALES = ((1.0, 0), (1e3, 0), (1e6, 1), (1e6, 0), (1e9, 0), (1e12, 0))
_UNITS = {1e3: "thousands", 1e6: "millions", 1e9: "billions", 1e12: "trillions"}


def fitting(cells_at: Callable[[int], list[Cell]], width: int) -> list[Cell]:
    """Cells at the first level at which all of them fit into a width, else at the last."""
    found: list[Cell] = []
    for level in range(len(_SCALES)):
        found = cells_at(level)
        if all(cell_len(cell.text) <= width for cell in found):
            break
    return found


def amount(value: float, level: int = 0, *, signed: bool = False) -> str:
    """An amount: whole, or in thousands, millions with and without a decimal, billions, trillions.

    What a unit rounds away is shown as next to none.
    """
    if not isfinite(value):
        return MISSING
    unit, decimals = _SCALES[level]
    rounded = round(value / unit, decimals) + 0.0
    if not rounded:
        return "≈0" if level and value else "0"
    text = f"{rounded:{'+' if signed else ''},.{decimals}f}"
    return t(f"won.{_UNITS[unit]}", amount=text) if level else text


def won(value: float, level: int = 0) -> Cell:
    """The cell of an amount."""
    return Cell(amount(value, level), "value" if isfinite(value) else "old")


def gain(value: float, level: int = 0) -> Cell:
    """The cell of an amount that was won or lost, with its sign and direction."""
    whole = round(value) if isfinite(value) else 0
    tone = "up" if whole > 0 else "down" if whole < 0 else "value"
    return Cell(amount(value, level, signed=True), tone if isfinite(value) else "old")
