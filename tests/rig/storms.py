"""Servers that will not have us for hours: how often they are dialled, and how late we are back.

``PYTHONPATH=tests python -m rig.storms [--seeds 100]``

Twelve hours of accept-then-close, refusal and flapping; the ghost of our own session; outages of
four lengths.  The lag is the time from the moment at which the server would take us.
"""

import sys

from rig.client import Client
from rig.figures import Stopwatch, arguments, spread
from rig.kis import Door, Kis
from rig.world import Machine, World

from app.feed.dial_budget import WINDOWS

HALF_A_DAY = 12 * 3600.0
CODES = ("A01612", *(f"B01612A{number:02d}" for number in range(40)))
NIGHT_ON = 2 * 3600.0
OUTAGES = {
    "10-60 s": (10, 60),
    "1-5 min": (60, 300),
    "5-15 min": (300, 900),
    "1-4 h": (3600, 14400),
}


class Storm:
    """A client and the server it meets."""

    def __init__(self, seed: int, *, live: bool = True, codes: tuple[str, ...] = CODES) -> None:
        self.world = World(seed)
        self.world.time = NIGHT_ON
        self.machine = Machine(self.world)
        self.kis = Kis(self.world)
        self.kis.data_every = 0.5
        self.client = Client(self.world, self.kis, codes, machine=self.machine)
        if live:
            assert self.world.run_until(self.whole, 60)
            self.world.run(self.world.between(65, 70))

    def whole(self) -> bool:
        """Everything is registered."""
        held = self.kis.session
        return held is not None and len(held.registered) == len(
            self.client.pilot.registrations.targets
        )

    def begun(self) -> bool:
        """The first row is registered."""
        return self.kis.session is not None and bool(self.kis.session.registered)


def peak(dials: list[float], seconds: float) -> int:
    """The most dials within a time, to a hundredth of a second: the file keeps thousandths."""
    return max((sum(d <= e < d + seconds - 0.01 for e in dials) for d in dials), default=0)


def within_budget(dials: list[float]) -> bool:
    """Whether every window held."""
    return all(peak(dials, seconds) <= most for seconds, most in WINDOWS)


def slammed(seed: int) -> list[float]:
    """Twelve hours of a server that accepts and closes; the dials."""
    storm = Storm(seed, live=False)
    storm.kis.door = Door.SLAM
    storm.world.run(HALF_A_DAY)
    return storm.kis.dials


def refused(seed: int, door: Door = Door.REFUSED) -> list[float]:
    """Twelve hours of a server that refuses; the dials.  The key was had before."""
    storm = Storm(seed)
    storm.kis.door = door
    storm.kis.drop_all()
    spent = len(storm.kis.dials)
    storm.world.run(HALF_A_DAY)
    return storm.kis.dials[spent:]


def flapping(seed: int) -> list[float]:
    """An hour of a server that drops each session after twenty seconds; the dials."""
    storm = Storm(seed)
    spent = len(storm.kis.dials)
    end = storm.world.time + 3600.0
    while storm.world.time < end:
        storm.kis.drop_all()
        storm.world.run_until(storm.begun, end - storm.world.time)
        storm.world.run(20.0)
    return storm.kis.dials[spent:]


def crashing(seed: int, hours: float = 12) -> list[float]:
    """Hours of a program that dies a second after its dial and is started again."""
    storm = Storm(seed, live=False)
    end = storm.world.time + hours * 3600.0
    while storm.world.time < end:
        dialled = len(storm.kis.dials)
        over = storm.world.run_until(lambda n=dialled: len(storm.kis.dials) > n, 3600.0)  # type: ignore[misc]
        storm.world.run(1.0 if over else 0.0)
        storm.client.crash()
        kept = tuple(storm.client.kept)
        storm.client = Client(storm.world, storm.kis, CODES, machine=storm.machine, kept=kept)
    return storm.kis.dials


def ghost(seed: int) -> tuple[int, float]:
    """The slot of a cut session is held 30 to 120 s: dials, and the lag after it is free."""
    storm = Storm(seed)
    spent = len(storm.kis.dials)
    storm.kis.hold = storm.world.between(30, 120)
    free_at = storm.world.time + storm.kis.hold
    storm.kis.drop_all()
    storm.kis.hold = 0.0
    assert storm.world.run_until(storm.begun, HALF_A_DAY)
    return len(storm.kis.dials) - spent, storm.world.time - free_at


def outage(seed: int, low: float, high: float) -> tuple[list[float], float]:
    """The server refuses for a while: dials, and the lag after it is back."""
    storm = Storm(seed)
    spent = len(storm.kis.dials)
    storm.kis.door = Door.REFUSED
    storm.kis.drop_all()
    storm.world.run(storm.world.between(low, high))
    storm.kis.door = Door.OPEN
    back = storm.world.time
    assert storm.world.run_until(storm.begun, HALF_A_DAY)
    return storm.kis.dials[spent:], storm.world.time - back


def clean_cut(seed: int, reason: str = "1006") -> tuple[float, float]:
    """A stable session is cut: seconds to the first row and to all 41."""
    storm = Storm(seed)
    cut_at = storm.world.time
    storm.kis.drop_all(reason)
    assert storm.world.run_until(storm.begun, 60)
    first = storm.world.time - cut_at
    assert storm.world.run_until(lambda: storm.whole() and storm.client.is_settled, 60)
    return first, storm.world.time - cut_at


def main() -> int:
    """All figures; whether one is beyond its goal."""
    given = arguments(__doc__, seeds=100)
    watch, bad = Stopwatch(), list[str]()
    seeds = range(given.seeds)

    def say(name: str, text: str, good: object) -> None:
        print(f"{'ok  ' if good else 'FAIL'} {name}: {text}", flush=True)
        if not good:
            bad.append(name)

    few = seeds[: max(1, given.seeds // 5)]
    for name, run, most in (
        ("accept, then close, 12 h", slammed, 20),
        ("refused, 12 h", refused, 150),
        ("handshake refused, 12 h", lambda seed: refused(seed, Door.HTTP), 150),
        ("dial hangs, 12 h", lambda seed: refused(seed, Door.HANG), 150),
        ("cut after 20 s, 1 h", flapping, 30),
        ("crash loop, 12 h", crashing, 150),
    ):
        histories = [run(seed) for seed in few]
        dials = [peak(history, HALF_A_DAY) for history in histories]
        peaks = max(peak(history, 600.0) for history in histories)
        good = max(dials) <= most and all(within_budget(history) for history in histories)
        say(name, f"{min(dials)}-{max(dials)} dials, {peaks} in 10 min", good)
    ghosts = [ghost(seed) for seed in seeds]
    lags = [lag for _, lag in ghosts]
    most = max(dials for dials, _ in ghosts)
    say("ghost slot 30-120 s", f"{most} dials at most, lag {spread(lags)}", most <= 5)
    for name, (low, high) in OUTAGES.items():
        outages = [outage(seed, low, high) for seed in seeds]
        lags = [lag for _, lag in outages]
        good = all(within_budget(dials) for dials, _ in outages)
        good = good and sorted(lags)[int(0.99 * len(lags))] <= (60 if high <= 300 else 300)
        peaks = max(peak(dials, 600.0) for dials, _ in outages)
        say(f"outage {name}", f"lag {spread(lags)}; {peaks} dials in 10 min at most", good)
    cuts = [clean_cut(seed) for seed in seeds]
    firsts, alls = [first for first, _ in cuts], [whole for _, whole in cuts]
    say("clean cut, first row", spread(firsts), sorted(firsts)[int(0.99 * len(cuts))] <= 3)
    say("clean cut, 41 of 41", spread(alls), sorted(alls)[int(0.99 * len(cuts))] <= 8)
    print(f"{given.seeds} seeds; {watch}")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
