"""Numbers as other programs are given them."""

from math import isfinite

_DIGITS = 10
"""Significant digits of what KIS sends, and more."""


def whole(value: float) -> float | int:
    """A count as the integer that it is; as it stands where it is none."""
    return int(value) if isfinite(value) and value == int(value) else value


def exact(value: float) -> float:
    """A number without what the arithmetic of floats adds to it."""
    return float(f"{value:.{_DIGITS}g}")
