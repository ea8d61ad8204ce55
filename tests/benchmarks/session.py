"""The session's memory: what two million trades take, and how long a tape takes to refill it.

The trades fill a process of their own.  The tape is that of the case "tape"; its trades are read as
at a start, where the reader stands aside two thirds of the time; seconds are of the processor.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

from benchmarks.table import Table, Variant
from benchmarks.tape import QUICK_DISTINCT, make

from app.market.session_memory import SessionMemory
from app.tape.earlier_trades import segment_records
from app.tape.reader import Tape
from app.tape.tape_history import REST, SLICE
from app.tape.tape_index import TapeIndex

NAME = "the session's trades in memory, and refilled from a tape"
TRADES, QUICK_TRADES = 2_000_000, 400_000
RECORDS, QUICK_RECORDS = 1_000_000, 200_000
MOST = 64.0
"""MiB that two million trades and their bars may take."""


def run(rounds: int, quick: bool) -> list[Table]:
    """Fill the memory, and refill it."""
    return [_growth(quick), _refill(quick)]


def _growth(quick: bool) -> Table:
    trades = QUICK_TRADES if quick else TRADES
    here = Path(__file__).resolve().parents[1]
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.session_growth", str(trades)],
        capture_output=True, check=True, cwd=here, text=True,
        env={**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{here.parent}"},
    )  # fmt: skip
    count, grown = run.stdout.split()
    table = Table(f"{int(count):,} trades of 41 contracts", "MiB", [Variant("growth")])
    table.add("growth", float(grown))
    if not quick:
        table.check(f"at most {MOST:.0f} MiB: {float(grown):.1f}", float(grown) <= MOST)
    return table


def _refill(quick: bool) -> Table:
    records = QUICK_RECORDS if quick else RECORDS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "night.ktape"
        make(path, records, QUICK_DISTINCT)
        size = path.stat().st_size
        with Tape(path) as tape:
            begun = process_time()
            asyncio.run(_read(TapeIndex(tape)))
            took = process_time() - begun
    paused = took * (SLICE + REST) / SLICE
    table = Table(
        f"a tape of {records:,} records, {size / 1e6:,.0f} MB",
        "s",
        [Variant("without pauses"), Variant("as at a start")],
    )
    table.add("without pauses", took)
    table.add("as at a start", paused)
    share = 1e9 / size
    table.notes.append(
        f"of 1 GB, by its size: {took * share:.0f} s without pauses, {paused * share:.0f} s as at a"
        " start"
    )
    return table


async def _read(index: TapeIndex) -> None:
    async def go_on() -> bool:
        return True

    memory = SessionMemory()
    for at in reversed(range(len(index.segments))):
        if trades := (await segment_records(index, at, go_on)).trades:
            memory.prepend(trades)
