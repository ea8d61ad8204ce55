"""Silence: quiet nights that must not be taken for dead, and dead sockets that must be found.

``PYTHONPATH=tests python -m rig.silences [--seeds 50]``

Three hours of PINGPONG alone at four intervals; sockets whose path is gone, and servers that live
and say nothing, found with answers to probes, without, and before any interval is known.
"""

import sys
from collections.abc import Iterator
from itertools import product
from math import inf

from rig.figures import Stopwatch, arguments, spread
from rig.storms import Storm

from app.feed.connection import SETTLED, LinkPhase

INTERVALS = (10.0, 30.0, 60.0, 100.0)
QUIET = 3 * 3600.0


def quiet_night(
    seed: int, interval: float, *, probes: bool = True, seconds: float = QUIET
) -> tuple[int, int]:
    """Let nobody trade for a time; return closed sockets, and how often the link was not live."""
    storm = Storm(seed, live=False)
    storm.kis.data_every = 0.0
    storm.kis.ping_every = interval
    storm.kis.answers_known = probes
    assert storm.world.run_until(storm.whole, 60)
    left: list[LinkPhase] = []
    storm.client.on_phase = lambda phase: left.append(phase) if phase not in SETTLED else None
    storm.world.run(seconds)
    kis = storm.kis
    assert kis.pings - kis.echoes <= 1, "a PINGPONG went unanswered"
    return kis.opened - 1, sum(phase is not LinkPhase.SUSPECT for phase in left)


def found(seed: int, interval: float, *, path: bool, known: bool, probes: bool) -> float:
    """Seconds from the last sign of life to the end of the socket."""
    storm = Storm(seed, live=False)
    storm.kis.data_every = 0.0
    storm.kis.ping_every = interval
    storm.kis.answers_known = probes
    assert storm.world.run_until(storm.whole, 60)
    storm.world.run(storm.world.between(0, 1) * interval + (6 * interval if known else 1.0))
    session = storm.kis.session
    if session is None:
        # It was closed before it was dead.
        return inf
    if path:
        storm.kis.go_dead(session)
    else:
        storm.kis.mute = True
    last = storm.client.receiver.last_message
    assert storm.world.run_until(lambda: storm.client.phase is LinkPhase.CLOSING, 600)
    return storm.client.now - max(last, storm.client.receiver.last_message)


def cases(seeds: int) -> Iterator[tuple[str, list[float], float]]:
    """Yield the fault, the seconds until it was found, and the limit."""
    for interval in INTERVALS:
        for path, what in ((True, "path gone"), (False, "server mute")):
            for known in (True, False):
                for probes in (True, False):
                    times = [
                        found(seed, interval, path=path, known=known, probes=probes)
                        for seed in range(seeds)
                    ]
                    # Two intervals are waited for before the first probe, then twice five seconds.
                    limit = max(45.0, 2 * interval + 13.0) if known else 121.0
                    name = (
                        f"{what}, PINGPONG each {interval:.0f} s {'' if known else 'not yet '}known"
                    )
                    yield (
                        f"{name}, probes {'' if probes else 'not '}answered",
                        times,
                        min(limit, 121.0),
                    )


def main() -> int:
    """All figures; whether one is beyond its goal."""
    given = arguments(__doc__, seeds=50)
    watch, bad = Stopwatch(), 0
    for interval, probes in product(INTERVALS, (True, False)):
        seeds = range(max(1, given.seeds // 10))
        nights = [quiet_night(seed, interval, probes=probes) for seed in seeds]
        closed, alarms = sum(c for c, _ in nights), sum(a for _, a in nights)
        bad += bool(closed or alarms)
        print(
            f"{'FAIL' if closed else 'ok  '} 3 h of PINGPONG each {interval:.0f} s, probes "
            f"{'' if probes else 'not '}answered, {len(nights)} nights: {closed} closed",
            flush=True,
        )
    for name, times, limit in cases(max(1, given.seeds // 5)):
        good = max(times) <= limit
        bad += not good
        print(
            f"{'ok  ' if good else 'FAIL'} {name}: {spread(times)} (limit {limit:.0f} s)",
            flush=True,
        )
    print(watch)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
