"""The gateway: how much later a client gets a frame than the process that has the session.

A server in one process sends frames at a rate; the feed with its gateway in another forwards them
to clients, each a process of its own that reads its socket and does nothing else.  A frame's added
latency is from its arrival in the feed to its arrival in a client, on the clock that all processes
of a machine share.  It is judged against how late the feed itself gets frames after the server's
schedule, which is what waking a process costs on a busy machine.  The last way has a client more
that reads nothing.
"""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.gateway_host import RATE
from benchmarks.table import Table, Variant, interleave

NAME = "latency that the gateway adds, with clients in processes of their own"
ROUNDS, QUICK_ROUNDS = 5, 2
SECONDS, QUICK_SECONDS = 4.0, 2.0
CODES = 5
AT_MOST_MS = 2.0
"""The 99th percentile that is wanted of five clients, on a machine that is not busy."""

QUIET_MS = 1.0
"""The feed's own lateness above which a machine is busy."""

OWNER = "the feed, after the schedule"
AT_MOST = 2.0

_WAYS = {"1 client": (1, 0), "5 clients": (5, 0), "5 clients and a stalled one": (5, 1)}


def run(rounds: int, quick: bool) -> list[Table]:
    """The 99th percentile of each way, and what became of the frames."""
    rounds = rounds or (QUICK_ROUNDS if quick else ROUNDS)
    count = round(RATE * (QUICK_SECONDS if quick else SECONDS))
    variants = [Variant(OWNER)]
    variants += [Variant(name, OWNER, at_most=AT_MOST) for name in _WAYS]
    table = Table(f"added at {RATE:,} frames/s, 99th percentile", "ms", variants)
    medians: dict[str, list[float]] = {name: [] for name in _WAYS}
    late: dict[str, list[float]] = {name: [] for name in _WAYS}
    cpu = Table("share of a core of the owner's process", "%", [Variant(name) for name in _WAYS])
    lost = 0

    def measure(name: str) -> float:
        nonlocal lost
        report = forward(count, *_WAYS[name])
        late[name].append(report["late"])
        lost += report["lost"]
        cpu.add(name, report["cpu"])
        medians[name].append(report["median"])
        return float(report["p99"])

    interleave(table, rounds, {name: partial(measure, name) for name in _WAYS})
    for name in _WAYS:
        table.notes.append(f"{name}: median {min(medians[name]):.2f} ms in the best round")
    table.check(f"{lost} frames lost by clients that read", lost == 0)
    for of_round in zip(*late.values(), strict=True):
        table.add(OWNER, median(of_round))
    best, quiet = min(table["5 clients"].samples), min(late["5 clients"]) <= QUIET_MS
    words = f"5 clients: {best:.2f} ms, of {AT_MOST_MS:g} wanted, in the best round"
    if quiet:
        table.check(words, best <= AT_MOST_MS)
    else:
        table.notes.append(f"{words}; the machine is too busy to judge it")
    each = (cpu["5 clients"].median - cpu["1 client"].median) / 4
    cpu.notes.append(f"{each:.1f} % of a core for each client more, of the medians")
    return [table, cpu]


def forward(count: int, clients: int, stalled: int) -> dict[str, Any]:
    """Return median and 99th percentile (ms) of one run, and the frames that clients lost."""
    tests = Path(__file__).parents[1]
    env = {**os.environ, "PYTHONPATH": f"{tests}{os.pathsep}{tests.parent}"}
    with ExitStack() as stack:

        def begin(module: str, *words: object) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, "-m", f"benchmarks.{module}", *map(str, words)],
                stdout=subprocess.PIPE,
                text=True,
                env=env,
            )
            stack.callback(process.communicate)
            stack.callback(process.kill)
            assert process.stdout is not None
            return process

        blaster = begin("blaster", count, RATE, CODES)
        port, *codes = _line(blaster).split()
        host = begin("gateway_host", port, count, clients + stalled, *codes)
        addresses = _line(host).split()
        *registered, _ = codes
        readers = [begin("gateway_reader", *addresses, 1, *registered) for _ in range(clients)]
        for _ in range(stalled):
            begin("gateway_reader", *addresses, 0, *registered)
        report = json.loads(_line(host))
        received = report["kept"]
        arrived = [json.loads(_line(reader)) for reader in readers]
    spans = [
        1000 * (came - sent)
        for times in arrived
        for sent, came in zip(received, times, strict=False)
    ]
    hundredths = quantiles(spans, n=100, method="inclusive")
    lost = sum(len(received) - len(times) for times in arrived)
    return {"median": hundredths[49], "p99": hundredths[98], "lost": lost, **report}


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()
