"""The shortest part of a sequence that still fails: delta debugging (Zeller, ddmin)."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def shortest(
    items: Sequence[Item],
    fails: Callable[[Sequence[Item]], bool],
    parts: Callable[[Item], Sequence[Item]],
    tries: int,
) -> list[Item]:
    """Return a short part of `items` that fails, found with at most `tries` calls of `fails`.

    First ends of the sequence are tried, each twice as long as the one before, then parts are left
    out, then parts of the items.  All items come back where nothing shorter fails.
    """
    left = [tries]

    def tried(some: Sequence[Item]) -> bool:
        left[0] -= 1
        return left[0] >= 0 and fails(some)

    found = list(items)
    length = 1
    while length < len(found):
        if tried(found[-length:]):
            found = found[-length:]
            break
        length *= 4
    found = _without(found, tried)
    finer = [part for item in found for part in parts(item)]
    if len(finer) > len(found) and tried(finer):
        found = _without(finer, tried)
    return found


def _without(items: list[Item], fails: Callable[[Sequence[Item]], bool]) -> list[Item]:
    """Leave out parts, the halves first, as long as the rest fails."""
    size = len(items) // 2
    while size:
        at = 0
        while at < len(items):
            rest = items[:at] + items[at + size :]
            if rest and fails(rest):
                items = rest
            else:
                at += size
        size //= 2
    return items
