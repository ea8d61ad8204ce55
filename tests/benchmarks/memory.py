"""Memory with 41 rows: at the start, and after an hour of a virtual market, beside a bare app.

The hour is a demo's, at 60 times its speed; its simulator runs in the same process, so the start
is measured live, where nothing listens, and the demo says what an hour adds.
"""

import time

from benchmarks.flooded import flood
from benchmarks.stages import BARE, BARE_SHOWS, FIRST, KEYS, PROGRAM, shown
from benchmarks.table import Table, Variant, interleaved

NAME = "resident memory"
ROUNDS = 3
SETTLES = 8.0
SPEED = 60
HOUR = 3600.0
MORE = 45.0
"""MiB that the program may take above a bare app."""


def run(rounds: int, quick: bool) -> list[Table]:
    """Starts in rounds, and one hour."""
    start = Table("at the start", "MiB", [Variant("bare"), Variant("program")])
    measures = {"bare": _bare, "program": _connected}
    for name, measure in interleaved(rounds or (1 if quick else ROUNDS), measures):
        start.add(name, measure())
    names = ("demo at the start", "demo after the hour")
    hour = Table("an hour of market", "MiB", [Variant(name) for name in names])
    command = (PROGRAM[0], "--demo", "--start", "19:00", "--speed", str(SPEED), *PROGRAM[1:])
    with shown(command, FIRST) as (onlooker, _):
        time.sleep(SETTLES)
        hour.add(names[0], onlooker.resident)
        time.sleep(HOUR / SPEED / (4 if quick else 1))
        hour.add(names[1], onlooker.resident)
    above = start["program"].median - start["bare"].median
    start.check(f"at most {MORE:.0f} MiB above a bare app: {above:+.1f}", above <= MORE)
    grown = hour[names[1]].median - hour[names[0]].median
    start.check(f"after an hour too: {above + grown:+.1f}", above + grown <= MORE)
    if quick:
        hour.notes.append("a quarter of the hour")
    return [start, hour]


def _bare() -> float:
    with shown(BARE, BARE_SHOWS) as (onlooker, _):
        onlooker.rests(1.0)
        return onlooker.resident


def _connected() -> float:
    """With a connection, registrations, and a first trade on every row."""
    with (
        flood(100, 3.0) as trades,
        shown((*PROGRAM, "--session", "night"), FIRST, KEYS | trades.addresses) as (onlooker, _),
    ):
        trades.told("sent")
        return onlooker.resident
