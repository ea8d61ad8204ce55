"""The order book of one contract, slot of time by slot of time, around what it is worth then.

A book depends on the seed, the contract and the slot alone, so no book needs those before it.
Sizes belong to their price and waver about it, as orders do that wait.
"""

from random import Random

from app.simulator.fair import FairValue
from app.simulator.hours import SimulatedHours
from app.simulator.instrument import SimulatedInstrument
from app.simulator.quotes import Values
from app.simulator.spread import QuotedSpread
from specs.codes import UnderlyingKind

_INTERVAL, _LIVELINESS = 0.25, 0.6
_MASK = 0xFFFFFFFF
_THIN_RATE = 0.002
_SLOW = 40
_FIELDS = {
    (side, places): tuple(
        (f"{side}{nth}", f"{side}_size{nth}", f"{side}_count{nth}")
        for nth in ("", *(f"_{n}" for n in range(2, places + 1)))
    )
    for side in ("bid", "ask")
    for places in (5, 10)
}


class QuoteLadder:
    """Every order book of a contract in one session."""

    def __init__(
        self,
        seed: str,
        instrument: SimulatedInstrument,
        fair: FairValue,
        hours: SimulatedHours,
        spread: QuotedSpread,
    ) -> None:
        self.instrument = instrument
        self._fair = fair
        self._standing = spread.quotes
        self._salt = Random(f"{seed}/book").getrandbits(32)
        self._interval: float = _INTERVAL * instrument.rate**-_LIVELINESS
        self._places = 10 if instrument.underlying.market is UnderlyingKind.STOCK else 5
        self._thin = instrument.rate < _THIN_RATE
        self._busy = 4 + int(90 * min(instrument.rate, 1.0) ** 0.5)
        # [?] Whether books come in auctions is not documented: here they go on, and stay uncrossed.
        self.last = float(hours.end)
        """The last second that has a book; an expiring contract's books end with its trading."""
        if not fair.trades_at(self.last):
            self.last = fair.years(0.0) * 365 * 86_400.0

    def slot(self, second: float) -> int:
        """Return the slot of a second."""
        return max(0, int(second / self._interval))

    def publish_time(self, slot: int) -> float:
        """Return the second at which the book of a slot is sent."""
        return (slot + (self._mixed(slot) & 0xFFFF) / 0x10000) * self._interval

    def values(self, slot: int) -> Values:
        """Return the book of a slot by the spec's field names."""
        values: Values = {}
        for side, price in zip(("bid", "ask"), self._best(slot), strict=True):
            size, count = self._side(values, side, price, slot)
            total = self._total(side, size, slot)
            values[f"total_{side}_size"] = total
            values[f"total_{side}_count"] = count + (total - size) // 3
            values[f"total_{side}_size_change"] = total - self._total_before(side, slot)
        return values

    def _best(self, slot: int) -> tuple[int, int]:
        second = self.publish_time(slot)
        return self._standing(self._fair.value_at(second), second)

    def _side(self, values: Values, side: str, price: int, slot: int) -> tuple[int, int]:
        """Write the levels of one side, best first; return their total size and order count."""
        grid, unit, up = self.instrument.grid, self.instrument.unit, side == "ask"
        sizes = counts = 0
        places = self._places
        # Hardly anybody makes a market far from the money: few levels, and gaps between them.
        filled = 1 + self._mixed(slot // 8) % places if self._thin else places
        for nth, (level, size, count) in enumerate(_FIELDS[side, places]):
            if (price <= 0 and not grid.signed) or nth >= filled:
                values[level] = values[size] = values[count] = 0
                continue
            waits = self._waits(price, nth, slot)
            orders = 1 + waits // (2 + (price ^ slot) % 3)
            values[level], values[size], values[count] = price * unit, waits, orders
            sizes, counts = sizes + waits, counts + orders
            steps = 1 + self._mixed(price) % 3 if self._thin else 1
            for _ in range(steps):
                price += grid.tick_size(price) if up else -grid.tick_size(price - 1)
        return sizes, counts

    def _waits(self, price: int, nth: int, slot: int) -> int:
        """Return the contracts at a price; the best price has fewer."""
        most = self._busy if nth else 1 + self._busy // 2
        stays = self._mixed(price) >> 8
        wavers = self._mixed(price + slot * 7919) >> 8
        return 1 + (stays % most * 3 + wavers % most) // 4

    def _total(self, side: str, size: int, slot: int) -> int:
        """Return the size in and outside the levels; it drifts slowly, with a little noise."""
        if self._thin or not size:
            return size
        odd = 1 if side == "ask" else 2
        most = self._busy * self._places
        slow = self._mixed(slot // _SLOW * 4 + odd) >> 8
        return most + slow % most + (self._mixed(slot * 4 + odd) >> 8) % 9

    def _total_before(self, side: str, slot: int) -> int:
        """Return the total of the book before; only a thin book needs its levels for it."""
        before = max(slot - 1, 0)
        price = self._best(before)[side == "ask"]
        there = price if price > 0 else int(self.instrument.grid.signed)
        size = self._side({}, side, price, before)[0] if self._thin else there
        return self._total(side, size, before)

    def _mixed(self, number: int) -> int:
        """Return a pseudo-random number that depends on `number` and the seed only."""
        mixed = (number * 2654435761 ^ self._salt) & _MASK
        mixed = ((mixed ^ mixed >> 15) * 2246822519) & _MASK
        return mixed ^ mixed >> 13
