"""Where bid and ask stand around a contract's worth."""

from app.simulator.instrument import Instrument

# Half a spread, as a part of the worth; ticks more where hardly anybody trades.
_FUTURES_SPREAD, _OPTION_SPREAD = 0.0, 0.0035
_THIN_RATE, _THIN_TICKS = 0.02, 1.5


class Spread:
    """The best prices that somebody makes for a contract."""

    def __init__(self, instrument: Instrument) -> None:
        self._grid = instrument.grid
        option = instrument.right is not None
        self._part = _OPTION_SPREAD if option else _FUTURES_SPREAD
        self._slack = _THIN_TICKS if option and instrument.rate < _THIN_RATE else 0.0

    def around(self, worth: float) -> tuple[int, int]:
        """Bid and ask in units, one tick apart at the least; a bid of 0 or less is none."""
        grid = self._grid
        half = worth * self._part + (self._slack and self._slack * grid.tick(worth))
        bid, ask = grid.down(worth - half), grid.up(worth + half)
        return bid, ask if ask > bid else bid + grid.tick(bid)
