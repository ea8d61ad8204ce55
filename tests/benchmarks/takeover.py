"""Takeover: how long a joined kis-tui is without a session after its owner has ended.

Owner and joined program run on one loop, over the simulator.  The time is from the owner's end to
the joined program's link being live again: lock, approval key, one dial, and the registrations.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from benchmarks.table import Table, Variant
from harness.shared_sources import run_programs

from app.feed.demand import WatchRequest
from app.feed.phase import LinkPhase

NAME = "time that a joined kis-tui is without a session after its owner has ended"
ROUNDS, QUICK_ROUNDS = 40, 5
AT_MOST_MS = 3000.0
WATCHED = WatchRequest(("A01612",))


def run(rounds: int, quick: bool) -> list[Table]:
    """Both ways of an end, and how many sessions the server saw."""
    rounds = rounds or (QUICK_ROUNDS if quick else ROUNDS)
    table = Table("the owner's end to a live link", "ms", [Variant("quits"), Variant("is killed")])
    overlaps = dials = 0
    for variant in table.variants:
        for _ in range(rounds):
            span, dialled, overlapped = asyncio.run(_take_over(variant.name == "is killed"))
            table.add(variant.name, 1000 * span)
            dials, overlaps = dials + dialled, overlaps + overlapped
        slowest = quantiles(variant.samples, n=100, method="inclusive")[98]
        table.check(f"{variant.name}: 99th percentile {slowest:.0f} ms", slowest <= AT_MOST_MS)
    table.check(f"{dials} dials in {2 * rounds} takeovers", dials == 4 * rounds)
    table.check(f"{overlaps} sessions beside another", overlaps == 0)
    return [table]


async def _take_over(killed: bool) -> tuple[float, int, int]:
    """Return the seconds without a session, and the server's counts of dials and overlaps."""
    with tempfile.TemporaryDirectory() as folder:
        async with run_programs(Path(folder)) as stage:
            owner = stage.begin(WATCHED)
            await stage.until(lambda: owner.link.phase is LinkPhase.LIVE)
            joined = stage.begin(WATCHED)
            await stage.until(lambda: joined.link.phase is LinkPhase.LIVE)
            began = perf_counter()
            await (owner.kill() if killed else owner.stop())
            await stage.until(lambda: not joined.link.via_hub)
            await stage.until(lambda: joined.link.phase is LinkPhase.LIVE)
            span, simulator = perf_counter() - began, stage.simulator
            return span, simulator.dials, simulator.oracle.overlaps


if __name__ == "__main__":
    print(*run(0, "--quick" in sys.argv), sep="\n")
