"""The trades of one contract in compact columns of 21 bytes a trade, 25 with our own theory.

Prices are kept in hundredths, the finest tick of KRX; one that is finer has all of its contract's
kept as doubles from then on.
"""

from array import array
from math import isfinite, nan
from typing import Any, Literal

from specs.market.trade_print import AUCTION, BUY, NIGHT, SELL, TradePrint

_UP, _DOWN = 16, 32
_HUNDREDTHS = "i"
_MOST_HUNDREDTHS = 2**31
_SIDES: dict[int, Literal[-1, 0, 1]] = {BUY: 1, SELL: -1}
_TICKS: dict[int, Literal[-1, 0, 1]] = {_UP: 1, _DOWN: -1}


class PrintColumns:
    """Trades in the order of the exchange, by their accumulated volume."""

    __slots__ = (
        "_edge",
        "_interest",
        "_marks",
        "_price",
        "_size",
        "_time",
        "_volume",
        "dropped",
        "first",
    )

    def __init__(self) -> None:
        self._time = array("I")
        self._price: array[Any] = array("i")
        self._size = array("f")
        self._volume = array("I")
        self._interest = array("f")
        self._marks = array("B")
        # Empty until a trade has an edge: futures have no theory of our own.
        self._edge = array("f")
        self.dropped = 0
        """Oldest trades that were dropped to keep the memory bounded."""
        self.first = 0
        """The number of the oldest trade that is kept; negative if older ones came later."""

    def __len__(self) -> int:
        return len(self._time)

    @property
    def _columns(self) -> "tuple[array[Any], ...]":
        return self._time, self._price, self._size, self._volume, self._interest, self._marks

    def add(
        self,
        time: int,
        price: float,
        size: float,
        volume: float,
        interest: float,
        marks: int,
        edge: float = nan,
    ) -> bool:
        """Add a trade and return whether it is new; a late one goes to its place."""
        total = int(volume) if 0 <= volume < 2**32 else 0
        at = len(self._time)
        if at and total <= self._volume[-1] and self._is_same_session(at - 1, time, marks):
            at = self._place(total, time, marks)
            if at and total and self._volume[at - 1] == total:
                return False
        price = self._kept_price(price)
        marks |= self._tick(at, price)
        if at == len(self._time):
            self._time.append(time)
            self._price.append(price)
            self._size.append(size)
            self._volume.append(total)
            self._interest.append(interest)
            self._marks.append(marks)
        else:
            self._time.insert(at, time)
            self._price.insert(at, price)
            self._size.insert(at, size)
            self._volume.insert(at, total)
            self._interest.insert(at, interest)
            self._marks.insert(at, marks)
            self._mark_tick_again(at + 1)
        if edge == edge or self._edge:
            self._fill_edges(len(self._time) - 1)
            self._edge.insert(at, edge)
        return True

    def drop(self, count: int) -> None:
        """Drop the oldest trades."""
        count = min(count, len(self._time))
        for column in self._columns:
            del column[:count]
        del self._edge[:count]
        self.dropped += count
        self.first += count

    def prepend(self, older: "PrintColumns") -> None:
        """Put older trades before those that are kept."""
        count = len(older)
        if self._edge or older._edge:
            self._fill_edges(len(self))
            older._fill_edges(count)
            self._edge[:0] = older._edge
        if self._price.typecode != older._price.typecode:
            self._keep_doubles()
            older._keep_doubles()
        for mine, theirs in zip(self._columns, older._columns, strict=True):
            mine[:0] = theirs
        self.first -= count
        self._mark_tick_again(count)

    def _fill_edges(self, count: int) -> None:
        """Have the first `count` trades without an edge be known as such."""
        self._edge.extend([nan] * (count - len(self._edge)))

    def is_before(self, volume: float, marks: int) -> bool:
        """Return whether a trade belongs before all that are kept, unless its session differs."""
        if not self._time or (marks ^ self._marks[0]) & NIGHT:
            return True
        return volume < self._volume[0]

    def prints(self, first: int, stop: int) -> list[TradePrint]:
        """Return the trades with numbers from `first` up to `stop`, of those that are kept."""
        begin = max(0, first - self.first)
        end = min(len(self._time), stop - self.first)
        return [self._print(at) for at in range(begin, end)]

    def sizes(self) -> "array[float]":
        """Return the size of every trade."""
        return self._size

    def _print(self, at: int) -> TradePrint:
        marks = self._marks[at]
        change, missed = nan, 0.0
        if at and (marks ^ self._marks[at - 1]) & NIGHT == 0:
            change = self._interest[at] - self._interest[at - 1]
            missed = self._missed(at)
        return TradePrint(
            self.first + at,
            self._time[at],
            self._price[at] / 100 if self._price.typecode == _HUNDREDTHS else self._price[at],
            self._size[at],
            _SIDES.get(marks & (BUY | SELL), 0),
            _TICKS.get(marks & (_UP | _DOWN), 0),
            change,
            missed,
            bool(marks & AUCTION),
            self._edge[at] if self._edge else nan,
        )

    def _kept_price(self, price: float) -> float:
        """Return a price in the unit of its column."""
        if self._price.typecode != _HUNDREDTHS:
            return price
        if abs(price) * 100 < _MOST_HUNDREDTHS:
            hundredths = round(price * 100)
            if hundredths / 100 == price:
                return hundredths
        self._keep_doubles()
        return price

    def _keep_doubles(self) -> None:
        """Keep prices as doubles from now on."""
        if self._price.typecode == _HUNDREDTHS:
            self._price = array("d", [hundredths / 100 for hundredths in self._price])

    def _missed(self, at: int) -> float:
        """Return the contracts that were traded between a trade and the one before it."""
        before, total = self._volume[at - 1], self._volume[at]
        missed = total - self._size[at] - before if total and before else 0.0
        return missed if isfinite(missed) and missed > 0 else 0.0

    def _is_same_session(self, at: int, time: int, marks: int) -> bool:
        """Return whether a trade that comes now does not begin another session's volume."""
        return (self._marks[at] ^ marks) & NIGHT == 0 and time <= self._time[at]

    def _place(self, total: int, time: int, marks: int) -> int:
        """Return the index at which a late trade belongs."""
        at = len(self._time)
        while at and (self._marks[at - 1] ^ marks) & NIGHT == 0 and self._volume[at - 1] > total:
            at -= 1
        return at

    def _tick(self, at: int, price: float) -> int:
        """Return the mark of the last change of price up to a trade that goes to an index."""
        if not at:
            return 0
        before = self._price[at - 1]
        if price == before:
            return self._marks[at - 1] & (_UP | _DOWN)
        return _UP if price > before else _DOWN

    def _mark_tick_again(self, at: int) -> None:
        """Correct the ticks from an index on, up to the next change of price."""
        while at < len(self._time):
            tick = self._tick(at, self._price[at])
            if self._marks[at] & (_UP | _DOWN) == tick:
                return
            self._marks[at] = self._marks[at] & ~(_UP | _DOWN) | tick
            at += 1
