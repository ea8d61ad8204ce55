"""How old the values of a row are."""

from enum import IntEnum


class Freshness(IntEnum):
    """How old the values of a row are."""

    FRESH = 0
    OLDER = 1
    OLD = 2


OLDER_AFTER, OLD_AFTER = 10.0, 60.0
"""Seconds after which a row's values are older, and old."""


def freshness(age: float) -> Freshness:
    """How old values of an age in seconds are."""
    if age < OLDER_AFTER:
        return Freshness.FRESH
    return Freshness.OLDER if age < OLD_AFTER else Freshness.OLD
