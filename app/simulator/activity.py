"""The trading activity of a market in each second of a session."""

from collections.abc import Iterable
from math import exp
from random import Random
from typing import NamedTuple

from app.simulator.hours import SimulatedHours

_CALM = 15
_BURST_EVERY = 1500.0
_BURST_FADES = 0.985


class ActivityBurst(NamedTuple):
    """A sudden rise of activity."""

    second: int
    size: float
    """In units of the average activity."""


def trading_activity(
    rng: Random, hours: SimulatedHours, bursts: Iterable[ActivityBurst]
) -> list[float]:
    """Return the activity of each second, with the given bursts and others that are drawn.

    The mean of the continuous trading is 1.  It is busy at the open and in the session's middle.
    """
    given = {burst.second: burst.size for burst in bursts}
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
        if second in given:
            burst += given[second]
        burst *= _BURST_FADES
        activity.append(pace * (1 + burst))
    trading = activity[hours.open : hours.close]
    scale = len(trading) / sum(trading)
    return [value * scale for value in activity]
