"""The course of one underlying through a session: forward, volatility and activity by the second.

A year's variance is the sum over its trading days: each has `volatility` squared over `DAYS`,
divided among the night, the day and the two gaps between them.  So the realised volatility is, on
average, the one that options imply.  A third of a session's variance comes in jumps.
"""

from bisect import bisect_right
from math import exp, log, sqrt
from random import Random

from app.simulator.activity import ActivityBurst, trading_activity
from app.simulator.hours import SimulatedHours
from specs.catalog import Session

DAYS = 245
"""Trading days in a year."""

_PARTS = {Session.NIGHT: 0.40, Session.DAY: 0.50}
_GAP_PART = 0.05
_JUMP_PART = 0.35
# Most jumps are small; a large one is as much as a calm session moves altogether.
_JUMPS_A_SESSION, _LARGE, _LARGE_BY = 1.0, 0.2, 4.0
_FIRST_BOUND = 1

# Volatility leans against the market, reverts to its level, and rises with a fall.
_BLOCK = 15
_LEAN, _LEAST, _MOST = 4.0, 0.5, 2.0
_REVERTS, _WAVERS, _FEAR = 0.9955, 0.0037, 6.0
_STRESS_FADES, _STRESSED = 90.0, 600


class PricePath:
    """A random walk with jumps and bursts, drawn whole from its seed.

    Activity is 1 on average; it is high at the open and around a burst, and the walk's variance
    follows it.  Trades are spread over activity instead of time.
    """

    def __init__(
        self,
        seed: str,
        hours: SimulatedHours,
        level: float,
        volatility: float,
        previous: float | None = None,
        leader: "PricePath | None" = None,
        correlation: float = 0.0,
    ) -> None:
        """`previous` is the level that the session before left, None where none came before.

        `leader` is the path that this one follows to the extent of `correlation`.
        """
        rng = Random(seed)
        self._home, self._volatility = level, volatility
        gap: float = rng.gauss(0.0, volatility * sqrt((1 - correlation**2) * _GAP_PART / DAYS))
        if leader is not None:
            gap += correlation * volatility / leader._volatility * leader.gap
        self.gap: float = gap
        """The logarithm of the change since the close before the session."""
        start = level if previous is None else previous * exp(gap)
        self.previous = level * exp(-gap) if previous is None else previous
        """The level at the close that changes are measured from."""
        variance = volatility * volatility * _PARTS[hours.session] / DAYS
        own = variance * (1 - correlation**2)
        self._jumps = _jumps(rng, hours, sqrt(own))
        self._first = hours.open + _FIRST_BOUND
        bursts = [ActivityBurst(second, min(9.0, 400 * abs(size))) for second, size in self._jumps]
        activity = trading_activity(rng, hours, bursts)
        self._moods: list[float] = []
        """The logarithm of volatility over its level, block by block."""
        self._levels = self._walk(rng, activity, start, own * (1 - _JUMP_PART))
        if leader is not None and correlation:
            self._follow(leader, correlation)
        self._sums = [0.0]
        total = 0.0
        for second in range(self._first, hours.close):
            total += activity[second]
            self._sums.append(total)

    def forward_at(self, seconds: float) -> float:
        """Return the forward at a moment of the session."""
        levels = self._levels
        if seconds <= 0:
            return levels[0]
        second = int(seconds)
        if second >= len(levels) - 1:
            return levels[-1]
        low = levels[second]
        return low + (levels[second + 1] - low) * (seconds - second)

    def volatility(self, seconds: float, level: float) -> float:
        """Return the implied volatility at the money at a level, a fraction a year."""
        moods = self._moods
        block = int(seconds / _BLOCK) if seconds > 0 else 0
        mood = moods[block] if block < len(moods) else moods[-1]
        return self._volatility * _leaning(level / self._home) * exp(mood)

    def stress(self, seconds: float) -> float:
        """Return how far the last jumps upset the market, in percent of its level; fades."""
        found = 0.0
        for second, size in self._jumps:
            if second <= seconds < second + _STRESSED:
                found += 100 * abs(size) * exp((second - seconds) / _STRESS_FADES)
        return found

    @property
    def last(self) -> float:
        """The forward at the session's end."""
        return self._levels[-1]

    @property
    def most(self) -> float:
        """The activity of the whole continuous trading."""
        return self._sums[-1]

    def when(self, total: float, after: int) -> tuple[float, int]:
        """Return the second at which so much activity is over, and a place to search on from.

        `after` is the place that an earlier, smaller sum gave, or 0.
        """
        place = bisect_right(self._sums, total, after) - 1
        low = self._sums[place]
        part = (total - low) / (self._sums[place + 1] - low)
        return self._first + place + part, place

    def _walk(
        self, rng: Random, activity: list[float], level: float, variance: float
    ) -> list[float]:
        """Walk a block at a time, each with the volatility that the block begins with."""
        gauss = rng.gauss
        calm = sqrt(variance / sum(activity))
        jumps = dict(self._jumps)
        mood, levels, moods = rng.gauss(0.0, 0.04), [level], self._moods
        for begin in range(0, len(activity), _BLOCK):
            moods.append(mood)
            step = level * calm * _leaning(level / self._home) * exp(mood)
            for second in range(begin, min(begin + _BLOCK, len(activity))):
                level += gauss(0.0, step) * sqrt(activity[second])
                if second in jumps:
                    level *= exp(jumps[second])
                    mood += _FEAR * max(-jumps[second], 0.0)
                levels.append(level)
            mood = mood * _REVERTS + gauss(0.0, _WAVERS)
        return levels

    def _follow(self, leader: "PricePath", correlation: float) -> None:
        beta = correlation * self._volatility / leader._volatility
        start = leader._levels[0]
        self._levels = [
            level * (led / start) ** beta
            for level, led in zip(self._levels, leader._levels, strict=True)
        ]
        self._moods = [
            mood * (1 - abs(correlation)) + led * abs(correlation)
            for mood, led in zip(self._moods, leader._moods, strict=True)
        ]
        self._jumps += [(second, beta * size) for second, size in leader._jumps]


def _leaning(moved: float) -> float:
    """Return the factor of volatility when the market is at `moved` times its home level."""
    return max(_LEAST, min(_MOST, 1 - _LEAN * log(moved)))


def _jumps(rng: Random, hours: SimulatedHours, deviation: float) -> list[tuple[int, float]]:
    """Return the seconds of the session's jumps with the logarithms of what they change."""
    unit = sqrt(_JUMP_PART / _JUMPS_A_SESSION / (1 - _LARGE + _LARGE * _LARGE_BY**2))
    found = []
    second = hours.open + rng.expovariate(_JUMPS_A_SESSION) * (hours.close - hours.open)
    while second < hours.close:
        by = _LARGE_BY if rng.random() < _LARGE else 1.0
        size = deviation * unit * by * rng.uniform(0.6, 1.34)
        found.append((int(second), size if rng.random() < 0.5 else -size))
        second += rng.expovariate(_JUMPS_A_SESSION) * (hours.close - hours.open)
    return found
