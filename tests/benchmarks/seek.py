"""Jumps in a tape of a busy night: to moments that are drawn, and a message back.

The same tape as the case "tape".  A jump reads a keyframe and what follows it up to the moment,
decodes all of it, and has everything that the screen is told ready.  Real time, which a key waits
for.
"""

import asyncio
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from benchmarks.table import Table, Variant, interleave
from benchmarks.tape import QUICK_DISTINCT, QUICK_RECORDS, RECORDS, make

from app.tape.player import Player
from app.tape.reader import Tape
from app.tape.tape_clock import TapeClock
from app.tape.tape_index import TapeIndex

NAME = "jumps in a tape of 10 million records"
ROUNDS, QUICK_ROUNDS = 15, 5
DISTINCT = 12
AT_MOST = 1.0


def run(rounds: int, quick: bool) -> list[Table]:
    """Make the tape and jump about in it."""
    records = QUICK_RECORDS if quick else RECORDS
    rounds = rounds or (QUICK_ROUNDS if quick else ROUNDS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "night.ktape"
        make(path, records, QUICK_DISTINCT if quick else DISTINCT)
        with Tape(path) as tape:
            return [asyncio.run(_jumps(tape, records, rounds))]


async def _jumps(tape: Tape, records: int, rounds: int) -> Table:
    table = Table(
        f"{records:,} records",
        "s",
        [Variant("open"), Variant("jump"), Variant("jump to the end"), Variant("a message back")],
    )
    draw = random.Random(11)
    player = Player(TapeIndex(tape), TapeClock(), lambda batch: None, playing=False)
    length = player.tape_index.length
    interleave(
        table,
        rounds,
        {
            "open": lambda: _took(lambda: TapeIndex(tape)),
            "jump": lambda: _took(lambda: player._seek(draw.uniform(0, length))),
            "jump to the end": lambda: _took(lambda: player._seek(length)),
            "a message back": lambda: _took(player._back),
        },
    )
    player._conflation.close()
    for name in ("jump", "jump to the end", "a message back"):
        worst = max(table[name].samples)
        table.check(f"{name}: at most {AT_MOST:g} s, worst {worst:.2f} s", worst <= AT_MOST)
    return table


def _took(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun
