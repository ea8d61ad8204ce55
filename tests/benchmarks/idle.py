"""CPU on a quiet night, over interleaved stretches: PINGPONGs alone, and a demo's few trades.

Both programs and a bare Textual app run side by side for the whole time and are read in turn, so
that whatever disturbs the machine disturbs them alike; a sample is one stretch.
"""

import time

from benchmarks.flooded import flood
from benchmarks.stages import BARE, BARE_SHOWS, CODES, FIRST, KEYS, PROGRAM, shown
from benchmarks.table import Table, Variant

NAME = "CPU on a quiet night"
ROUNDS, STRETCH = 6, 10.0
SETTLES = 8.0
"""Seconds until 41 registrations are made, and the first paints are over."""

MORE = 0.5
"""Points of a core that the program may take above a bare app."""


def run(rounds: int, quick: bool) -> list[Table]:
    """Percent of a core, stretch by stretch."""
    names = ("bare", "program", "demo")
    table = Table("a quiet night", "% of a core", [Variant(name) for name in names])
    with flood(0, 0.0) as quiet:
        env = KEYS | quiet.addresses
        demo = (PROGRAM[0], "--demo", "--start", "03:00", "-w", ",".join(CODES))
        with (
            shown(BARE, BARE_SHOWS) as (bare, _),
            shown((*PROGRAM, "--session", "night"), FIRST, env) as (program, _),
            shown(demo, FIRST) as (played, _),
        ):
            time.sleep(SETTLES)
            watched = dict(zip(names, (bare, program, played), strict=True))
            for _ in range(rounds or (2 if quick else ROUNDS)):
                before = {name: onlooker.cpu for name, onlooker in watched.items()}
                started = time.monotonic()
                time.sleep(STRETCH / (2 if quick else 1))
                for name, onlooker in watched.items():
                    took = onlooker.cpu - before[name]
                    table.add(name, 100 * took / (time.monotonic() - started))
    above = table["program"].median - table["bare"].median
    table.check(f"at most {MORE} points above a bare app: {above:+.2f}", above <= MORE)
    table.notes.append("the demo's CPU holds its simulator's")
    return [table]
