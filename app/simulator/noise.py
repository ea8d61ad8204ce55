"""Fault injection around good data frames: garbage, repeats, bursts."""

from collections import deque
from collections.abc import Iterator
from itertools import islice
from random import Random

from app.simulator.faults import Faults
from app.simulator.garbage import garbage

_KEPT = 64


class FrameNoise:
    """The noise of one websocket, seeded."""

    def __init__(self, faults: Faults, seed: str) -> None:
        self._faults = faults
        self._rng = Random(f"{seed}/noise")
        self._recent: deque[str] = deque(maxlen=_KEPT)
        self._owed = 0.0

    def around(self, text: str) -> Iterator[str]:
        """A good frame with what comes before and after it."""
        faults, rng = self._faults, self._rng
        if faults.garbage and rng.random() < faults.garbage:
            yield garbage(rng, text)
        yield text
        if faults.repeat or faults.burst:
            self._recent.append(text)
        if faults.repeat and rng.random() < faults.repeat:
            yield rng.choice((text, self._recent[0]))

    def burst(self, seconds: float) -> Iterator[str]:
        """Recent frames once more, as many as a burst brings in so many seconds."""
        if not self._recent:
            return
        self._owed += self._faults.burst * seconds
        count, self._owed = int(self._owed), self._owed % 1
        while count > 0:
            yield from islice(self._recent, count)
            count -= len(self._recent)
