"""The virtual world: true time, a machine that lives in it, and a heap of what is to happen.

Nothing sleeps: time jumps to the next thing on the heap.  True time is what the server lives by;
the machine's clock is made from it, less the time that the machine slept, and with a wall that can
be set.  Everything that is drawn comes from one seed, so a seed is a whole history.
"""

import heapq
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random

from app.system.clock import KST

Act = Callable[[], None]

EVENING = datetime(2026, 11, 20, 17, 40, tzinfo=KST)
"""Twenty minutes before a Friday's night session."""

_BOOT = 1000.0


class World:
    """True time in seconds from zero, and what happens in it."""

    def __init__(self, seed: int, start: datetime = EVENING) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.time = 0.0
        self.start = start
        self._heap: list[tuple[float, int, Act]] = []
        self._numbers = count()
        self.happened = 0

    def at(self, when: float, act: Act) -> None:
        """Let something happen at a moment, at once if that is over; ties in the order given."""
        heapq.heappush(self._heap, (max(when, self.time), next(self._numbers), act))

    def after(self, seconds: float, act: Act) -> None:
        """Let something happen later."""
        self.at(self.time + seconds, act)

    def between(self, low: float, high: float) -> float:
        """A drawn figure."""
        return self.random.uniform(low, high)

    def run(self, seconds: float) -> None:
        """Let time pass."""
        self.run_until(lambda: False, seconds)

    def run_until(self, condition: Callable[[], object], most: float = math.inf) -> bool:
        """Let time pass until something is so; False if it is not within `most` seconds."""
        end = self.time + most
        while not condition():
            if not self._heap or self._heap[0][0] > end:
                self.time = end if end < math.inf else self.time
                return False
            self.time, _, act = heapq.heappop(self._heap)
            self.happened += 1
            act()
        return True


class Machine:
    """The clock of the machine in the world; it can sleep, and its wall clock can be set."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._slept = 0.0
        self._wall_off = 0.0
        self.awake_at = 0.0

    def now(self) -> datetime:
        return self._world.start + timedelta(seconds=self._world.time + self._wall_off)

    def monotonic(self) -> float:
        return _BOOT + self._world.time - self._slept

    def suspended(self) -> float:
        return self._slept

    def sleep(self, seconds: float) -> None:
        """Sleep from now on; what is meant for the machine waits until it wakes."""
        if self._world.time >= self.awake_at:
            self._slept += seconds
            self.awake_at = self._world.time + seconds

    def step_wall(self, seconds: float) -> None:
        """Set the wall clock."""
        self._wall_off += seconds

    def when_awake(self, act: Act) -> Act:
        """The act, put off while the machine sleeps."""

        def later() -> None:
            if self._world.time < self.awake_at:
                self._world.at(self.awake_at, later)
            else:
                act()

        return later
