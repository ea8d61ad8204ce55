"""A loop whose time is its own: real sockets, but nobody waits for a timer.

While anything is ready to be done, time stands still; when nothing is, it moves on to the next
timer after a real wait `HURRY` times as short, in which loopback delivers what is on its way.  A
slow machine therefore brings no timeouts, and two minutes of silence take a fraction of a second.
"""

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec

from app.system.clock import Clock

HURRY = 1000.0
"""Factor by which an idle loop's time is faster than real time."""

SHORTEST = 0.001

P = ParamSpec("P")


class HurriedSelector(selectors.DefaultSelector):
    """A selector that waits a fraction of each timeout and keeps the virtual time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.hurry = HURRY
        self._owed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        # The kernel waits in whole milliseconds: shorter waits are saved up.
        self._owed += timeout / self.hurry
        wait = self._owed if self._owed >= SHORTEST else 0.0
        begun = time.perf_counter()
        ready = super().select(wait)
        if wait:
            self._owed = 0.0
        if ready:
            gone = (time.perf_counter() - begun) * self.hurry if wait else 0.0
            self.now += min(timeout, gone)
        else:
            self.now += timeout
        return ready


class HurriedLoop(asyncio.SelectorEventLoop):
    """An asyncio loop on a `HurriedSelector`."""

    def __init__(self) -> None:
        self.hurried = HurriedSelector()
        super().__init__(self.hurried)

    def time(self) -> float:
        return self.hurried.now


class LoopClock(Clock):
    """The running loop's time as the program's clock; wall time begins at `start`."""

    def __init__(self, start: datetime) -> None:
        self._loop = asyncio.get_running_loop()
        self._start, self._origin = start, self._loop.time()
        self._asleep = 0.0

    def now(self) -> datetime:
        gone = self._loop.time() - self._origin + self._asleep
        return self._start + timedelta(seconds=gone)

    def monotonic(self) -> float:
        return self._loop.time()

    def suspended(self) -> float:
        return self._asleep

    @contextmanager
    def hurry(self, factor: float) -> Iterator[None]:
        """Let idle time go by so many times as fast: for hours in which hardly anything comes."""
        loop = self._loop
        assert isinstance(loop, HurriedLoop)
        before, loop.hurried.hurry = loop.hurried.hurry, factor
        try:
            yield
        finally:
            loop.hurried.hurry = before

    async def until(self, moment: datetime) -> None:
        """Wait until the wall clock shows a moment."""
        left = moment - self.now()
        while left > timedelta():
            await asyncio.sleep(left.total_seconds())
            left = moment - self.now()

    def sleep(self, seconds: float) -> None:
        """Let the machine sleep: wall time goes on, the monotonic counter does not."""
        self._asleep += seconds

    def step(self, seconds: float) -> None:
        """Set the wall clock on, or back."""
        self._start += timedelta(seconds=seconds)


def hurried(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test on a `HurriedLoop`."""

    @wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=HurriedLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run


async def until(condition: Callable[[], object], within: float, what: str = "") -> None:
    """Wait until a condition holds; look at it every hundredth of the loop's seconds.

    Raises:
        AssertionError: it did not within so many of the loop's seconds.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while not condition():
        assert loop.time() < end, f"not within {within:g} s: {what or condition}"
        await asyncio.sleep(0.05)


async def holds(condition: Callable[[], object], seconds: int) -> None:
    """Look at a condition after each of so many of the loop's seconds, and before them.

    Raises:
        AssertionError: it did not hold.
    """
    assert condition(), f"not even at first: {condition}"
    for second in range(seconds):
        await asyncio.sleep(1)
        assert condition(), f"no more after {second + 1} s: {condition}"
