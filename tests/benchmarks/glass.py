"""Frame to glass: the program on a real pty, 160×50, 41 rows and every panel, under a flood.

A process of its own sends trades of all registered codes at a rate; keys come at odd moments.
Beside it run Textual's DataTable on the same feed, the same rows without Textual (`raw_screen`),
and a bare app that has nothing to do.  CPU is the process's own; lag is measured inside by a probe
that all four carry (`probed`), everything else at the terminal's end (`watching`).
"""

from collections.abc import Callable
from statistics import median

from benchmarks.table import Table, Variant, interleaved
from benchmarks.watching import Seen, percentile, watch

NAME = "frame to glass"
ROUNDS = 5
JUDGED = 1_000
RATES = (200, 5_000, 20_000)
FLOOD, OLDEST, SLOWEST = 20_000, 0.12, 0.03
"""Frames a second; how old a price on the glass may be and how late a key, seconds at p99."""

GROWS = 2.0
"""How much later than in the whole minute its last third may be."""

Figure = Callable[[Seen], float]
_FIGURES: dict[tuple[str, str], Figure] = {
    ("CPU", "% of a core"): lambda seen: seen.cpu,
    ("key to paint p50", "ms"): lambda seen: 1000 * percentile(seen.keys, 50),
    ("key to paint p95", "ms"): lambda seen: 1000 * percentile(seen.keys, 95),
    ("key to paint p99", "ms"): lambda seen: 1000 * percentile(seen.keys, 99),
    ("loop lag p95", "ms"): lambda seen: 1000 * percentile(seen.lags, 95),
    ("loop lag p99", "ms"): lambda seen: 1000 * percentile(seen.lags, 99),
    ("a paint", "bytes"): lambda seen: median(seen.paints) if seen.paints else 0.0,
    ("age on the glass p50", "ms"): lambda seen: 1000 * percentile(seen.ages, 50),
    ("age on the glass p99", "ms"): lambda seen: 1000 * percentile(seen.ages, 99),
}
_JUDGED = {
    "CPU": ("raw", 3.0),
    "key to paint p95": ("DataTable", 0.2),
    "loop lag p95": ("idle", 3.0),
}


def run(rounds: int, quick: bool) -> list[Table]:
    """The judged rate in interleaved rounds, the others once, and a minute of the highest."""
    seconds = 5.0 if quick else 10.0
    tables = _compare(JUDGED, rounds or (1 if quick else ROUNDS), seconds, judged=True)
    for rate in () if quick else RATES:
        tables += _compare(rate, 1, seconds, judged=False)
    return [*tables, _minute(10.0 if quick else 60.0)]


def _compare(rate: int, rounds: int, seconds: float, *, judged: bool) -> list[Table]:
    tables = []
    for name, unit in _FIGURES:
        base, at_most = _JUDGED[name] if judged and name in _JUDGED else ("DataTable", float("inf"))
        has_idle = name.startswith(("CPU", "loop"))
        variants = [Variant("idle")] if has_idle else []
        variants += [Variant("DataTable"), Variant("raw")]
        variants.append(Variant("program", base, at_most=at_most))
        tables.append(Table(f"{name}, {rate:,} frames/s", unit, variants))
    measures: dict[str, Callable[[], Seen]] = {
        "idle": lambda: watch("idle", 0, seconds),
        "DataTable": lambda: watch("table", rate, seconds),
        "raw": lambda: watch("raw", rate, seconds),
        "program": lambda: watch("program", rate, seconds),
    }
    for name, measure in interleaved(rounds, measures):
        seen: Seen = measure()
        for table, figure in zip(tables, _FIGURES.values(), strict=True):
            if any(variant.name == name for variant in table.variants):
                table.add(name, figure(seen))
        if name == "program":
            _count(tables[0], seen)
    if judged:
        cpu, slowest = tables[0], _named(tables, "key to paint p99")["program"].median
        quarter = cpu["DataTable"].median / 4
        cpu.check(
            f"at most a quarter of DataTable: {quarter:.1f}", cpu["program"].median <= quarter
        )
        cpu.check(f"a key is painted in {slowest:.0f} ms (p99)", slowest <= 1000 * SLOWEST)
    return tables


def _named(tables: list[Table], name: str) -> Table:
    return next(table for table in tables if table.title.startswith(name))


def _minute(seconds: float) -> Table:
    """The highest rate for a minute: nothing lost, nothing piles up."""
    seen = watch("program", FLOOD, seconds)
    figures = {
        "loop lag p95": 1000 * percentile(seen.lags, 95),
        "loop lag p95, last third": 1000 * percentile(seen.late_lags, 95),
        "age on the glass p99": 1000 * percentile(seen.ages, 99),
    }
    title = f"{seconds:.0f} s of {FLOOD:,} frames/s"
    table = Table(title, "ms", [Variant(name) for name in figures])
    for name, figure in figures.items():
        table.add(name, figure)
    table.notes.append(f"CPU {seen.cpu:.0f} % of a core")
    late, whole = percentile(seen.late_lags, 95), percentile(seen.lags, 95)
    table.check("the lag does not grow", late <= GROWS * whole)
    oldest = percentile(seen.ages, 99)
    table.check(f"what is on the glass is at most {OLDEST} s old (p99)", oldest <= OLDEST)
    slowest = percentile(seen.keys, 99)
    table.check(f"a key is painted in {1000 * slowest:.0f} ms (p99)", slowest <= SLOWEST)
    _count(table, seen)
    return table


def _count(table: Table, seen: Seen) -> None:
    counted = seen.counted.get("frames", 0)
    table.check(f"every frame counted: {counted:,} of {seen.sent:,} sent", counted == seen.sent)
