"""An order book in one shape for all TRs.

The wire lists five levels (index products) or ten (stock futures and options), each as a column of
prices, of counts and of sizes; a level without orders has the price 0.  A calendar spread may be
quoted at 0 and below, so a level of a spread exists if its size is not 0.
"""

from functools import cache
from itertools import pairwise
from math import nan
from operator import attrgetter

from msgspec import Struct

from specs.codes import is_spread
from specs.record import BookRecord

_DISTANCES = 2
"""Equal distances of levels from which a tick is inferred."""


class Level(Struct, frozen=True, gc=False):
    """One price level: its price, contracts and orders."""

    price: float
    size: float
    count: float


class Side(Struct, frozen=True):
    """Bids or asks, best first; the totals include deeper levels and are nan if KIS sends none."""

    levels: tuple[Level, ...]
    size: float
    count: float
    size_change: float


class Depth(Struct, frozen=True):
    """Both sides of a book; `level_count` is the number of levels that its TR has."""

    asks: Side
    bids: Side
    level_count: int

    @property
    def imbalance(self) -> float:
        """The bids' share of all contracts in the book, 0 to 1; nan for an empty book."""
        total = self.asks.size + self.bids.size
        return self.bids.size / total if total > 0 else float("nan")


def inferred_tick(found: Depth) -> float:
    """Return the tick of the prices in a book, or nan if it cannot be inferred.

    It is the smallest distance between neighbouring levels, if it occurs at least `_DISTANCES`
    times and divides all distances and prices.
    """
    sides = [sorted(level.price for level in side.levels) for side in (found.asks, found.bids)]
    steps = [high - low for side in sides for low, high in pairwise(side)]
    tick = min(steps, default=nan)
    prices = [price for side in sides for price in side]
    fits = all(abs(value / tick - round(value / tick)) < 1e-6 for value in (*steps, *prices))
    common = steps.count(tick) >= _DISTANCES
    return tick if tick > 0 and common and fits else nan


def depth(book: BookRecord) -> Depth:
    """Return the book of a record, without the empty levels."""
    count, asks, bids = _readers(type(book))
    signed = is_spread(book.code)
    return Depth(_side(asks(book), signed=signed), _side(bids(book), signed=signed), count)


def _side(values: tuple[float, ...], *, signed: bool) -> Side:
    size, count, change, *rest = values
    levels = map(Level, rest[::3], rest[1::3], rest[2::3])
    filled = (level for level in levels if (level.size if signed else level.price) > 0)
    return Side(tuple(filled), size, count, change)


@cache
def _readers(
    spec: type[BookRecord],
) -> tuple[int, "attrgetter[tuple[float, ...]]", "attrgetter[tuple[float, ...]]"]:
    """Return the number of levels of a spec, and the readers of its asks and of its bids."""
    count = 1 + sum(f"ask_{n}" in spec.__struct_fields__ for n in range(2, 11))
    return count, _reader("ask", count), _reader("bid", count)


def _reader(side: str, count: int) -> "attrgetter[tuple[float, ...]]":
    totals = (f"total_{side}_size", f"total_{side}_count", f"total_{side}_size_change")
    nth = ("", *(f"_{n}" for n in range(2, count + 1)))
    levels = (name + n for n in nth for name in (side, f"{side}_size", f"{side}_count"))
    return attrgetter(*totals, *levels)
