"""The bars of one contract in compact columns, built trade by trade."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import nan
from typing import Any

from specs.market.bars import Bar


class BarColumns:
    """Bars of one length, in the order of their start."""

    __slots__ = (
        "_close",
        "_delta",
        "_high",
        "_iv",
        "_low",
        "_most",
        "_open",
        "_seconds",
        "_start",
        "_vol",
        "_worth",
    )

    def __init__(self, seconds: int, most: int) -> None:
        """Keep the newest `most` bars of so many seconds."""
        self._seconds = seconds
        self._most = most
        self._start = array("I")
        self._open, self._high, self._low, self._close = (array("d") for _ in range(4))
        self._vol, self._worth = array("d"), array("d")
        self._iv, self._delta = array("f"), array("f")

    def add(self, time: int, price: float, size: float, iv: float, delta: float = nan) -> None:
        """Add a trade; one that comes late goes into the bar of its time."""
        start = time - time % self._seconds
        starts = self._start
        if starts and starts[-1] == start:
            at = -1
            self._close[-1] = price
        elif not starts or start > starts[-1]:
            at = -1
            self._insert(len(starts), start, price)
        else:
            at = bisect_left(starts, start)
            if starts[at] != start:
                self._insert(at, start, price)
        if price > self._high[at]:
            self._high[at] = price
        elif price < self._low[at]:
            self._low[at] = price
        if size > 0:
            self._vol[at] += size
            self._worth[at] += price * size
        if iv > 0:
            self._iv[at] = iv
        # A delta of 0 without a volatility is a missing one.
        if delta == delta and (delta or iv > 0):
            self._delta[at] = delta
        if len(starts) > self._most:
            self._drop(len(starts) - self._most + self._most // 8)

    def fill(self, bar: Bar) -> None:
        """Put a whole bar of this length in its place, unless the kept one has as much volume."""
        at = bisect_left(self._start, bar.start)
        if at == len(self._start) or self._start[at] != bar.start:
            self._insert(at, bar.start, bar.close)
        elif self._vol[at] >= bar.volume:
            return
        self._open[at], self._high[at], self._low[at] = bar.open, bar.high, bar.low
        self._close[at], self._vol[at] = bar.close, bar.volume
        self._worth[at] = bar.vwap * bar.volume
        if len(self._start) > self._most:
            self._drop(len(self._start) - self._most)

    def prepend(self, older: "BarColumns") -> None:
        """Put bars of older trades before those that are kept; two of one start become one."""
        if self._start and older._start and self._start[0] == older._start[-1]:
            older._close[-1] = self._close[0]
            older._high[-1] = max(self._high[0], older._high[-1])
            older._low[-1] = min(self._low[0], older._low[-1])
            older._vol[-1] += self._vol[0]
            older._worth[-1] += self._worth[0]
            if self._iv[0] > 0:
                older._iv[-1] = self._iv[0]
            if self._delta[0] == self._delta[0]:
                older._delta[-1] = self._delta[0]
            self._drop(1)
        for mine, theirs in zip(self._columns, older._columns, strict=True):
            mine[:0] = theirs
        if len(self._start) > self._most:
            self._drop(len(self._start) - self._most)

    def bars(self, seconds: int) -> list[Bar]:
        """Return bars of so many seconds, a multiple of the length of those that are kept."""
        found: list[Bar] = []
        spans = list(self._spans(seconds))
        ends = [*spans[1:], len(self._start)]
        for begin, end in zip(spans, ends, strict=True):
            volume, worth = sum(self._vol[begin:end]), sum(self._worth[begin:end])
            implied = [iv for iv in self._iv[begin:end] if iv > 0]
            deltas = [delta for delta in self._delta[begin:end] if delta == delta]
            start = self._start[begin]
            found.append(
                Bar(
                    start - start % seconds,
                    self._open[begin],
                    max(self._high[begin:end]),
                    min(self._low[begin:end]),
                    self._close[end - 1],
                    volume,
                    worth / volume if volume else self._close[end - 1],
                    implied[-1] if implied else nan,
                    deltas[-1] if deltas else nan,
                )
            )
        return found

    def closes(self, edges: Sequence[int]) -> list[float]:
        """Return the last price between each two edges, in seconds; nan where nothing traded."""
        places = [bisect_left(self._start, edge) for edge in edges]
        return [self._close[end - 1] if end > begin else nan for begin, end in pairwise(places)]

    def _spans(self, seconds: int) -> Iterator[int]:
        """Yield the index of each kept bar with which a longer bar begins."""
        last = -1
        for at, start in enumerate(self._start):
            if start // seconds != last:
                last = start // seconds
                yield at

    def _insert(self, at: int, start: int, price: float) -> None:
        self._start.insert(at, start)
        for prices in (self._open, self._high, self._low, self._close):
            prices.insert(at, price)
        self._vol.insert(at, 0.0)
        self._worth.insert(at, 0.0)
        self._iv.insert(at, nan)
        self._delta.insert(at, nan)

    def _drop(self, count: int) -> None:
        for column in self._columns:
            del column[:count]

    @property
    def _columns(self) -> "tuple[array[Any], ...]":
        prices = self._open, self._high, self._low, self._close
        return self._start, *prices, self._vol, self._worth, self._iv, self._delta
