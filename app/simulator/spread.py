"""Bid and ask around a contract's fair value.

Spreads are a part of the value, wider where little is traded, and widen under stress.  Far from the
money there are no market makers: sometimes one side is missing there, or the only orders are far
from the value.
"""

from collections.abc import Callable
from random import Random

from app.simulator.instrument import SimulatedInstrument

# Half a spread, as a part of the worth, at a usual rate of trades and at a lower one.
_OPTION_SPREAD, _USUAL_RATE, _RARER = 0.0035, 0.1, 0.4
_WIDEST = 0.03
_THIN_RATE, _THIN_TICKS = 0.02, 1.5
# Ticks, and parts of the worth, for each percent that the market has jumped.
_STRESS_TICKS, _STRESS = 1.5, 0.012
_MOST_STRESS = 3.0

# A contract without a market maker: the seconds that its book looks alike, and how often there is
# no bid, no ask, or nothing but stray orders.
_FORSAKEN_RATE, _SPELL = 0.004, 150.0
_NO_BID, _NO_ASK, _STRAY = 0.10, 0.16, 0.26
_STRAY_BID, _STRAY_ASK = 0.25, 1.8
_MASK = 0xFFFFFFFF


class QuotedSpread:
    """The best prices that somebody makes for a contract."""

    def __init__(
        self, seed: str, instrument: SimulatedInstrument, stress: Callable[[float], float]
    ) -> None:
        """`stress` gives how upset the market is at a second, in percent of its level."""
        self._grid = instrument.grid
        self._stress = stress
        rate = instrument.rate
        self._option = instrument.right is not None
        scarce = max(1.0, _USUAL_RATE / rate) ** _RARER
        self._part = min(_OPTION_SPREAD * scarce, _WIDEST) if self._option else 0.0
        self._slack = _THIN_TICKS if self._option and rate < _THIN_RATE else 0.0
        self._forsaken = self._option and rate < _FORSAKEN_RATE
        self._salt = Random(f"{seed}/spread").getrandbits(32)

    def around(self, worth: float, second: float) -> tuple[int, int]:
        """Return bid and ask in units at which trades happen; a bid of 0 or less is missing."""
        grid = self._grid
        tick = grid.tick_size(worth)
        half = worth * self._part + self._slack * tick
        stress = min(self._stress(second), _MOST_STRESS)
        if stress > 0.01:
            half += stress * (_STRESS_TICKS * tick + (worth * _STRESS if self._option else 0.0))
        bid, ask = grid.down(worth - half), grid.up(worth + half)
        return bid, ask if ask > bid else bid + grid.tick_size(bid)

    def quotes(self, worth: float, second: float) -> tuple[int, int]:
        """Return bid and ask in units as shown in the book; 0 or less is missing."""
        return self.remaining(self.around(worth, second), worth, second)

    def remaining(self, best: tuple[int, int], worth: float, second: float) -> tuple[int, int]:
        """Return the part of `best`, the tradable bid and ask, that is shown in the book."""
        bid, ask = best
        if not self._forsaken or bid <= 0:
            return best
        draw = self._drawn(int(second / _SPELL))
        if draw < _NO_BID:
            return 0, ask
        if draw < _NO_ASK:
            return bid, 0
        if draw < _STRAY:
            grid = self._grid
            return grid.near(worth * _STRAY_BID * draw), grid.up(worth * _STRAY_ASK + ask - bid)
        return best

    def _drawn(self, spell: int) -> float:
        mixed = (spell * 2654435761 ^ self._salt) & _MASK
        mixed = ((mixed ^ mixed >> 15) * 2246822519) & _MASK
        return (mixed ^ mixed >> 13) / (_MASK + 1)
