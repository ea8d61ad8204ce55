"""Mutated frames and control messages by the million, through the intake and a pilot.

``PYTHONPATH=tests python -m rig.fuzz [--frames 10000000] [--messages 1000000] [--seed 0]``

Frames of `tests/data/frames.tsv` and generated ones of every TR, with bytes flipped, fields taken
out, put in and doubled, counts changed, and frames spliced.  Nothing may be raised, and a frame
that is refused may change nothing that is shown: every accepted record goes into a shadow copy,
which must be what the outbox holds.
"""

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import perf_counter, thread_time

from harness.sample_frames import frame, record
from rig.figures import Stopwatch, arguments, percentile
from rig.unseen import Unseen
from rig.world import Machine, World

from app.feed.batch import Received
from app.feed.events import DemandChanged, KeyIssued, SocketOpened
from app.feed.receiver import Receiver
from app.feed.registrations import RegistrationKey, RegistrationState
from app.feed.session import LinkSession
from specs.catalog import CATALOG
from specs.record import Record

DATA = Path(__file__).parents[1] / "data"
WIRE = "0123456789.^|-naABCDEFHIKWZeifty+_ \x1b\x00１½\u202e"
CODES = ("B01612A18", "C01612A18", "B01612A31", "A01612", "B11612001", "A11612")
PINGPONG = '{"header":{"tr_id":"PINGPONG","datetime":"20261121031244"}}'
ROWS = (("(null)", ""), ("H0EUCNT0", "B01612A18"), ("H0MFCNT0", "A01612"))
PACE = 0.002
"""Seconds of the virtual clock between two messages."""


def answer(code: str, text: str, tr_id: str, key: str) -> str:
    """An answer of the server to a registration."""
    return (
        f'{{"header":{{"tr_id":"{tr_id}","tr_key":"{key}","encrypt":"N"}},"body":{{"rt_cd":"0",'
        f'"msg_cd":"{code}","msg1":"{text}","output":{{"iv":"0123456789abcdef","key":"x"}}}}}}'
    )


class Shadowed(Unseen):
    """An outbox beside a copy of what it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.puts = 0
        self.shadow: dict[tuple[str, str], str] = {}

    def accept(self, tr_id: str, records: list[Record], at: float) -> None:
        """Keep the records, and what they say."""
        self.puts += 1
        for got in records:
            self.shadow[tr_id, got.code] = repr(got)
        super().accept(tr_id, records, at)

    @property
    def is_true(self) -> bool:
        """Whether it holds what was accepted, and nothing else."""
        held: dict[tuple[str, str], Received] = self._newest
        return {key: repr(heard.record) for key, heard in held.items()} == self.shadow


class Fuzz:
    """One intake and the frames thrown at it."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        world = World(seed)
        self.machine = Machine(world)
        self.pilot = LinkSession(lambda: 0.5)
        self._register()
        self.conflation = Shadowed()
        self.receiver = Receiver(self.pilot, self.conflation, None, self.machine)
        self.taken = self.refused = 0
        self.slowest: list[tuple[float, str]] = [(0.0, "")]
        self.now = self.machine.monotonic()
        lines = (DATA / "frames.tsv").read_text(encoding="utf-8").splitlines()[1:]
        self.frames = [line.split("\t")[2] for line in lines]
        self.frames += [
            frame(tr_id, *[record(tr_id, code)] * count)
            for tr_id in CATALOG
            for code in CODES[:3]
            for count in (1, 1, 2, 4)
        ]
        control = (DATA / "control.tsv").read_text(encoding="utf-8").splitlines()[1:]
        told = [line.split("\t")[:2] for line in control]
        self.messages = [answer(code, text, *key) for code, text in told for key in ROWS]
        self.messages += [PINGPONG] * 20

    def _register(self) -> None:
        keys = [RegistrationKey(tr_id, code) for tr_id in CATALOG for code in CODES][:41]
        self.pilot.request(keys, 0.0, brisk=True)
        for event in (DemandChanged(True), KeyIssued(), SocketOpened()):
            self.pilot.event(event, 0.0)
        for key in keys:
            self.pilot.registrations.next_order(0.0)
            self.pilot.registrations.confirm(key.tr_id, key.code)
        assert all(
            self.pilot.registrations.statuses()[key].state is RegistrationState.ACTIVE
            for key in keys
        )

    def mutated(self, raw: str) -> str:
        """A message with one to three things done to it, and now and then none."""
        draw = self.random
        for _ in range(draw.getrandbits(2)):
            size = len(raw)
            if not size:
                break
            at = int(draw.random() * size)
            match draw.getrandbits(3):
                case 0 | 1:
                    raw = f"{raw[:at]}{WIRE[int(draw.random() * len(WIRE))]}{raw[at + 1 :]}"
                case 2:
                    raw = raw[:at] + raw[at + 1 + draw.getrandbits(3) :]
                case 3:
                    raw = f"{raw[:at]}{chr(draw.getrandbits(16))}{raw[at:]}"
                case 4:
                    raw = self._fields(raw)
                case 5:
                    head = raw.split("|", 3)
                    if len(head) == 4:
                        head[2] = ("000", "002", "003", "1", "9999", "-1", "①")[draw.randrange(7)]
                        raw = "|".join(head)
                case 6:
                    other = self.frames[int(draw.random() * len(self.frames))]
                    raw = raw[:at] + other[int(draw.random() * len(other)) :]
                case _:
                    raw = raw[:at] + raw[max(0, at - 20) :]
        return raw

    def _fields(self, raw: str) -> str:
        draw = self.random
        values = raw.split("^")
        at = int(draw.random() * len(values))
        match draw.getrandbits(2):
            case 0:
                del values[at]
            case 1:
                values.insert(at, ("", "nan", "0", "1e9", "-5", "inf", "9" * 30)[draw.randrange(7)])
            case 2:
                values[at:at] = values[at : at + 3]
            case _:
                values[at] = ("", "nan", "-nan", "+1", "１", "\x1b[2J", " 1 ")[draw.randrange(7)]
        return "^".join(values)

    def take(self, raw: str) -> None:
        """One message in; what is refused must change nothing."""
        self.now += PACE
        puts, refusals = self.conflation.puts, sum(self.receiver._refused.values())
        begun = thread_time()
        said = self.receiver.accept(raw, self.now)
        took = thread_time() - begun
        if took > self.slowest[0][0]:
            self.slowest[0] = (took, raw)
        if sum(self.receiver._refused.values()) > refusals:
            self.refused += 1
            assert self.conflation.puts == puts, raw
            assert said is None, raw
        else:
            self.taken += 1
        if said is not None and not isinstance(said, str):
            self.pilot.answer(said, self.now)

    def run(self, count: int, sources: list[str]) -> float:
        """So many mutated messages; how many a second."""
        begun = perf_counter()
        for number in range(count):
            self.take(self.mutated(sources[int(self.random.random() * len(sources))]))
            if number % 1000 == 0:
                assert self.conflation.is_true, "the screen would show what was refused"
        assert self.conflation.is_true, "the screen would show what was refused"
        return count / (perf_counter() - begun)


def times(run: Fuzz, count: int = 20_000) -> list[float]:
    """Seconds that single frames take, with the collector of garbage at rest."""
    took: list[float] = []
    take: Callable[[object, float], object] = run.receiver.accept
    frames = [run.mutated(run.frames[n % len(run.frames)]) for n in range(count)]
    gc.disable()
    try:
        for raw in frames:
            begun = thread_time()
            take(raw, run.now)
            took.append(thread_time() - begun)
    finally:
        gc.enable()
    return took


def main() -> int:
    """All messages, and the figures."""
    given = arguments(__doc__, frames=10_000_000, messages=1_000_000, seed=0)
    watch, run = Stopwatch(), Fuzz(given.seed)
    speed = run.run(given.frames, run.frames)
    print(
        f"{given.frames} mutated frames, seed {given.seed}: {run.taken} taken, {run.refused} "
        f"refused, 0 exceptions, 0 values changed by a refused frame; {speed:.0f} a second with "
        f"mutation and checks; slowest {run.slowest[0][0] * 1e3:.2f} ms",
        flush=True,
    )
    reasons = sorted(run.receiver._refused.items(), key=lambda item: -item[1])
    print(", ".join(f"{reason} {number}" for reason, number in reasons), flush=True)
    taken, refused = run.taken, run.refused
    speed = run.run(given.messages, run.messages)
    print(
        f"{given.messages} mutated control messages: {run.taken - taken} taken, "
        f"{run.refused - refused} refused, 0 exceptions; {speed:.0f} a second"
    )
    took = times(run)
    print(f"intake alone: {len(took) / sum(took):.0f} frames/s, p99 {percentile(took, 0.99):.6f} s")
    print(watch)
    return 0


if __name__ == "__main__":
    sys.exit(main())
