"""The way of one underlying through a session: its forward and its activity, second by second."""

from bisect import bisect_right
from math import exp, sqrt
from random import Random

from app.simulator.hours import Hours

_YEAR = 365 * 86_400.0
_CALM = 15
_BURST_EVERY = 1500.0
_BURST_FADES = 0.985
_GAP = 0.004
_FIRST_BOUND = 1


class Path:
    """A random walk with bursts, drawn whole from its seed.

    Activity is 1 on average; it is high at the open and around a burst, and the walk's variance
    follows it.  Trades are spread over activity instead of time.
    """

    def __init__(
        self,
        seed: str,
        hours: Hours,
        level: float,
        volatility: float,
        previous: float | None = None,
    ) -> None:
        rng = Random(seed)
        gap = rng.uniform(-_GAP, _GAP)
        self.level = level
        """Where the underlying is at home; a session without one before it starts there."""
        start = level if previous is None else previous * (1 + gap)
        self.previous = level * (1 - gap) if previous is None else previous
        """The level at the close that changes are measured from."""
        self._first = hours.open + _FIRST_BOUND
        activity = _activity(rng, hours)
        self._levels = _walk(rng, activity, start, volatility * level / start)
        self._sums = [0.0]
        gone = 0.0
        for second in range(self._first, hours.close):
            gone += activity[second]
            self._sums.append(gone)

    def at(self, seconds: float) -> float:
        """The forward at a moment of the session."""
        levels = self._levels
        if seconds <= 0:
            return levels[0]
        second = int(seconds)
        if second >= len(levels) - 1:
            return levels[-1]
        low = levels[second]
        return low + (levels[second + 1] - low) * (seconds - second)

    @property
    def last(self) -> float:
        """The forward at the session's end."""
        return self._levels[-1]

    @property
    def most(self) -> float:
        """The activity of the whole continuous trading."""
        return self._sums[-1]

    def when(self, gone: float, after: int) -> tuple[float, int]:
        """The second at which so much activity is over, and a place to search on from.

        `after` is the place that an earlier, smaller sum gave, or 0.
        """
        place = bisect_right(self._sums, gone, after) - 1
        low = self._sums[place]
        part = (gone - low) / (self._sums[place + 1] - low)
        return self._first + place + part, place


def _activity(rng: Random, hours: Hours) -> list[float]:
    """How active each second is; seconds of an auction are calm, the mean of the others is 1."""
    activity: list[float] = []
    mood, burst = 0.0, 0.0
    length = hours.close - hours.open
    for second in range(hours.end + 1):
        if second % _CALM == 0:
            mood = 0.94 * mood + rng.gauss(0.0, 0.2)
            since = max(0, second - hours.open)
            shape = 0.75 + 1.5 * exp(-since / 900) + 0.9 * exp(-(((since / length - 0.5) * 7) ** 2))
            pace = shape * exp(mood)
        if rng.random() < 1 / _BURST_EVERY:
            burst += rng.uniform(2.0, 8.0)
        burst *= _BURST_FADES
        activity.append(pace * (1 + burst))
    trading = activity[hours.open : hours.close]
    scale = len(trading) / sum(trading)
    return [value * scale for value in activity]


def _walk(rng: Random, activity: list[float], level: float, volatility: float) -> list[float]:
    step = volatility / sqrt(_YEAR) * level
    gauss = rng.gauss
    levels = [level]
    for value in activity:
        level += gauss(0.0, step) * sqrt(value)
        levels.append(level)
    return levels
