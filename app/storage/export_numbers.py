"""Numbers as other programs are given them."""

from math import isfinite

_DIGITS = 12
"""Significant digits: more than KIS sends, fewer than a float has."""


def whole(value: float) -> float | int:
    """A count as the integer that it is; as it stands where it is none."""
    return int(value) if isfinite(value) and value == int(value) else value


def exact(value: float) -> float:
    """A number without what the arithmetic of floats adds to it."""
    return value if value.is_integer() else float(f"{value:.{_DIGITS}g}")
