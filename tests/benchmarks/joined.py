"""Joining: how long a kis-tui that starts second needs until its 41 registrations are there.

Owner and joined program run on one loop, over the simulator.  The time is from the program's start
to the state of all 41 registrations and the last record of each that the owner has.
"""

import asyncio
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.table import Table, Variant
from harness.shared_sources import SharedProgram, run_programs

from app.feed.demand import WatchRequest

NAME = "time that a kis-tui needs to join a session with 41 registrations"
ROUNDS, QUICK_ROUNDS = 20, 5
AT_MOST_MS = 1000.0
STRIKES = tuple(f"B01612A{number}" for number in range(14, 54))
WATCHED = WatchRequest(("A01612", *STRIKES))
LIMIT = 41
JOINS = "start to 41 registrations"


def run(rounds: int, quick: bool) -> list[Table]:
    """The time to join, and how many sessions the server saw."""
    rounds = rounds or (QUICK_ROUNDS if quick else ROUNDS)
    table = Table("a second start", "ms", [Variant(JOINS)])
    spans, dials = asyncio.run(_join(rounds))
    for span in spans:
        table.add(JOINS, 1000 * span)
    table.check(f"{table[JOINS].median:.0f} ms in the median", table[JOINS].median <= AT_MOST_MS)
    table.check(f"{dials} dial in {rounds} joins", dials == 1)
    return [table]


async def _join(rounds: int) -> tuple[list[float], int]:
    """Return the seconds of each join, and how often the server was dialled."""
    spans = []
    with tempfile.TemporaryDirectory() as folder:
        async with run_programs(Path(folder)) as stage:
            owner = stage.begin(WATCHED)
            await stage.until(lambda: len(owner.active) == LIMIT)
            await stage.until(lambda: len(_known(owner)) > LIMIT // 2)
            for _ in range(rounds):
                began, known = perf_counter(), _known(owner)
                joined = stage.begin(WATCHED)
                await stage.until(lambda one=joined: len(one.active) == LIMIT)  # type: ignore[misc]
                await stage.until(lambda one=joined, all_=known: all_ <= _known(one))  # type: ignore[misc]
                spans.append(perf_counter() - began)
                await joined.stop()
            return spans, stage.simulator.dials


def _known(program: SharedProgram) -> set[tuple[str, str]]:
    """Return TR and code of the records that a program has had."""
    return {(tr_id, record.code) for tr_id, record in program.tapped}
