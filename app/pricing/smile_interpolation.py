"""The volatilities of one expiry by strike, for options that have no quote of their own."""

from bisect import bisect_left
from math import inf, nan

from app.pricing.option_state import RESTAMP

NEAR = 0.03
"""The largest distance of quoted neighbours that replace an undated price, in parts of a strike."""

_Point = tuple[float, bool, float, bool]


class SmileInterpolation:
    """Volatilities as fractions, by strike; firm ones rest on a price whose moment is known.

    Where both rights of a strike are there, the one out of the money counts: its price is all time
    value.  As long as there is any firm one, no other counts.
    """

    def __init__(self) -> None:
        self._points: dict[str, _Point] = {}
        self._strikes: list[float] = []
        self._values: list[float] = []
        self._times: dict[str, float] = {}
        self._arrivals: list[float] = []
        self._firm = False
        self._forward = nan

    def add(self, code: str, point: _Point | None, at: float = inf) -> None:
        """Take an option's strike, whether it is a call, its volatility and whether that is firm.

        None takes it away.  `at` is the arrival of its quote in monotonic seconds.
        """
        if point is None:
            if self._points.pop(code, None) is None:
                return
        elif self._points.get(code) == point and not at - self._times[code] >= RESTAMP:
            return
        else:
            self._points[code], self._times[code] = point, at
        self._forward = nan

    def volatility_at(self, strike: float, forward: float) -> float:
        """Linear between the strikes, flat beyond them; nan without any."""
        self._draw(forward)
        strikes, values = self._strikes, self._values
        place = bisect_left(strikes, strike)
        if place == len(strikes):
            return values[-1] if values else nan
        if place == 0 or strikes[place] == strike:
            return values[place]
        low, high = strikes[place - 1], strikes[place]
        return values[place - 1] + (values[place] - values[place - 1]) * (strike - low) / (
            high - low
        )

    def money_volatility(self, forward: float) -> float:
        """Return the volatility at the forward; nan without a strike within `NEAR` of it."""
        self._draw(forward)
        near = any(abs(strike - forward) <= NEAR * forward for strike in self._strikes)
        return self.volatility_at(forward, forward) if near else nan

    def quoted_at(self, strike: float, forward: float) -> float:
        """Return the arrival of the oldest quote behind `volatility_at`; -inf without any."""
        self._draw(forward)
        place = bisect_left(self._strikes, strike)
        inside = 0 < place < len(self._strikes) and self._strikes[place] != strike
        first = place - 1 if inside or place == len(self._strikes) else place
        return min(self._arrivals[max(0, first) : place + 1], default=-inf)

    def brackets(self, strike: float, forward: float) -> bool:
        """Return whether there are close firm volatilities on both sides of a strike, or at it."""
        self._draw(forward)
        strikes, reach = self._strikes, NEAR * strike
        place = bisect_left(strikes, strike)
        if not self._firm or place == len(strikes) or strikes[place] > strike + reach:
            return False
        return strikes[place] == strike or (place > 0 and strikes[place - 1] >= strike - reach)

    def _draw(self, forward: float) -> None:
        """Bring the line up to date; the forward decides which right of a strike counts."""
        if forward == self._forward:
            return
        self._forward = forward
        points = self._points.values()
        self._firm = any(point[3] for point in points)
        drawn: dict[float, tuple[bool, float, float]] = {}
        for code, (strike, call, value, firm) in self._points.items():
            if firm is not self._firm:
                continue
            outside = call is (strike >= forward)
            if strike not in drawn or outside > drawn[strike][0]:
                drawn[strike] = (outside, value, self._times[code])
        self._strikes = sorted(drawn)
        self._values = [drawn[strike][1] for strike in self._strikes]
        self._arrivals = [drawn[strike][2] for strike in self._strikes]
