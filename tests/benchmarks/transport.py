"""Socket to outbox: what a frame costs from a loopback socket to a beat that is taken.

A server in one process sends frames of a night option (one record, a tenth with blanks); the real
feed in another reads, decodes, keeps and hands over.  First as fast as both can, then at paced
rates, on asyncio's loop and on uvloop's, for the feed and for its websocket alone; CPU is that of
the receiving process, from its first frame to its last.  In the end 20,000 frames a second for a
minute: whether it falls behind.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.table import Table, Variant, interleave

NAME = "socket to outbox over loopback, feed and server in processes of their own"
ROUNDS, QUICK_ROUNDS = 3, 1
CODES = 4
AT_ONCE, QUICK_AT_ONCE = 400_000, 150_000
RATES = (1_000, 5_000, 20_000)
SECONDS, QUICK_SECONDS = 3.0, 2.0
SUSTAINED, SUSTAINED_SECONDS, QUICK_SUSTAINED = 20_000, 60, 6
FLOOR = 100_000
"""Frames a second that the issue wants."""
JUDGED = 5_000
AT_MOST = 0.7
GROWTH = 0.1
"""Seconds that frames may be later in the last fifth of the sustained run than in the first."""


def run(rounds: int, quick: bool) -> list[Table]:
    """Full speed, paced rates, the sustained minute."""
    rounds = rounds or (QUICK_ROUNDS if quick else ROUNDS)
    loops = ["asyncio", *(["uvloop"] if find_spec("uvloop") else [])]
    seconds, rates = (QUICK_SECONDS, (JUDGED,)) if quick else (SECONDS, RATES)
    return [
        _full_speed(loops, rounds, QUICK_AT_ONCE if quick else AT_ONCE),
        _paced("socket", loops, rates, rounds, seconds),
        _paced("feed", loops, rates, rounds, seconds),
        _sustained(loops[-1], QUICK_SUSTAINED if quick else SUSTAINED_SECONDS),
    ]


def _full_speed(loops: list[str], rounds: int, count: int) -> Table:
    variants = [Variant(loop, base="" if loop == "asyncio" else "asyncio") for loop in loops]
    table = Table("as fast as it goes", "frames/s", variants)
    cpu: dict[str, list[float]] = {loop: [] for loop in loops}

    def measure(loop: str) -> float:
        report = receive(count, 0, loop)
        cpu[loop].append(report["cpu"] * 1e6 / count)
        return float(count / report["seconds"])

    interleave(table, rounds, {loop: partial(measure, loop) for loop in loops})
    for loop in loops:
        table.notes.append(f"{loop}: {median(cpu[loop]):.2f} µs of CPU a frame")
    best = max(variant.median for variant in variants)
    table.check(f"{best:,.0f} frames/s, of {FLOOR:,} wanted", best >= FLOOR)
    return table


def _paced(what: str, loops: list[str], rates: Iterable[int], rounds: int, seconds: float) -> Table:
    variants: list[Variant] = []
    measures: dict[str, Callable[[], float]] = {}
    for rate in rates:
        for loop in loops:
            name = f"{loop}, {rate:,}/s"
            variant = Variant(name)
            if loop != "asyncio":
                variant.base = f"asyncio, {rate:,}/s"
                judged = what == "socket" and rate == JUDGED
                variant.at_most = AT_MOST if judged else float("inf")
            variants.append(variant)
            measures[name] = partial(_share, rate, loop, what, seconds)
    titles = {"socket": "paced, the websocket alone", "feed": "paced, the whole feed"}
    table = Table(titles[what], "% of a core", variants)
    interleave(table, rounds, measures)
    if len(loops) == 1:
        table.notes.append("uvloop left out; pip install -e '.[fast]'")
    return table


def _share(rate: int, loop: str, what: str, seconds: float) -> float:
    report = receive(round(rate * seconds), rate, loop, what)
    return float(100 * report["cpu"] / report["seconds"])


def _sustained(loop: str, seconds: int) -> Table:
    count = SUSTAINED * seconds
    report = receive(count, SUSTAINED, loop)
    late = report["late"]
    fifth = max(1, len(late) // 5)
    growth = median(late[-fifth:]) - median(late[:fifth])
    table = Table(f"{SUSTAINED:,} frames/s for {seconds} s on {loop}", "ms", [Variant("late")])
    table["late"].samples = [1000 * moment for moment in late]
    table.check(f"{report['frames']:,} frames counted of {count:,}", report["frames"] == count)
    table.check(f"{1000 * growth:+.1f} ms later in the end than in the beginning", growth < GROWTH)
    return table


def receive(count: int, rate: int, loop: str, what: str = "feed") -> Any:
    """What a receiver reports of so many frames."""
    python = [sys.executable, "-m"]
    words = [str(count), str(rate), str(CODES)]
    tests = Path(__file__).parents[1]
    env = {**os.environ, "PYTHONPATH": f"{tests}{os.pathsep}{tests.parent}"}
    with subprocess.Popen(
        [*python, "benchmarks.blaster", *words], stdout=subprocess.PIPE, text=True, env=env
    ) as blaster:
        try:
            assert blaster.stdout is not None
            port, *codes = blaster.stdout.readline().split()
            done = subprocess.run(
                [*python, "benchmarks.receiver", port, *words[:2], loop, what, *codes],
                stdout=subprocess.PIPE,
                timeout=120,
                check=True,
                env=env,
            )
        finally:
            blaster.kill()
    return json.loads(done.stdout)
