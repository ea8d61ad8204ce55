"""An order book in one shape for the screen, whichever TR it came on.

The wire lists five levels (index products) or ten (stock futures and options), each as a column of
prices, of counts and of sizes; a level that nobody stands on has the price 0.  A calendar spread
may be quoted at 0 and below, so that only the size of a level tells whether there is one.
"""

from functools import cache
from operator import attrgetter

from msgspec import Struct

from specs.codes import is_spread
from specs.record import BookRecord


class Level(Struct, frozen=True, gc=False):
    """One price, the contracts that wait at it, and in how many orders."""

    price: float
    size: float
    count: float


class Side(Struct, frozen=True):
    """Bids or asks, best first; the totals go beyond the levels, nan where KIS sends none."""

    levels: tuple[Level, ...]
    size: float
    count: float
    size_change: float


class Depth(Struct, frozen=True):
    """Both sides of a book; `places` is how many levels its TR has."""

    asks: Side
    bids: Side
    places: int

    @property
    def imbalance(self) -> float:
        """Bids' share of all that waits, 0 to 1; nan where nothing does."""
        total = self.asks.size + self.bids.size
        return self.bids.size / total if total > 0 else float("nan")


def depth(book: BookRecord) -> Depth:
    """The book of a record; levels without a price are left out."""
    places, asks, bids = _readers(type(book))
    signed = is_spread(book.code)
    return Depth(_side(asks(book), signed=signed), _side(bids(book), signed=signed), places)


def _side(values: tuple[float, ...], *, signed: bool) -> Side:
    size, count, change, *rest = values
    levels = map(Level, rest[::3], rest[1::3], rest[2::3])
    filled = (level for level in levels if (level.size if signed else level.price) > 0)
    return Side(tuple(filled), size, count, change)


@cache
def _readers(
    spec: type[BookRecord],
) -> tuple[int, "attrgetter[tuple[float, ...]]", "attrgetter[tuple[float, ...]]"]:
    """How many levels a spec has, and what reads its asks and its bids."""
    places = 1 + sum(f"ask_{n}" in spec.__struct_fields__ for n in range(2, 11))
    return places, _reader("ask", places), _reader("bid", places)


def _reader(side: str, places: int) -> "attrgetter[tuple[float, ...]]":
    totals = (f"total_{side}_size", f"total_{side}_count", f"total_{side}_size_change")
    nth = ("", *(f"_{n}" for n in range(2, places + 1)))
    levels = (name + n for n in nth for name in (side, f"{side}_size", f"{side}_count"))
    return attrgetter(*totals, *levels)
