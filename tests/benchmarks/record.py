"""What recording costs: CPU with a tape and without, of the whole program and of the feed alone.

The program stands on a pty as in `glass` and is judged; the feed alone is told beside it.  Its
frames come from the server of `transport` at a steady pace.  The writer's and the syncer's threads
count with whoever has them.  In the end 20,000 frames a second for some seconds, all of which must
be in the tape.
"""

from functools import partial
from importlib.util import find_spec

from benchmarks.table import Table, Variant, interleave
from benchmarks.transport import receive
from benchmarks.watching import watch

NAME = "a feed that records, against one that does not"
ROUNDS, QUICK_ROUNDS = 7, 3
RATE = 1_000
SECONDS, QUICK_SECONDS = 6.0, 3.0
SCREEN_SECONDS = 10.0
AT_MOST = 1.10
FLOOD, FLOOD_SECONDS, QUICK_FLOOD_SECONDS = 20_000, 10, 3


def run(rounds: int, quick: bool) -> list[Table]:
    """Both at a pace, and the flood."""
    rounds = rounds or (QUICK_ROUNDS if quick else ROUNDS)
    loops = ["asyncio", *(["uvloop"] if find_spec("uvloop") else [])]
    seconds = QUICK_SECONDS if quick else SECONDS
    return [
        _program(rounds, SCREEN_SECONDS / 2 if quick else SCREEN_SECONDS),
        *(_paced(loop, rounds, seconds) for loop in loops),
        _flood(loops[-1], QUICK_FLOOD_SECONDS if quick else FLOOD_SECONDS),
    ]


def _program(rounds: int, seconds: float) -> Table:
    without, with_tape = Variant("program"), Variant("recording", base="program", at_most=AT_MOST)
    title = f"the program, {RATE:,} frames/s"
    table = Table(title, "% of a core", [without, with_tape])

    def measure(kind: str) -> float:
        return watch(kind, RATE, seconds).cpu

    interleave(table, rounds, {v.name: partial(measure, v.name) for v in (without, with_tape)})
    return table


def _paced(loop: str, rounds: int, seconds: float) -> Table:
    without, with_tape = Variant("feed"), Variant("feed and tape", base="feed")
    table = Table(f"{RATE:,} frames/s on {loop}", "µs of CPU a frame", [without, with_tape])
    count = round(RATE * seconds)

    def measure(what: str) -> float:
        report = receive(count, RATE, loop, what)
        if what == "tape":
            assert report["taped"] == count, report
        return float(report["cpu"] * 1e6 / count)

    measures = {without.name: partial(measure, "feed"), with_tape.name: partial(measure, "tape")}
    interleave(table, rounds, measures)
    return table


def _flood(loop: str, seconds: int) -> Table:
    count = FLOOD * seconds
    report = receive(count, FLOOD, loop, "tape")
    variant = Variant("feed and tape")
    variant.samples = [100 * report["cpu"] / report["seconds"]]
    table = Table(f"{FLOOD:,} frames/s for {seconds} s on {loop}", "% of a core", [variant])
    table.check(f"{report['taped']:,} frames in the tape of {count:,}", report["taped"] == count)
    table.check(f"{report['dropped']:,} dropped", report["dropped"] == 0)
    return table
