"""Axes of plots drawn in cells: round numbers, and the rows on which they fall."""

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import NamedTuple

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
EVEN_STEPS = (1.0, 2.0, 5.0)
"""Steps whose multiples of a tenth need only one decimal."""

LEAST_STEP = 0.1
APART = range(3, 8)
"""Allowed distances of two ticks, in rows."""


class Axis(NamedTuple):
    """The ends of an axis and its ticks."""

    low: float
    high: float
    ticks: Sequence[float]


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return round numbers from `low` to `high`, at most `most` and at least one."""
    rough = (high - low) / max(1, most - 1)
    power = 10.0 ** floor(log10(rough))
    step = next(power * step for step in STEPS if power * step >= rough * (1 - 1e-9))
    return _multiples(low, high, step) or [round(low, 2)]


def upright(
    low: float, high: float, rows: int, *, smallest: float = LEAST_STEP, negative: bool = False
) -> Axis:
    """Return an axis of `rows` rows around a range, its ticks the same number of rows apart.

    It is the smallest that holds the range; each row is the same part of a step, which is
    `smallest` or a rounder number.  It begins at 0 or above unless it may be `negative`.
    """
    least = (high - low) / max(1, rows - 2)
    steps = [(_step(least * apart, smallest), apart) for apart in APART]
    row, step = min((step / apart, step) for step, apart in steps)
    room = row * max(1, rows - 1)
    first = round(((low + high - room) / 2) / row)
    if not negative:
        first = max(0, first)
    bottom = first * row
    return Axis(bottom, bottom + room, _multiples(bottom, bottom + room, step))


def _step(least: float, smallest: float) -> float:
    """Return the smallest even step of at least these sizes."""
    power = max(smallest, 10.0 ** floor(log10(least))) if least > 0 else smallest
    return next(
        power * times * step
        for times in (1, 10)
        for step in EVEN_STEPS
        if power * times * step >= least * (1 - 1e-9)
    )


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(number * step, 9) for number in range(first, last + 1)]
