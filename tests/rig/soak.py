"""Twelve hours at 500 frames a second: intake, outbox, book; memory, threads and files stand still.

``PYTHONPATH=tests python -m rig.soak [--hours 12] [--rate 500]``

The frames differ from one another as in a market: prices walk, volumes grow, several records come
in a frame, some are refused, the session is cut each half hour.  Time is virtual; memory, threads,
tasks and descriptors are the process' own.
"""

import asyncio
import gc
import os
import sys
import threading
from pathlib import Path
from random import Random

from harness.sample_frames import frame, record
from rig.figures import Stopwatch, arguments, resident
from rig.unseen import Unseen
from rig.world import Machine, World

from app.feed.batch import Batch, LinkState, Received
from app.feed.connection import LinkPhase
from app.feed.events import KeyIssued, SocketClosed, SocketOpened, TimePassed
from app.feed.receiver import Receiver
from app.feed.registrations import RegistrationKey
from app.feed.session import LinkSession
from app.market.book import Book
from specs.catalog import CATALOG, Channel
from specs.control import Ack
from specs.market.instrument import Instrument

OPTIONS = [RegistrationKey("H0EUCNT0", f"B01612A{number:02d}") for number in range(38)]
KEYS = [
    *OPTIONS,
    RegistrationKey("H0MFCNT0", "A01612"),
    RegistrationKey("H0MFCNT0", "A05610"),
    RegistrationKey("H0EUANC0", "B01612A00"),
]
WARM_UP = 1800
CUT_EVERY = 1800
MIB = 1024 * 1024


def templates(key: RegistrationKey) -> tuple[str, str]:
    """A frame of one record and one of two, each with room for a price and a volume."""
    price, volume = "price", "accumulated_volume"
    if CATALOG[key.tr_id].channel is Channel.EXPECTED:
        price, volume = "expected_price", "expected_volume"
    values = record(key.tr_id, key.code, **{price: "%.2f", volume: "%d"})
    return frame(key.tr_id, values), frame(key.tr_id, values, values)


class Soak:
    """The way of a frame from the socket to the rows, second by second."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.random = Random(7)
        self.world = World(7)
        self.machine = Machine(self.world)
        self.pilot = LinkSession(self.random.random)
        self.conflation = Beats(self)
        self.receiver = Receiver(self.pilot, self.conflation, None, self.machine)
        self.book = Book(Instrument)
        self.book.watch(dict.fromkeys(key.code for key in KEYS))
        self.frames = self.painted = 0
        self.prices = dict.fromkeys(KEYS, 100.0)
        self.volumes = dict.fromkeys(KEYS, 0)
        self.templates = {key: templates(key) for key in KEYS}
        self.pilot.request(KEYS, self.machine.monotonic(), brisk=True)

    def connect(self) -> None:
        """A new session with everything registered."""
        now = self.machine.monotonic()
        while not self.pilot.connection.is_open:
            self.pilot.poll(TimePassed(now, now), now)
            self.pilot.event(KeyIssued(), now)
            self.pilot.event(SocketOpened(), now)
            now += 60.0
        for _ in range(500):
            self.pilot.poll(TimePassed(now, now), now)
            for key in KEYS:
                if self.pilot.registrations.statuses()[key].state == "sent":
                    self.pilot.answer(Ack(key.tr_id, key.code, "OPSP0000", ""), now)
            now += 0.1
        self.receiver.reset()

    def second(self, number: int) -> None:
        """One second of the market."""
        if number % CUT_EVERY == 0:
            self.pilot.event(SocketClosed("1006"), self.machine.monotonic())
            self.connect()
        for at in range(self.rate):
            self.world.time = number + at / self.rate
            if at % 50 == 0:
                self.conflation.ring()
            self.take(self._frame())
        now = self.machine.monotonic()
        self.pilot.poll(TimePassed(self.receiver.last_message, self.receiver.last_data), now)

    def take(self, raw: str) -> None:
        self.frames += 1
        self.receiver.accept(raw, self.machine.monotonic())

    def _frame(self) -> str:
        draw = self.random.random()
        if draw < 0.001:
            return "0|H0EUCNT0|001|" + chr(self.random.getrandbits(16)) * 30
        if draw < 0.002:
            moment = f"20261120{self.frames % 10**6:06d}"
            return f'{{"header":{{"tr_id":"PINGPONG","datetime":"{moment}"}}}}'
        key = KEYS[int(draw * len(KEYS))]
        self.prices[key] = max(0.05, self.prices[key] + self.random.choice((-0.05, 0.0, 0.05)))
        self.volumes[key] += 1
        changed = (self.prices[key], self.volumes[key])
        return self.templates[key][draw > 0.9] % (changed if draw <= 0.9 else changed * 2)

    def hand_over(self, heard: tuple[Received, ...]) -> None:
        """A beat: the screen's half takes it."""
        state, registrations = self.pilot.connection, self.pilot.registrations
        link = LinkState(
            LinkPhase.LIVE,
            used=registrations.used,
            limit=registrations.limit,
            failures=state.failures,
        )
        batch = Batch(heard, link, self.receiver.counters(), registrations.statuses(), (), {})
        self.painted += len(self.book.apply(batch))


class Beats(Unseen):
    """An outbox that is rung by hand, ten times a second."""

    def __init__(self, soak: Soak) -> None:
        super().__init__()
        self._soak = soak

    def ring(self) -> None:
        """Hand over what has gathered."""
        newest, self._newest = self._newest, {}
        self._soak.hand_over(tuple(newest.values()))


def state() -> tuple[int, int, int]:
    """Threads, tasks, descriptors."""
    fds = Path("/proc/self/fd")
    return (
        threading.active_count(),
        len(asyncio.all_tasks()),
        len(os.listdir(fds)) if fds.exists() else 0,
    )


async def soak(
    hours: float, rate: int, *, warm_up: int = WARM_UP
) -> tuple[Soak, list[float], bool]:
    """The run, its memory in MiB above that after the warm-up, and whether the rest stood still."""
    run = Soak(rate)
    run.connect()
    grown: list[float] = []
    begun, at_first = 0, (0, 0, 0)
    still = True
    for number in range(1, int(hours * 3600) + 1):
        run.second(number)
        if number == warm_up:
            gc.collect()
            begun, at_first = resident(), state()
        elif number > warm_up and number % 600 == 0:
            gc.collect()
            grown.append((resident() - begun) / MIB)
            still = still and state() == at_first
    return run, grown, still


def main() -> int:
    """The figures; whether memory grew by 5 MiB or more."""
    given = arguments(__doc__, hours=12, rate=500)
    watch = Stopwatch()
    run, grown, still = asyncio.run(soak(given.hours, given.rate))
    print(
        f"{given.hours} h at {given.rate} frames/s: {run.frames} frames, {run.painted} rows "
        f"changed; memory {grown[-1]:+.2f} MiB after warm-up, {max(grown):+.2f} at most; threads, "
        f"tasks, descriptors {'constant' if still else 'CHANGED'}; {watch}"
    )
    return max(grown) >= 5 or not still


if __name__ == "__main__":
    sys.exit(main())
