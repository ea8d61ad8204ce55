"""Lookup of a price at a past moment."""

from array import array
from bisect import bisect_right

SPACING = 1.0
"""Seconds between two points; what moves faster keeps its newest."""

REACH = 5.0
"""Seconds before its first point for which a track still answers."""

MOST = 43_200
"""Points that are kept, twelve hours of a price that always moves: 0.7 MB."""


class PriceTrack:
    """The path of a price in monotonic seconds."""

    def __init__(self) -> None:
        self._times = array("d")
        self._prices = array("d")

    def add(self, at: float, price: float) -> None:
        """Append a price from a moment on; an earlier moment than the last counts as the last."""
        times, prices = self._times, self._prices
        at = max(at, times[-1]) if times else at
        if prices and price == prices[-1]:
            return
        if len(times) > 1 and at - times[-2] < SPACING:
            prices[-1] = price
            return
        if len(times) >= MOST:
            del times[: MOST // 8], prices[: MOST // 8]
        times.append(at)
        prices.append(price)

    def price_at(self, moment: float) -> float | None:
        """Return the price at a moment, or None before the track begins."""
        times = self._times
        if not times or moment < times[0] - REACH:
            return None
        return self._prices[max(bisect_right(times, moment) - 1, 0)]
