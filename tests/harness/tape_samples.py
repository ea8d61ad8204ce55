"""Make entries of a night for a few codes, and write them as the recorder does."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import msgspec
from harness.sample_frames import frame, record

from app.feed.link_step import LinkStep
from app.feed.phase import LinkPhase
from app.system.clock import KST
from app.tape.entry import EntryKind, Header, TapeEntry
from app.tape.keyframe import KeyframeBuilder
from app.tape.times import nanoseconds
from app.tape.writer import TapeWriter

HEADER = Header("2026-11-23", "night")
BEGIN = datetime(2026, 11, 20, 18, tzinfo=KST)
BOOTED = 1_000_000_000_000
"""The monotonic time of `BEGIN`, in ns."""

OPTION, FUTURE = "B01612A18", "A01612"


def entry(after: float, payload: str | bytes, kind: EntryKind = EntryKind.FRAME) -> TapeEntry:
    """Return an entry `after` seconds after `BEGIN`."""
    passed = round(after * 1e9)
    content = payload.encode() if isinstance(payload, str) else payload
    return TapeEntry(kind, BOOTED + passed, nanoseconds(BEGIN) + passed, content)


def link(after: float, phase: LinkPhase, reason: str = "", epoch: int = 1) -> TapeEntry:
    """Return the entry of a connection's step."""
    return entry(after, msgspec.json.encode(LinkStep(phase, reason, epoch=epoch)), EntryKind.LINK)


def trade(code: str, after: float, volume: int, size: int = 1, **changed: str) -> str:
    """Return the frame of a night trade; `volume` is the accumulated volume with this trade."""
    tr_id = "H0MFCNT0" if code.startswith("A") else "H0EUCNT0"
    values = {"accumulated_volume": str(volume), "last_volume": str(size), **changed}
    time = f"{BEGIN + timedelta(seconds=after):%H%M%S}"
    return frame(tr_id, record(tr_id, code, time=time, **values))


def trades(count: int, every: float = 1.0, seed: int = 0) -> Iterator[TapeEntry]:
    """Yield trades of two codes with random prices and sizes."""
    draw, volumes = Random(seed), {OPTION: 100, FUTURE: 5000}
    for number in range(count):
        code, size = draw.choice((OPTION, FUTURE)), draw.randint(1, 20)
        volumes[code] += size
        price = f"{draw.uniform(1, 9):.2f}"
        yield entry(number * every, trade(code, number * every, volumes[code], size, price=price))


def expectations(count: int) -> Iterator[TapeEntry]:
    """Yield expected executions of one option, the shortest of all frames."""
    for number in range(count):
        yield entry(number, f"0|H0EUANC0|001|{OPTION}^175959^1.05^0.05^2^1.20^112")


def write_tape(
    path: Path, entries: Iterable[TapeEntry], *, every: int = 0, header: Header = HEADER
) -> list[int]:
    """Write a tape, with a new segment after every `every` entries (0: as the recorder does).

    Return the size of the file after each entry.
    """
    writer, heads, sizes = TapeWriter(path, header), KeyframeBuilder(), list[int]()
    for number, one in enumerate(entries):
        if writer.is_due(one.monotonic) or (every and number % every == 0):
            writer.begin_segment(heads.pack(), one.monotonic, one.wall)
            writer.flush()
        writer.write(one)
        writer.flush()
        heads.apply(one)
        sizes.append(writer.size)
    writer.close()
    return sizes


def with_end(entries: Iterable[TapeEntry], why: str = "asked") -> Iterator[TapeEntry]:
    """Yield the entries, then the entry that ends a recording."""
    last = None
    for last in entries:
        yield last
    assert last is not None
    yield TapeEntry(EntryKind.END, last.monotonic, last.wall, b'{"why":"%b"}' % why.encode())
