"""The expected executions of one contract in an auction, collected as they come."""

from math import nan

from specs.market.indication import SLOT, Indication, IndicationValues

LONGEST = 7200
"""Seconds of a path that are kept; an auction is never as long."""


class IndicationPath:
    """First, last, extremes and path of the expected prices of one contract."""

    def __init__(self) -> None:
        self.first = self.last = self.count = 0
        self.high = self.low = self.before = nan
        self.first_price = self.last_price = self.quantity = nan
        self.uncross, self.uncrossed_at, self.uncross_size = nan, 0, nan
        self.is_settled = False
        """Whether its uncross is certain, or that there was none."""
        self.values = IndicationValues()
        self._slots: list[float] = []
        self._first_slot = 0
        self._is_lost = False

    @classmethod
    def restored(cls, known: Indication) -> "IndicationPath":
        """Return the path that an indication was made from."""
        path = cls()
        path.first, path.last, path.count = known.first, known.last, known.count
        path.first_price, path.last_price = known.first_price, known.last_price
        path.quantity = known.quantity
        path.high, path.low, path.before = known.high, known.low, known.before
        path.uncross, path.uncrossed_at = known.uncross, known.uncrossed_at
        path.uncross_size, path.values = known.uncross_size, known.values
        path.is_settled = known.uncross == known.uncross
        path._slots, path._first_slot = list(known.path), known.first // SLOT
        return path

    def add(self, moment: float, price: float, quantity: float = nan) -> None:
        """Add an expected price, nan if there is none now; the price before it lasts until then."""
        slot = int(moment) // SLOT
        slots = self._slots
        if not slots:
            self._first_slot = slot
        if slot < self._first_slot or slot >= self._first_slot + LONGEST // SLOT:
            return
        gap = slot - self._first_slot - len(slots)
        if gap > 0:
            slots.extend([nan if self._is_lost else slots[-1]] * gap)
        self._is_lost = False
        if gap >= 0:
            slots.append(price)
        else:
            slots[slot - self._first_slot] = price
        self._count(int(moment), price)
        if moment >= self.last:
            self.last, self.last_price, self.quantity = int(moment), price, quantity

    def prepend(self, moments: list[tuple[float, float, float]]) -> None:
        """Add prices, oldest first, that came before all that are known."""
        older = IndicationPath()
        for moment, price, quantity in moments:
            if not self.count or moment < self.first:
                older.add(moment, price, quantity)
        if not older._slots:
            return
        if self._slots:
            gap = self._first_slot - older._first_slot - len(older._slots)
            if gap > 0:
                older._slots.extend([older._slots[-1]] * gap)
            elif gap < 0:
                del older._slots[gap:]
            self._slots[:0] = older._slots
        else:
            self._slots, self.last = older._slots, older.last
            self.last_price, self.quantity = older.last_price, older.quantity
        self._first_slot = older._first_slot
        if older.count:
            self.first, self.first_price = older.first, older.first_price
        self.count += older.count
        if older.count:
            self._widen(older.high, older.low)

    def mark_lost(self) -> None:
        """Leave what follows blank until the next expected price: the connection is down."""
        self._is_lost = True

    def indication(self, *, is_running: bool) -> Indication:
        """Return what is known, as a frozen struct."""
        return Indication(
            is_running=is_running and self.uncross != self.uncross,
            first=self.first,
            first_price=self.first_price,
            last=self.last,
            last_price=self.last_price,
            quantity=self.quantity,
            count=self.count,
            high=self.high,
            low=self.low,
            path=tuple(self._slots),
            before=self.before,
            uncross=self.uncross,
            uncrossed_at=self.uncrossed_at,
            uncross_size=self.uncross_size,
            values=self.values,
        )

    def _count(self, moment: int, price: float) -> None:
        if price != price:
            return
        if not self.count:
            self.first, self.first_price = moment, price
        self.count += 1
        self._widen(price, price)

    def _widen(self, high: float, low: float) -> None:
        self.high = self.high if self.high >= high else high
        self.low = self.low if self.low <= low else low
