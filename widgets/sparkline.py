"""Sparklines: a path of values as one line of text."""

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite, nan

from specs.market.price_path import PricePath

LEVELS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], width: int) -> str:
    """Return up to `width` cells, oldest value first, scaled from the least value to the largest.

    More values than cells are averaged, missing values are blank, and a path without any change is
    drawn in the middle.
    """
    found = _gathered(values, width)
    there = [value for value in found if isfinite(value)]
    if not there:
        return ""
    low, high = min(there), max(there)
    top = len(LEVELS) - 1
    if low == high:
        return "".join(LEVELS[top // 2] if isfinite(value) else " " for value in found)
    return "".join(
        LEVELS[round((value - low) / (high - low) * top)] if isfinite(value) else " "
        for value in found
    )


def path_text(path: PricePath) -> str:
    """Return the levels of a path as a sparkline, blank where nothing traded."""
    return "".join(LEVELS[level] if level >= 0 else " " for level in path)


def _gathered(values: Sequence[float], width: int) -> Sequence[float]:
    count = len(values)
    if count <= width or width < 1:
        return values[: max(width, 0)]
    edges = [count * at // width for at in range(width + 1)]
    return [_mean(values[low:high]) for low, high in pairwise(edges)]


def _mean(values: Sequence[float]) -> float:
    there = [value for value in values if isfinite(value)]
    return sum(there) / len(there) if there else nan
