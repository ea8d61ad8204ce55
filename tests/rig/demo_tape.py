"""Makes the tape that is built in: a simulated night, recorded by the real feed.

    PYTHONPATH=tests .venv/bin/python -m rig.demo_tape [FILE]

An auction and an hour of trading with one outage, in virtual time: two minutes of real time.  The
tape is packed once more at the end, tighter than a recorder can that loses nothing when it dies.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import zstandard

from app.cli.demo_options import DEMO_DAY
from app.feed import feed_loop
from app.feed.batch import Batch
from app.feed.demand import WatchRequest, rank_registrations, turn_at
from app.feed.feed import Feed, FeedSettings
from app.feed.missed_trades import MissedTrades
from app.feed.phase import OPEN
from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.simulator.master_files import master_files
from app.simulator.thread import SimulatorThread
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import KST, ManualClock
from app.system.secret import Secret
from app.tape.destination import TapeDestination
from app.tape.entry import WINDOW_LOG, EntryKind, TapeEntry, pack, pack_header, pack_segment
from app.tape.keyframe import KeyframeBuilder
from app.tape.library import SUFFIX
from app.tape.reader import Tape
from app.tape.recorder import Recorder
from specs.catalog import CATALOG, Channel, Session
from specs.frame import decode

BEGIN, END = (17, 49, 20), (19, 0, 0)
OUTAGE = (18, 37, 20)
OUT_FOR = timedelta(seconds=48)
STEP = timedelta(seconds=0.25)
PING_EVERY = timedelta(seconds=10)
PATIENCE = 30.0
LEVEL = 19
BOOK_EVERY = 300_000_000_000
"""Nanoseconds between two books of a code that are kept: they are most of what is recorded."""
SPAN = 1_200_000_000_000
"""Nanoseconds of a segment: each begins with a keyframe, and packs anew what it has in common."""

_BOOKS = frozenset(e.tr_id.encode() for e in CATALOG.values() if e.channel is Channel.BOOK)


def moment(hour: int, minute: int, second: int) -> datetime:
    """A moment of the evening."""
    return datetime(DEMO_DAY.year, DEMO_DAY.month, DEMO_DAY.day, hour, minute, second, tzinfo=KST)


CODES = ("A01612", "B01612A34", "B01612A55", "C01612A12")
"""The front future, which is half of the tape, and what a smile needs: the money and strikes on
either side of it, down to a quarter of delta."""


def names(codes: Iterable[str]) -> dict[str, str]:
    """Return the names in the simulated master."""
    return Contracts(Master.from_files(master_files(DEMO_DAY))).names(codes)


class Night:
    """A feed over a simulator, both on one clock that is moved by hand."""

    def __init__(self, path: Path) -> None:
        self.clock = ManualClock(moment(*BEGIN))
        self.thread = SimulatorThread(
            session=Session.NIGHT, start=self.clock.now(), clock=self.clock
        )
        self.thread.start()
        self.port = int(self.thread.ws_url.rpartition(":")[2])
        codes = CODES
        self.request = WatchRequest(codes, codes[0], frozenset(codes))
        recorder = Recorder(TapeDestination(path.parent, path, demo=True), self.clock)
        key = Credentials(Secret("demo"), Secret("demo"), "demo")
        endpoints = Endpoints(rest=self.thread.rest_url, ws=self.thread.ws_url)
        self.feed = Feed(
            FeedSettings(endpoints, key, beat=0.005, pause=0.0, recorder=recorder),
            self.clock,
            self._take,
        )
        self.feed._link_session._draw = lambda: 0.5
        self.batch: Batch | None = None
        self._run = threading.Thread(target=lambda: feed_loop.run(self.feed.run()), daemon=True)
        self._run.start()
        self.feed.name(names(codes))
        self.feed.record(True)
        self.feed.watch(self.request)

    def _take(self, batch: Batch) -> None:
        self.batch = batch
        self.feed.acknowledge_batch()

    def end(self) -> None:
        """Close the tape in order."""
        self.feed.stop()
        self._run.join(PATIENCE)
        self.thread.stop()

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so."""
        patience = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > patience:
                raise TimeoutError
            time.sleep(0.0005)

    def register(self) -> None:
        """Move time on, a little for each, until all that is wanted is registered."""
        while True:
            session, auction = turn_at(self.clock.now())
            found = rank_registrations(self.request, session, auction=auction).registrations
            wanted = frozenset((want.key.tr_id, want.key.code) for want in found)
            before = self.thread.simulator.registrations
            if before == wanted:
                return
            self.clock.move_to(self.clock.now() + timedelta(seconds=0.31))
            self.feed.watch(self.request)
            patience = time.monotonic() + 0.2
            while self.thread.simulator.registrations == before and time.monotonic() < patience:
                time.sleep(0.0005)

    def go(self, until: datetime) -> None:
        """Let the market go on, each record at its time; PINGPONG every ten seconds."""
        ping = self.clock.now() + PING_EVERY
        turn = turn_at(self.clock.now())
        while self.clock.now() < until:
            self.thread.step_to(min(until, self.clock.now() + STEP))
            self._heard()
            if self.clock.now() >= ping:
                self.thread.barrier()
                ping += PING_EVERY
            if turn_at(self.clock.now()) != turn:
                turn = turn_at(self.clock.now())
                self.register()

    def _heard(self) -> None:
        sent = self.thread.simulator.frames_sent
        self.until(lambda: self.feed._receiver.counters().frames >= sent)

    def outage(self) -> None:
        """The line is cut and stays so for a while; the feed dials until it is back."""
        back = self.clock.now() + OUT_FOR
        before = self.thread.simulator.frames_sent
        self.thread.stop()
        while self.clock.now() < back:
            self.clock.move_to(self.clock.now() + timedelta(seconds=1))
            self.feed.watch(self.request)
            time.sleep(0.05)
        self.thread = SimulatorThread(session=Session.NIGHT, start=moment(*BEGIN), clock=self.clock)
        self.thread.start(self.port)
        self.thread.simulator.frames_sent = before
        while self.feed._link_session.connection.phase not in OPEN:
            self.clock.move_to(self.clock.now() + timedelta(seconds=1))
            self.feed.watch(self.request)
            time.sleep(0.05)
        self.register()


def thinned(entries: Iterable[TapeEntry]) -> Iterator[TapeEntry]:
    """What was recorded, but of each order book one in so many seconds."""
    last: dict[bytes, int] = {}
    for entry in entries:
        if entry.kind == EntryKind.KEYFRAME:
            continue
        key = entry.payload.partition(b"^")[0]
        if entry.kind == EntryKind.FRAME and key[2:10] in _BOOKS:
            if entry.monotonic - last.get(key, -BOOK_EVERY) < BOOK_EVERY:
                continue
            last[key] = entry.monotonic
        yield entry


def pack_tight(source: Path, target: Path, names: dict[str, str]) -> None:
    """The same tape with fewer books, every segment in one block as tight as can be."""
    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL, window_log=WINDOW_LOG, write_checksum=True
    )
    heads, volumes = KeyframeBuilder(), MissedTrades()
    heads.name(names)
    segment: list[TapeEntry] = []
    number = 0
    with Tape(source) as tape, target.open("wb") as file:
        file.write(pack_header(tape.header))

        def end_segment() -> None:
            nonlocal number
            if segment:
                head = pack_segment(number, segment[0].monotonic, segment[0].wall)
                content = b"".join(pack(entry) for entry in segment)
                packer = zstandard.ZstdCompressor(compression_params=parameters)
                file.write(head + packer.compress(content))
                number += len(segment)
                segment.clear()

        for entry in thinned(tape.entries()):
            heads.miss(volumes.missed)
            if not segment or entry.monotonic - segment[0].monotonic > SPAN:
                end_segment()
                segment.append(
                    TapeEntry(EntryKind.KEYFRAME, entry.monotonic, entry.wall, heads.pack())
                )
            segment.append(entry)
            heads.apply(entry)
            if entry.payload.startswith(b"0|"):
                frame = decode(entry.payload.decode())
                volumes.apply(frame.tr_id, frame.records)
        end_segment()


def main() -> None:
    """Record the night and pack it."""
    named = Path("app/tape/demo" + SUFFIX)
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else named
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "night.ktape"
        night = Night(path)
        night.register()
        night.go(moment(*OUTAGE))
        night.outage()
        night.go(moment(*END))
        night.end()
        pack_tight(path, target, names(CODES))
        with Tape(target) as tape:
            count = sum(1 for _ in tape.entries())
        recorded = f"{path.stat().st_size:,}"
        print(f"{target}: {target.stat().st_size:,} bytes, {count:,} entries, {recorded} recorded")


if __name__ == "__main__":
    main()
