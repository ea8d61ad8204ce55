"""The trades of one contract in one session, each drawn only when it is needed.

The draws depend only on the seed, the contract and the session, so a tape advanced to a moment is
always the same, in one step or in many.  Advancing only counts; it builds no records.
"""

from collections.abc import Iterator, Sequence
from math import inf, log
from random import Random

from app.simulator.auction import AuctionModel
from app.simulator.fair import FairValue
from app.simulator.hours import SimulatedHours
from app.simulator.instrument import SimulatedInstrument
from app.simulator.price_path import PricePath
from app.simulator.spread import QuotedSpread

_SWEEP = 0.18
# One trade in fifty is so many times as large.
_BLOCK = 6


class RunningTotals:
    """The running sums of a contract's trades; prices in units, turnover in won."""

    def __init__(
        self,
        seed: str,
        instrument: SimulatedInstrument,
        fair: FairValue,
        path: PricePath,
        spread: QuotedSpread,
        hours: SimulatedHours,
        auctions: Sequence[AuctionModel],
        previous: int | None = None,
        origin: str | None = None,
    ) -> None:
        self.instrument = instrument
        self.fair = fair
        self._path = path
        self.hours = hours
        self._opening, *others, self._closing = auctions
        self._reopening = others[0] if others else None
        self._rng = Random(f"{seed}/trades")
        start = Random(f"{origin or seed}/start")
        self._leaning = start.uniform(0.46, 0.54)
        self._signed = instrument.grid.signed
        self.previous = instrument.grid.near(fair.previous) if previous is None else previous
        """The close that changes are measured from."""
        worth = 1500 + 120_000 * min(instrument.rate, 1.0)
        self.open_interest_before = int(worth * start.uniform(0.7, 1.3))
        self.volume_before = int(1 + 40_000 * instrument.rate * start.uniform(0.7, 1.4))
        self.salt = start.getrandbits(32)
        self.time = 0.0
        self.count = 0
        self.price = self.previous
        self.open = self.high = self.low = 0
        self.size = self.volume = self.turnover = 0
        self.buys = self.sells = self.bought = self.sold = 0
        self.open_interest = self.open_interest_before
        self.open_interest_last = 0
        self.bid = self.ask = 0
        self._gone = 0.0
        self._place = 0
        self._spread = spread
        self._next = float(hours.open) if self._opening.crosses else self._following()

    def advance(self, until: float) -> None:
        """Go on to a moment, counting every trade up to it."""
        while self._next <= until:
            self._trade()

    def recall(self) -> None:
        """Stand at the end of the session before, of which nothing but its outcome is known."""
        near, away = self.instrument.grid.near, self.salt % 1000 / 50_000 - 0.01
        self.previous = near(self.price * (1 - away))
        self.open = near(self.price * (1 - away / 2))
        self.high = near(max(self.price, self.open) * 1.004)
        self.low = min(self.price, self.open, near(self.price * 0.996))
        self.volume = self.volume_before
        self.turnover = self.volume * abs(self.price) * self.instrument.won_per_unit

    def trades(self, until: float) -> Iterator[float]:
        """Go on to a moment, stopping after each trade; gives the trade's second."""
        while self._next <= until:
            self._trade()
            yield self.time

    def _trade(self) -> None:
        self.time = now = self._next
        if now <= self.hours.open:
            self._cross(self._opening)
            self._next = self._following()
        elif now >= self.hours.end:
            self._cross(self._closing)
            self._next = inf
        elif self.hours.halt is not None and now == self.hours.halt.end:
            assert self._reopening is not None
            self._cross(self._reopening)
            self._next = self._following()
        else:
            # One draw decides three things: its leading part the side, the rest the others.
            draw = self._rng.random()
            side = draw < self._leaning
            worth = self.fair.value_at(now)
            bid, ask = best = self._spread.around(worth, now)
            self.bid, self.ask = self._spread.remaining(best, worth, now)
            draw = draw * 64 % 1
            large = -log(1 - draw)
            size = 1 + int(large * (self.instrument.size - 0.5) * (_BLOCK if large > 4 else 1))
            if side or (bid <= 0 and not self._signed):
                self._take(ask, size, buy=True, opened=draw * 512 % 1)
            else:
                self._take(bid, size, buy=False, opened=draw * 512 % 1)
            self._next = self._following()

    def _following(self) -> float:
        """Return the second of the next trade, which is none of a halt's."""
        when, halt = self._drawn(), self.hours.halt
        if halt is None or self._reopening is None or when < halt.begin:
            return when
        if self.time < halt.end and self._reopening.crosses:
            return float(halt.end)
        while when <= halt.end:
            when = self._drawn()
        return when

    def _drawn(self) -> float:
        """Draw the second of the next trade; prints of one order have the same second."""
        draw = self._rng.random()
        if draw < _SWEEP and self.count > 1:
            return self.time
        draw = (draw - _SWEEP) / (1 - _SWEEP) if draw >= _SWEEP else draw / _SWEEP
        self._gone -= log(1 - draw) / ((1 - _SWEEP) * self.instrument.rate)
        if self._gone >= self._path.most:
            return float(self.hours.end) if self._closing.crosses else inf
        when, self._place = self._path.when(self._gone, self._place)
        return when if self.fair.trades_at(when) else inf

    def _cross(self, auction: AuctionModel) -> None:
        """The trade that ends an auction, at exactly its last expected price."""
        bid, ask = self._spread.around(float(auction.price), self.time)
        self.bid = min(bid, auction.price)
        self.ask = max(ask, auction.price + self.instrument.grid.tick_size(auction.price))
        self._take(auction.price, auction.quantity, buy=auction.buys, opened=self._rng.random())

    def _take(self, price: int, size: int, *, buy: bool, opened: float) -> None:
        if not self.count:
            self.open = self.high = self.low = price
        self.count += 1
        self.price, self.size = price, size
        if price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        self.volume += size
        # [?] What a spread at a price below zero turns over is documented nowhere.
        self.turnover += abs(price) * size * self.instrument.won_per_unit
        if buy:
            self.buys += 1
            self.bought += size
        else:
            self.sells += 1
            self.sold += size
        # Two new holders open contracts, two old ones close them, all else leaves them as they are.
        change = size if opened < 0.3 else -size if opened > 0.72 else 0
        self.open_interest_last = max(change, -self.open_interest)
        self.open_interest += self.open_interest_last
