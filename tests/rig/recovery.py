"""How long a stable session takes to be back after a clean cut: to its first registration, to the
first record on the screen (which waits for somebody to trade), and to 41 of 41.

``PYTHONPATH=tests:. python tests/rig/recovery.py --runs 60`` prints median, p99 and worst, in the
loop's seconds (network and work on this machine cost none of them: pacing and waits are measured).
"""

import argparse
import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from statistics import median

from rig.hurried import HurriedLoop, until
from rig.watched_feed import Rig, rig

from app.feed.connection import LinkPhase
from app.simulator.faults import LIMIT

STEPS = ("first registration", "first record", f"{LIMIT} of {LIMIT}")


async def recoveries(runs: int) -> list[list[float]]:
    """Seconds from the cut to each step, in the order of `STEPS`."""
    taken: list[list[float]] = [[], [], []]
    async with rig(()) as cut:
        rates = {c: i.rate for c, i in cut.simulator.market.instruments.items()}
        codes = sorted((c for c in rates if c[1:3] in ("01", "05")), key=lambda c: -rates[c])
        cut.watch(codes[:LIMIT])
        for done in range(runs):
            await cut.live()
            with cut.clock.hurry(4000):
                # Three windows of the dial budget have to stay open: 12 in 10 minutes, 30 an hour.
                pause = timedelta(seconds=121 if done % 29 else 3600)
                await cut.clock.until(cut.clock.now() + pause)
            moment = cut.clock.monotonic()
            await cut.simulator.clients[0].close(1001)
            reached = (
                lambda: bool(cut.registered),
                partial(_heard, cut, moment + 0.01),
                lambda: len(cut.registered) == LIMIT,
            )
            steps = [asyncio.create_task(_seconds(cut, moment, step)) for step in reached]
            for values, seconds in zip(taken, await asyncio.gather(*steps), strict=True):
                values.append(seconds)
            cut.batches, cut.records = cut.batches[-1:], []
    return taken


def _heard(cut: Rig, since: float) -> bool:
    return bool(cut.heard_since(since))


async def _seconds(cut: Rig, moment: float, reached: Callable[[], bool]) -> float:
    await until(lambda: cut.link.phase is not LinkPhase.LIVE, 5, "the cut on the screen")
    await until(reached, 30, "a step")
    return cut.clock.monotonic() - moment


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=60)
    runs = arguments.parse_args().runs
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        measured = runner.run(recoveries(runs))
    for name, values in zip(STEPS, measured, strict=True):
        ranked = sorted(values)
        p99 = ranked[min(len(ranked) - 1, int(0.99 * len(ranked)))]
        print(f"{name}: {runs} runs, p50 {median(ranked):.2f} p99 {p99:.2f} worst {ranked[-1]:.2f}")


if __name__ == "__main__":
    main()
