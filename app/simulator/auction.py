"""A call auction of one contract: expected executions that draw near the price it ends at."""

from collections.abc import Iterator
from math import log
from random import Random

from msgspec import Struct

from app.simulator.fair import FairValue
from app.simulator.instrument import SimulatedInstrument

_RAREST = 0.004
_SLOWEST, _FASTEST = 3.0, 1.0
_WILD_FUTURES, _WILD_OPTION = 0.004, 0.06


class ExpectedExecution(Struct, frozen=True, gc=False):
    """One expected execution; the second it comes at, price in units, contracts."""

    second: float
    price: int
    quantity: int


class AuctionModel:
    """One auction, from the first second with an expected price to its end, at which it crosses."""

    def __init__(
        self, seed: str, instrument: SimulatedInstrument, fair: FairValue, begin: float, end: float
    ) -> None:
        rng = Random(f"{seed}/{begin:.0f}")
        self._instrument = instrument
        self._begin, self._end = begin, end
        self.price = instrument.grid.near(fair.value_at(end))
        weight = min(instrument.rate, 1.0)
        self.quantity = 1 + int(-log(1 - rng.random()) * (3 + 90 * weight))
        self.buys = rng.random() < 0.5
        self.crosses = instrument.rate > _RAREST and fair.trades_at(end)
        """Whether enough orders meet; a contract that hardly trades has no expected price."""
        self._seed = rng.getrandbits(64)

    def expected(self) -> Iterator[ExpectedExecution]:
        """Every expected execution in order; the last is what the auction ends with."""
        if not self.crosses:
            return
        rng = Random(self._seed)
        wild = _WILD_FUTURES if self._instrument.right is None else _WILD_OPTION
        second = self._begin + rng.uniform(0.5, _SLOWEST)
        last = self._end - rng.uniform(0.1, _FASTEST)
        off = rng.gauss(0.0, wild)
        while second < last - _FASTEST:
            left = (last - second) / (last - self._begin)
            off = 0.9 * off + rng.gauss(0.0, wild / 4)
            grown = (0.1 + 0.9 * (1 - left)) * rng.uniform(0.9, 1.1)
            yield ExpectedExecution(
                second,
                self._instrument.grid.near(self.price * (1 + off * left**0.6)),
                max(1, round(self.quantity * grown)),
            )
            second += rng.uniform(_FASTEST, _SLOWEST)
        yield ExpectedExecution(last, self.price, self.quantity)
