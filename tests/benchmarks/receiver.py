"""The real feed in a process of its own, from the socket to beats that are taken.

``python -m benchmarks.receiver PORT FRAMES RATE LOOP WHAT CODE…`` prints one JSON object: seconds
and CPU seconds from the first frame to the last, frames counted, and at every beat how late the
newest frame is against its schedule (RATE), in seconds over the earliest of all.  WHAT is ``feed``,
``tape`` for the feed and a recorder (its tape is read afterwards: `taped` data frames), or
``socket`` for the feed's websocket alone, whose messages are counted and dropped.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.blaster import TR_ID

from app.feed.batch import Batch
from app.feed.demand import WatchRequest
from app.feed.feed import Feed
from app.feed.feed_loop import runner
from app.feed.feed_settings import FeedSettings
from app.feed.socket import client, dial
from app.krx.calendar import Schedule
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import SystemClock
from app.system.secret import Secret
from app.tape.destination import TapeDestination
from app.tape.entry import EntryKind
from app.tape.reader import Tape
from app.tape.recorder import Recorder
from specs import control
from specs.catalog import Channel, Session
from specs.record import Record


class Drain:
    """Reads the feed's websocket and does nothing with it."""

    def __init__(self, port: int, count: int, codes: list[str]) -> None:
        self._port, self._count, self._codes = port, count, codes
        self._seconds = self._cpu = 0.0

    async def run(self) -> None:
        async with client() as http:
            socket = await dial(http, f"ws://127.0.0.1:{self._port}")
            for code in self._codes:
                await socket.send_str(control.request("0" * 36, TR_ID, code, register=True))
            left = self._count + len(self._codes)
            async for _ in socket:
                left -= 1
                if left == self._count - 1:
                    began, cpu_began = time.monotonic(), time.process_time()
                elif not left:
                    break
            self._seconds = time.monotonic() - began
            self._cpu = time.process_time() - cpu_began
            await socket.close()

    def report(self) -> dict[str, object]:
        return {"seconds": self._seconds, "cpu": self._cpu, "frames": self._count, "late": []}


class Receiver:
    """Takes every beat and notes when frames came."""

    def __init__(
        self,
        port: int,
        count: int,
        rate: float,
        codes: list[str],
        recorder: Recorder | None = None,
    ) -> None:
        endpoints = Endpoints(f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}")
        credentials = Credentials(Secret("k" * 36), Secret("s" * 180), "benchmark")
        settings = FeedSettings(
            endpoints,
            credentials,
            schedule=Schedule(Session.NIGHT),
            channels=frozenset((Channel.TRADE,)),
            recorder=recorder,
        )
        self.feed = Feed(settings, SystemClock(), self._deliver, self._tap)
        self.feed.watch(WatchRequest(tuple(codes)))
        self._count, self._rate = count, rate
        self._taken = 0
        self._began = self._ended = self._cpu_began = self._cpu_ended = 0.0
        self._late: list[float] = []
        self._counted = 0

    def _tap(self, tr_id: str, records: list[Record], at: float) -> None:
        self._taken += 1
        self._ended = at
        if self._taken == 1:
            self._began, self._cpu_began = at, time.process_time()
        elif self._taken == self._count:
            self._cpu_ended = time.process_time()

    def _deliver(self, batch: Batch) -> None:
        if self._taken and self._rate and self._taken < self._count:
            self._late.append(self._ended - self._taken / self._rate)
        self._counted = batch.counters.frames
        if self._counted >= self._count:
            self.feed.stop()
        self.feed.acknowledge_batch()

    def report(self) -> dict[str, object]:
        earliest = min(self._late, default=0.0)
        return {
            "seconds": self._ended - self._began,
            "cpu": self._cpu_ended - self._cpu_began,
            "frames": self._counted,
            "late": [moment - earliest for moment in self._late],
        }


def taped(folder: Path) -> int:
    """The data frames that are in the one tape of a folder."""
    [path] = folder.iterdir()
    with Tape(path) as tape:
        return sum(e.kind == EntryKind.FRAME and e.payload[:1] == b"0" for e in tape.entries())


def main(port: str, count: str, rate: str, loop: str, what: str, *codes: str) -> None:
    receiver: Receiver | Drain
    more: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder, runner(loop) as ours:
        place = Path(folder) / "tapes"
        recorder = (
            Recorder(TapeDestination(place, is_generated=True), SystemClock())
            if what == "tape"
            else None
        )
        if what == "socket":
            receiver = Drain(int(port), int(count), list(codes))
            running = receiver.run()
        else:
            receiver = Receiver(int(port), int(count), float(rate), list(codes), recorder)
            running = receiver.feed.run()
        if recorder is not None:
            recorder.start(strict=True)
        ours.run(running)
        if recorder is not None:
            more = {"dropped": recorder.recording.dropped, "taped": taped(place)}
    print(json.dumps({**receiver.report(), **more}))


if __name__ == "__main__":
    main(*sys.argv[1:])
