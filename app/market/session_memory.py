"""The trades and bars of the watched codes since the trade date began; on the screen's thread.

The feed hands over every trade with its batches.  A trade date begins at 17:00 KST, so that it
holds a night and the day after it; the first trade of the next one discards what is kept of its
contract.  The columns take at most 64 MiB: 2 million trades of 21 to 25 bytes, and the bars.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import nan

from app.market.bar_columns import BarColumns
from app.market.print_columns import PrintColumns
from specs.market.bars import Bar
from specs.market.trade_print import FIELDS, TradePrint

LIMIT = 2_000_000
"""Trades that are kept; beyond that the oldest of the busiest contract leave first."""

LEAVE = 16
"""The busiest contract loses one in so many of its trades at a time."""

MINUTE = 60
_SECOND_BARS, _MINUTE_BARS = 900, 1440
_DATE_BEGINS = 8 * 3600
"""Seconds from midnight UTC to 17:00 KST."""


class _Contract:
    """What is kept of one contract."""

    __slots__ = ("day", "minutes", "prints", "seconds")

    def __init__(self) -> None:
        self.day = 0
        self.reset()

    def reset(self) -> None:
        self.prints = PrintColumns()
        self.seconds = BarColumns(1, _SECOND_BARS)
        self.minutes = BarColumns(MINUTE, _MINUTE_BARS)


class SessionMemory:
    """Every trade of the session by code, and bars of one second and of one minute."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._contracts: dict[str, _Contract] = {}
        self._count = 0

    @property
    def count(self) -> int:
        """The number of trades that are kept."""
        return self._count

    def apply(
        self,
        trades: "Mapping[str, array[float]]",
        own_price: Callable[[str], float] = lambda code: nan,
    ) -> None:
        """Add the trades of a batch: by code a flat array, in the order in which they came.

        `own_price` returns our own theory's price of a code as the trades came; nan without one.
        """
        for code, values in trades.items():
            contract = self._contracts.get(code)
            if contract is None:
                contract = self._contracts[code] = _Contract()
            self._add(contract, values, own_price(code))
        while self._count > self._limit:
            self._drop()

    def prepend(self, trades: "Mapping[str, array[float]]") -> None:
        """Put older trades of the same trade date before those that are kept."""
        for code, values in trades.items():
            kept = self._contracts.setdefault(code, _Contract())
            older = _Contract()
            older.day = kept.day
            self._add(older, values, nan, before=kept.prints)
            if older.day > kept.day and len(kept.prints):
                # They are of a later date than what is kept, which cannot be older ones.
                self._count -= len(older.prints)
                continue
            kept.day = older.day
            kept.prints.prepend(older.prints)
            kept.seconds.prepend(older.seconds)
            kept.minutes.prepend(older.minutes)
        while self._count > self._limit:
            self._drop()

    def fill(self, code: str, bars: Iterable[Bar]) -> None:
        """Add minute bars of a contract where fewer trades of their minute are known than they had.

        A minute that is in neither stays a gap.
        """
        contract = self._contracts.setdefault(code, _Contract())
        for bar in bars:
            day = (bar.start - _DATE_BEGINS) // 86400
            if day > contract.day:
                self._begin_date(contract, day)
            if day == contract.day:
                contract.minutes.fill(bar)

    def clear(self) -> None:
        """Discard everything: a tape was wound to another place."""
        self._contracts.clear()
        self._count = 0

    def bars(self, code: str, seconds: int) -> list[Bar]:
        """Return the bars of a contract, oldest first; a span without trades has none.

        Bars of whole minutes reach back to the beginning of the trade date, shorter ones some
        fifteen minutes of trading.
        """
        contract = self._contracts.get(code)
        if contract is None:
            return []
        kept = contract.seconds if seconds % MINUTE else contract.minutes
        return kept.bars(seconds)

    def closes(self, code: str, edges: Sequence[int]) -> list[float]:
        """Return the last price of a contract between each two edges; nan where nothing traded.

        Edges are whole minutes, in seconds since 1970.
        """
        contract = self._contracts.get(code)
        return contract.minutes.closes(edges) if contract is not None else []

    def prints(
        self, code: str, first: int | None = None, stop: int | None = None
    ) -> list[TradePrint]:
        """Return the trades of a contract with numbers from `first` up to `stop`, oldest first."""
        contract = self._contracts.get(code)
        if contract is None:
            return []
        kept = contract.prints
        begin = kept.first if first is None else first
        return kept.prints(begin, kept.first + len(kept) if stop is None else stop)

    def first(self, code: str) -> int:
        """Return the number of the oldest trade that is kept."""
        contract = self._contracts.get(code)
        return contract.prints.first if contract is not None else 0

    def dropped(self, code: str) -> int:
        """Return how many trades were dropped to keep the memory bounded."""
        contract = self._contracts.get(code)
        return contract.prints.dropped if contract is not None else 0

    def end(self, code: str) -> int:
        """Return the number that the next trade of a contract gets."""
        contract = self._contracts.get(code)
        return contract.prints.first + len(contract.prints) if contract is not None else 0

    def sizes(self, code: str) -> "array[float]":
        """Return the sizes of the kept trades of a contract, oldest first."""
        contract = self._contracts.get(code)
        return contract.prints.sizes() if contract is not None else array("f")

    def _add(
        self,
        contract: _Contract,
        values: "array[float]",
        own_price: float,
        *,
        before: PrintColumns | None = None,
    ) -> None:
        """Add trades, only those that belong before `before` if it is given."""
        rows = iter(values)
        for one in zip(*[rows] * FIELDS, strict=True):
            time, price, size, volume, interest, iv, delta, marks = one
            second = int(time)
            day = (second - _DATE_BEGINS) // 86400
            if day > contract.day:
                self._begin_date(contract, day)
            elif day < contract.day:
                continue
            if before is not None and not before.is_before(volume, int(marks)):
                continue
            edge = price - own_price
            if contract.prints.add(second, price, size, volume, interest, int(marks), edge):
                self._count += 1
                contract.seconds.add(second, price, size, iv, delta)
                contract.minutes.add(second, price, size, iv, delta)

    def _begin_date(self, contract: _Contract, day: int) -> None:
        """Discard what is kept of a contract: another trade date has begun."""
        self._count -= len(contract.prints)
        contract.day = day
        contract.reset()

    def _drop(self) -> None:
        """Drop the oldest trades of the contract that has the most."""
        busiest = max(self._contracts.values(), key=lambda one: len(one.prints)).prints
        count = max(1, len(busiest) // LEAVE)
        busiest.drop(count)
        self._count -= count
