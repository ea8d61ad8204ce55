"""Tapes made for tests: a night's entries of a few codes, written as a recorder writes them."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import msgspec
from sample_frames import frame, record

from app.feed.link_step import LinkStep
from app.feed.phase import Phase
from app.system.clock import KST
from app.tape.entry import Entry, Header, Kind
from app.tape.keyframe import Heads
from app.tape.times import nanoseconds
from app.tape.writer import TapeWriter

HEADER = Header("2026-11-23", "night")
BEGIN = datetime(2026, 11, 20, 18, tzinfo=KST)
BOOTED = 1_000_000_000_000
"""The monotonic time of `BEGIN`, in ns."""

OPTION, FUTURE = "B01612A18", "A01612"


def entry(after: float, payload: str | bytes, kind: Kind = Kind.FRAME) -> Entry:
    """An entry, so many seconds after the beginning."""
    passed = round(after * 1e9)
    content = payload.encode() if isinstance(payload, str) else payload
    return Entry(kind, BOOTED + passed, nanoseconds(BEGIN) + passed, content)


def link(after: float, phase: Phase, reason: str = "", epoch: int = 1) -> Entry:
    """A step of the connection."""
    return entry(after, msgspec.json.encode(LinkStep(phase, reason, epoch=epoch)), Kind.LINK)


def trade(code: str, after: float, volume: int, size: int = 1, **changed: str) -> str:
    """A trade of a night future or option; `volume` with this trade in it."""
    tr_id = "H0MFCNT0" if code.startswith("A") else "H0EUCNT0"
    values = {"accumulated_volume": str(volume), "last_volume": str(size), **changed}
    time = f"{BEGIN + timedelta(seconds=after):%H%M%S}"
    return frame(tr_id, record(tr_id, code, time=time, **values))


def trades(count: int, every: float = 1.0, seed: int = 0) -> Iterator[Entry]:
    """Trades of two codes, whose prices and sizes are drawn."""
    draw, volumes = Random(seed), {OPTION: 100, FUTURE: 5000}
    for number in range(count):
        code, size = draw.choice((OPTION, FUTURE)), draw.randint(1, 20)
        volumes[code] += size
        price = f"{draw.uniform(1, 9):.2f}"
        yield entry(number * every, trade(code, number * every, volumes[code], size, price=price))


def expectations(count: int) -> Iterator[Entry]:
    """Expected executions of one option, the shortest frames there are."""
    for number in range(count):
        yield entry(number, f"0|H0EUANC0|001|{OPTION}^175959^1.05^0.05^2^1.20^112")


def write(
    path: Path, entries: Iterable[Entry], *, every: int = 0, header: Header = HEADER
) -> list[int]:
    """Write a tape, a segment for `every` so many entries, and say its size after each of them."""
    writer, heads, sizes = TapeWriter(path, header), Heads(), list[int]()
    for number, one in enumerate(entries):
        if writer.is_due(one.monotonic) or (every and number % every == 0):
            writer.begin(heads.pack(), one.monotonic, one.wall)
        writer.write(one)
        heads.hear(one)
        sizes.append(writer.size)
    writer.close()
    return sizes


def ended(entries: Iterable[Entry], why: str = "asked") -> Iterator[Entry]:
    """The entries, and that the recording ended after them."""
    last = None
    for last in entries:
        yield last
    assert last is not None
    yield Entry(Kind.END, last.monotonic, last.wall, b'{"why":"%b"}' % why.encode())
