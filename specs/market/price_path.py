"""The path of a contract's price over a session in a few levels, as a sparkline draws it."""

from collections.abc import Sequence
from math import isfinite

PATH_CELLS = 12
"""Parts of a session."""

PATH_LEVELS = 8
NO_TRADE = -1
"""The level of a part without a trade."""

PricePath = tuple[int, ...]
"""Levels from 0 to `PATH_LEVELS` - 1, oldest first, or `NO_TRADE`; empty without any trade."""

PATH_STEPS = (60, 120, 300, 600, 900, 1800, 3600, 7200)
"""Seconds of a part: the shortest of which `PATH_CELLS` hold the session so far."""


def path_edges(since: int, now: int) -> range:
    """Return the beginnings of a session's parts so far, and the end of the last one."""
    elapsed = max(1, now - since)
    step = next((step for step in PATH_STEPS if elapsed <= step * PATH_CELLS), PATH_STEPS[-1])
    return range(since, since + step * (-(-elapsed // step)) + 1, step)


def path_levels(closes: Sequence[float]) -> PricePath:
    """Return prices as levels between the lowest and the highest; nan is a part without a trade.

    A price that never changed is in the middle.
    """
    there = [close for close in closes if isfinite(close)]
    if not there:
        return ()
    low, high = min(there), max(there)
    if low == high:
        return tuple(PATH_LEVELS // 2 - 1 if isfinite(close) else NO_TRADE for close in closes)
    scale = (PATH_LEVELS - 1) / (high - low)
    return tuple(round((close - low) * scale) if isfinite(close) else NO_TRADE for close in closes)
