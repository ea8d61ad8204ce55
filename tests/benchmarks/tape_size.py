"""What a tape takes: bytes a record, recorded and packed, and the CPU of export and archive.

The stream is like a market's: 41 codes at 1,000 records a second, each record the one before of its
code but for what a trade changes: time, a price that moves by ticks or not, volumes and turnover
that grow, best quotes and their sizes, and with the price what KIS computes: theory and greeks.
Bytes are the same on every machine; an export is judged against pyarrow.csv alone, which parses the
same rows and writes the same file, with nothing read from a tape and nothing checked.
"""

import random
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.frames import bodies
from benchmarks.table import Table, Variant, interleave

from app.archive.archiving import archive_tape
from app.tape.entry import EntryKind, Header, TapeEntry
from app.tape.export import ExportFilter, ExportTarget, export
from app.tape.keyframe import KeyframeBuilder
from app.tape.packing import pack_tape
from app.tape.reader import Tape
from app.tape.tables import arrow
from app.tape.writer import TapeWriter
from specs.catalog import CATALOG
from specs.frame_fast_path import columns_of

NAME = "bytes a record of a tape, and the CPU of its export"
ROUNDS, QUICK_ROUNDS = 7, 3
RECORDS, QUICK_RECORDS = 100_000, 40_000
RATE, CODES = 1_000, 41
BEAT = RATE // 10
"""Records of a beat, which leave in one write."""

RECORDING, PACKED = 60, 34
"""Bytes a record at the most."""

EXPORT = 2.33
"""An export of 180,000 rows a second where pyarrow.csv alone does 419,000."""

TR = "H0EUCNT0"
_BEGIN = 1_795_165_200 * 10**9
_GROW = {"last_volume": 0, "accumulated_volume": 1, "accumulated_turnover": 250_000}
_QUOTES = ("ask_size", "bid_size", "total_ask_size", "total_bid_size")
_THEORY = ("theoretical_price", "delta", "vega", "theta", "implied_volatility", "time_value")
"""What is computed anew where the price moves."""


def run(rounds: int, quick: bool) -> list[Table]:
    """Record, pack and export one stream."""
    count = QUICK_RECORDS if quick else RECORDS
    with TemporaryDirectory() as folder:
        path = Path(folder) / "night.ktape"
        sizes = Table(f"{count:,} records", "bytes a record", [])
        for name, beat in (("a flush an entry", 1), ("recording", BEAT)):
            path.unlink(missing_ok=True)
            write(path, count, beat)
            sizes.variants.append(Variant(name, samples=[path.stat().st_size / count]))
        packed = pack_tape(path).after / count
        sizes.variants.append(Variant("packed", samples=[packed]))
        recorded = sizes["recording"].median
        sizes.check(f"{recorded:.1f} of {RECORDING} recording", recorded <= RECORDING)
        sizes.check(f"{packed:.1f} of {PACKED} packed", packed <= PACKED)
        tables = [sizes]
        if find_spec("pyarrow"):
            tables.append(_export(path, rounds or (QUICK_ROUNDS if quick else ROUNDS), count))
    return tables


def stream(count: int) -> list[bytes]:
    """Return the frames of the stream, the same at every call."""
    draw = random.Random(7)
    columns = columns_of(CATALOG[TR].spec)
    places = {column.name: at for at, column in enumerate(columns)}
    codes = [f"B01612{chr(65 + n // 10)}{n % 10}1" for n in range(CODES)]
    newest = [body.split("^") for body in islice(bodies(TR, False), 0, 4 * CODES, 4)]
    for code, values in zip(codes, newest, strict=True):
        values[0] = code
    found = []
    for number in range(count):
        values = draw.choice(newest)
        second = 64_800 + number // RATE
        values[1] = f"{second // 3600:02}{second // 60 % 60:02}{second % 60:02}"
        step = draw.choice((-1, 0, 0, 0, 1))
        size = min(1 + int(draw.expovariate(0.5)), 40)
        for name in ("price", "change", "ask", "bid"):
            if (at := places.get(name)) is not None and step:
                values[at] = f"{float(values[at]) + 0.01 * step:.2f}"
        for name in _THEORY if step else ():
            if (at := places.get(name)) is not None:
                values[at] = f"{float(values[at]) + draw.randint(-2, 2) / 100:.2f}"
        for name, worth in _GROW.items():
            at = places[name]
            grown = size if worth == 0 else float(values[at]) + size * worth
            values[at] = f"{grown:.0f}"
        for name in draw.sample(_QUOTES, 2):
            if (at := places.get(name)) is not None:
                values[at] = f"{max(1, float(values[at]) + draw.randint(-9, 9)):.0f}"
        found.append(f"0|{TR}|001|{'^'.join(values)}".encode())
    return found


def write(path: Path, count: int, beat: int) -> None:
    """Write the stream as a recorder does that flushes after so many records."""
    writer, heads, draw = TapeWriter(path, Header("2026-11-23", "night")), KeyframeBuilder(), 0
    jitter = random.Random(3)
    moment, ahead = 10**12, _BEGIN
    for number, payload in enumerate(stream(count)):
        moment += int(jitter.expovariate(RATE) * 1e9)
        if moment - draw > 10_000_000:
            # The wall clock is asked once in 10 ms, to the µs.
            draw, ahead = moment, _BEGIN + jitter.randrange(-50, 50) * 1000
        entry = TapeEntry(EntryKind.FRAME, moment, moment + ahead, payload)
        if writer.is_due(moment):
            writer.begin_segment(heads.pack(), entry.monotonic, entry.wall)
        writer.write(entry)
        heads.apply(entry)
        if number % beat == beat - 1:
            writer.flush()
    writer.write(TapeEntry(EntryKind.END, moment, moment + ahead, b'{"why":"asked"}'))
    writer.close()


def _export(path: Path, rounds: int, count: int) -> Table:
    variants = [
        Variant("pyarrow.csv"),
        Variant("Parquet", "pyarrow.csv", at_most=EXPORT),
        Variant("CSV", "pyarrow.csv"),
        Variant("archive", "pyarrow.csv", at_most=EXPORT),
    ]
    table = Table(f"export of {count:,} rows", "µs of CPU a row", variants)
    rows = b"\n".join(frame.split(b"|", 3)[3] for frame in stream(count))

    def arrow_alone() -> float:
        pa, pq = arrow()
        begun = process_time()
        options = pa.csv.ReadOptions(autogenerate_column_names=True)
        split = pa.csv.ParseOptions(delimiter="^")
        parsed = pa.csv.read_csv(pa.BufferReader(rows), options, split)
        pq.write_table(parsed, path.with_name("alone.parquet"), compression="zstd")
        return (process_time() - begun) * 1e6 / count

    def of_tape(shape: str) -> float:
        begun = process_time()
        with Tape(path) as tape:
            places = ExportTarget(path.parent, "night", shape)
            told = export(tape, places, ExportFilter(), replacing=True)
        assert sum(told.rows.values()) == count
        return (process_time() - begun) * 1e6 / count

    def to_archive() -> float:
        begun = process_time()
        with Tape(path) as tape, TemporaryDirectory(dir=path.parent) as folder:
            told = archive_tape(tape, Path(folder))
        assert told.rows == count
        return (process_time() - begun) * 1e6 / count

    measures = {
        "pyarrow.csv": arrow_alone,
        "Parquet": lambda: of_tape("parquet"),
        "CSV": lambda: of_tape("csv"),
        "archive": to_archive,
    }
    interleave(table, rounds, measures)
    return table
