"""A tape of a busy night: opened, its segments found, and one of them read, from a warm cache.

Ten million trades of 41 codes in twelve hours.  Some segments are written by the writer, with
numbers that are drawn so that they compress as a market's do; the others repeat them under heads of
their own, for a writer takes minutes to the whole.  Real time, which a seek waits for.
"""

import random
import tempfile
from itertools import cycle
from pathlib import Path
from time import perf_counter

from benchmarks.frames import bodies
from benchmarks.table import Table, Variant, interleave

from app.simulator.encode import frame
from app.tape.entry import SEGMENT_ENTRIES, EntryKind, Header, TapeEntry, pack_segment
from app.tape.keyframe import KeyframeBuilder
from app.tape.reader import Tape
from app.tape.segments import HEAD
from app.tape.writer import TapeWriter

NAME = "a tape of 10 million records"
ROUNDS, QUICK_ROUNDS = 7, 3
RECORDS, QUICK_RECORDS = 10_000_000, 1_000_000
DISTINCT, QUICK_DISTINCT = 12, 2
"""Segments that are written and not repeated."""
STEP = 12 * 3600 * 10**9 // RECORDS
CODES = 41
AT_MOST = 1.0
_DRAWN = 30
"""Fields of a record of which those with decimals change from one trade to the next."""
_BEGIN = 1_795_165_200 * 10**9


def run(rounds: int, quick: bool) -> list[Table]:
    """Make the tape and open it."""
    records = QUICK_RECORDS if quick else RECORDS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "night.ktape"
        make(path, records, QUICK_DISTINCT if quick else DISTINCT)
        size = path.stat().st_size
        table = Table(
            f"{records:,} records, {size / 1e6:,.0f} MB ({size / records:.0f} bytes each)",
            "s",
            [Variant("open, find segments"), Variant("read a segment")],
        )
        with Tape(path) as tape:
            count = len(tape.segments)
        interleave(
            table,
            rounds or (QUICK_ROUNDS if quick else ROUNDS),
            {
                "open, find segments": lambda: _opened(path),
                "read a segment": lambda: _read(path, count // 2),
            },
        )
    table.notes.append(f"{count} segments")
    took = table["open, find segments"].median
    table.check(f"opened in at most {AT_MOST:g} s: {took:.2f} s", took <= AT_MOST)
    return [table]


def _opened(path: Path) -> float:
    begun = perf_counter()
    with Tape(path):
        return perf_counter() - begun


def _read(path: Path, number: int) -> float:
    with Tape(path) as tape:
        begun = perf_counter()
        entries = sum(1 for _ in tape.entries_of(tape.segments[number]))
        took = perf_counter() - begun
    assert entries == SEGMENT_ENTRIES
    return took


def make(path: Path, records: int, distinct: int) -> None:
    """Write the tape: as many segments as asked for, and repeat them to the end."""
    short = path.with_suffix(".short")
    _write(short, distinct)
    content = short.read_bytes()
    with Tape(short) as tape:
        parts = [content[segment.start : segment.end] for segment in tape.segments]
        parts = parts[:distinct]
        begin = tape.segments[0].start - HEAD
    short.unlink()
    with path.open("wb") as file:
        file.write(content[:begin])
        for number, part in zip(range(0, records, SEGMENT_ENTRIES), cycle(parts), strict=False):
            head = pack_segment(number, number * STEP, _BEGIN + number * STEP)
            file.write(head + part)


def _write(path: Path, segments: int) -> None:
    draw, heads = random.Random(5), KeyframeBuilder()
    writer = TapeWriter(path, Header("2026-11-23", "night"))
    options = [body.split("^") for body in bodies("H0EUCNT0", True)]
    codes = [f"B01612{chr(65 + n // 10)}{n % 10}1" for n in range(CODES)]
    for number in range(segments * SEGMENT_ENTRIES):
        values = list(draw.choice(options))
        values[0] = draw.choice(codes)
        for at in draw.sample(range(2, len(values)), _DRAWN):
            if "." in values[at]:
                values[at] = f"{float(values[at]) * draw.uniform(0.9, 1.1):.2f}"
        payload = frame("H0EUCNT0", ["^".join(values)]).encode()
        entry = TapeEntry(EntryKind.FRAME, number * STEP, _BEGIN + number * STEP, payload)
        if writer.is_due(entry.monotonic):
            writer.begin_segment(heads.pack(), entry.monotonic, entry.wall)
        writer.write(entry)
        heads.apply(entry)
    writer.close()
