"""Price grids: the tick that a price moves by, in whole units of a product's smallest price.

A unit is 0.01 index points, or one won.  Every bound is a multiple of the ticks on both its sides.
"""

from math import inf
from typing import NamedTuple


class TickGrid(NamedTuple):
    """Ticks by price: pairs of an upper bound and the tick below it."""

    steps: tuple[tuple[float, int], ...]
    signed: bool = False
    """Whether a price may be 0 or less, as for a calendar spread."""

    def tick_size(self, price: float) -> int:
        """Return the tick at a price."""
        for bound, tick in self.steps:
            if price < bound:
                return tick
        return self.steps[-1][1]

    def down(self, price: float) -> int:
        """Return the highest price of the grid that is not above `price`."""
        tick = self.tick_size(price)
        return int(price // tick) * tick

    def up(self, price: float) -> int:
        """Return the lowest price of the grid that is not below `price`."""
        low = self.down(price)
        return low if low >= price else low + self.tick_size(price)

    def near(self, price: float) -> int:
        """Return the nearest price of the grid, at least one tick unless it is signed."""
        near = self.down(price + self.tick_size(price) / 2)
        return near if self.signed else max(near, self.tick_size(0))

    def of_spread(self, price: float) -> "TickGrid":
        """Return the grid of a calendar spread between contracts at `price`."""
        return TickGrid(((inf, self.tick_size(price)),), signed=True)


INDEX_FUTURES = TickGrid(((inf, 5),))
MINI_FUTURES = TickGrid(((inf, 2),))
KOSDAQ_FUTURES = TickGrid(((inf, 10),))
VOLATILITY_FUTURES = TickGrid(((inf, 5),))
CURRENCY_FUTURES = TickGrid(((inf, 10),))
BOND_FUTURES = TickGrid(((inf, 1),))
GOLD_FUTURES = TickGrid(((inf, 1000),))
INDEX_OPTIONS = TickGrid(((1000, 1), (inf, 5)))
MINI_OPTIONS = TickGrid(((300, 1), (1000, 2), (inf, 5)))
KOSDAQ_OPTIONS = TickGrid(((5000, 10), (inf, 50)))
STOCK_FUTURES = TickGrid(
    (
        (2_000, 1),
        (5_000, 5),
        (20_000, 10),
        (50_000, 50),
        (200_000, 100),
        (500_000, 500),
        (inf, 1000),
    )
)
STOCK_OPTIONS = TickGrid(((1_000, 10), (2_000, 20), (5_000, 50), (10_000, 100), (inf, 200)))
