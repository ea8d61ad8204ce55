"""What recording costs: the CPU of the feed's whole process with a tape beside it and without.

The server of `transport` sends frames of a night option at a steady pace; the writer's and the
syncer's threads are counted with the feed's.  In the end 20,000 frames a second for some seconds,
all of which must be in the tape.
"""

from functools import partial
from importlib.util import find_spec

from benchmarks.table import Table, Variant, interleave
from benchmarks.transport import receive

NAME = "a feed that records, against one that does not"
ROUNDS, QUICK_ROUNDS = 7, 3
RATE = 1_000
SECONDS, QUICK_SECONDS = 6.0, 3.0
AT_MOST = 1.10
FLOOD, FLOOD_SECONDS, QUICK_FLOOD_SECONDS = 20_000, 10, 3


def run(rounds: int, quick: bool) -> list[Table]:
    """Both at a pace, and the flood."""
    rounds = rounds or (QUICK_ROUNDS if quick else ROUNDS)
    loops = ["asyncio", *(["uvloop"] if find_spec("uvloop") else [])]
    seconds = QUICK_SECONDS if quick else SECONDS
    return [
        *(_paced(loop, rounds, seconds) for loop in loops),
        _flood(loops[-1], QUICK_FLOOD_SECONDS if quick else FLOOD_SECONDS),
    ]


def _paced(loop: str, rounds: int, seconds: float) -> Table:
    without, with_tape = Variant("feed"), Variant("feed and tape", base="feed", at_most=AT_MOST)
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
