"""A night of twelve hours with two hundred faults, in seconds: auctions, midnight, and all that.

``PYTHONPATH=tests python -m rig.night [--seeds 10] [--faults 200] [--first 0]``

Whenever the link is settled the two books are compared; at the end, faults over, everything that is
wanted must be registered.  A seed that fails is printed, and kept in `tests/data/seeds.tsv`.  What
a log file would hold at info is measured (session switches and watched codes are not in it: the
client of the rig has a planner of its own).
"""

import logging
import sys
from collections import Counter
from collections.abc import Callable

from rig.figures import Stopwatch, arguments, each, kept_seeds
from rig.kis import Door
from rig.reconnects import CODES, Reconnects
from rig.storms import peak

from app.feed.dial_budget import WINDOWS
from app.feed.registrations import RegistrationState
from app.system.clock import SystemClock
from app.system.event_log import LineFormatter

NIGHT = 12 * 3600.0 + 20 * 60
LAST_FAULT = NIGHT - 3600.0


class Night(Reconnects):
    """One night; it begins at 17:40 and ends at 06:00."""

    def __init__(self, seed: int, faults: int) -> None:
        super().__init__(seed, begin=0.0)
        self.compared = 0
        cutting: tuple[Callable[[], None], ...] = (
            self.dropped, self.gone, self.asked, self.asleep, self.restarted, self.ghost,
            self.new_key, self.told_to_wait, self.slammed, self.lossy, self.no_network, self.hangs,
            self.no_websocket, self.no_key, self.kicked, self.row_fails, self.row_refused,
            self.fewer_slots, self.mute, self.dies,
        )  # fmt: skip
        passing: tuple[Callable[[], None], ...] = (
            self.garbage, self.unknown_answers, self.clock_step, self.users_change,
            self.other_pings, self.no_data, self.flooded,
        )  # fmt: skip
        draw = self.world.random
        for _ in range(faults):
            # KIS would see too many dials, and the budget end the night, if all of them cut.
            kind = draw.choice(cutting if draw.random() < 0.25 else passing)
            self.kinds[kind.__name__] += 1
            self.world.at(draw.uniform(0, LAST_FAULT), kind)
        self._sample_later()

    def _sample_later(self) -> None:
        self.world.after(5.0, self._sample)

    def _sample(self) -> None:
        if self.client.is_settled and self.kis.session is not None and self.is_healthy():
            self.compare_sets()
            self.compared += 1
        self._sample_later()

    def is_healthy(self) -> bool:
        """Whether the client can know what the server holds."""
        wire = self.client.wire
        return wire is self.kis.session and not self.machine.awake_at > self.world.time

    def compare_sets(self) -> None:
        """Both books hold the same rows, and two sockets never were."""
        registrations = self.client.pilot.registrations
        held, targets = set(self.kis.registered), registrations.targets
        standing = {key: place.state for key, place in registrations.statuses().items()}
        # After a lost answer the state is unknown; an active row must be registered.
        lost = [
            key for key in targets if standing[key] is RegistrationState.ACTIVE and key not in held
        ]
        meant = {key for key in targets if standing[key] is not RegistrationState.NONE}
        assert not lost, f"{len(lost)} of {len(targets)} lost"
        assert held <= meant, f"{len(held - meant)} orphans"
        assert not self.kis.overlaps, "two sockets"

    def _for(self, low: float, high: float, end: Callable[[], None]) -> None:
        self.world.after(self.world.between(low, high), end)

    def _door(self, door: Door, low: float, high: float) -> None:
        self.kis.door = door
        self.dropped()
        self._for(low, high, self._opens)

    def asleep(self) -> None:
        self.gone()
        self.machine.sleep(self.world.between(6, 1200))

    def mute(self) -> None:
        self.kis.mute = True
        self._for(10, 150, lambda: setattr(self.kis, "mute", False))

    def lossy(self) -> None:
        self.kis.ack_loss = self.world.between(0.05, 0.7)
        self.dropped()
        self._for(20, 300, lambda: setattr(self.kis, "ack_loss", 0.0))

    def no_network(self) -> None:
        self._door(Door.NO_DNS, 10, 120)

    def hangs(self) -> None:
        self._door(Door.HANG, 10, 60)

    def no_websocket(self) -> None:
        self._door(Door.HTTP, 1, 60)

    def no_key(self) -> None:
        self.kis.approval = ["500", "EGW00133"][: self.world.random.randint(1, 2)]
        self.new_key()

    def kicked(self) -> None:
        self.kis.stranger_until = self.world.time + self.world.between(10, 300)
        self.kis.kick()

    def row_fails(self) -> None:
        for key in self.kis.registered[:3]:
            self.kis.codes[key] = ["OPSP0007"] * self.world.random.randint(1, 4)
        self.dropped()

    def row_refused(self) -> None:
        for key, code in zip(self.kis.registered[:2], ("OPSP8992", "OPSP7777"), strict=False):
            self.kis.codes[key] = [code]
        self.dropped()

    def fewer_slots(self) -> None:
        self.kis.limit = self.world.random.randint(1, 40)
        self.dropped()
        self._for(60, 600, lambda: setattr(self.kis, "limit", 41))

    def garbage(self) -> None:
        for text in ("", "{", "<html>", "0|H0EUCNT0|001|x", "[" * 5000, "\x00", '{"header":1}'):
            for wire in self.kis.wires:
                wire.to_client(text)

    def unknown_answers(self) -> None:
        for wire in self.kis.wires:
            self.kis.send_answer(wire, "H0EUCNT0", "B01612B18", "OPSP7777", lossy=False)
            self.kis.send_answer(wire, "(null)", "", "OPSP7777", lossy=False)
            self.kis.send_answer(wire, "H0EUCNT0", "C01612999", "OPSP0000", lossy=False)

    def clock_step(self) -> None:
        off = self.world.random.choice((-600.0, 600.0, 3600.0, -3600.0))
        self.machine.step_wall(off)
        self._for(1, 120, lambda: self.machine.step_wall(-off))

    def users_change(self) -> None:
        for _ in range(self.world.random.randint(1, 20)):
            self._for(0, 10, lambda: self.client.watch(self._some_codes()))

    def other_pings(self) -> None:
        self.kis.ping_every = self.world.random.choice((10.0, 30.0, 60.0, 100.0))

    def no_data(self) -> None:
        self.kis.data_every = 0.0

    def flooded(self) -> None:
        for wire in self.kis.wires:
            for number in range(100):
                raw = f'{{"header":{{"tr_id":"PINGPONG","datetime":"202611210000{number}"}}}}'
                wire.unanswered_pings.append(raw)
                wire.to_client(raw)

    def dies(self) -> None:
        self.client.crash()
        self.client = self._start(tuple(self.client.kept))


class LogMeter(logging.Handler):
    """Counts what a log file would hold, by event."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.bytes = 0
        self.events: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """Count one line."""
        self.bytes += len(self.format(record).encode()) + 1
        self.events[record.getMessage()] += 1


def history(seed: int, faults: int = 200) -> Night:
    """One night, and its end."""
    night = Night(seed, faults)
    night.world.run(LAST_FAULT)
    night.client.watch(CODES[:30])
    night.world.run(600.0)
    for _ in range(6):
        if night.client.pilot.registrations.is_complete and night.client.is_settled:
            break
        # A retry every quarter of an hour answers everything the user is asked for.
        night.client.retry()
        night.world.run(900.0)
    assert night.client.is_settled, (
        f"at the end {night.client.phase}, {night.client.pilot.connection.reason}"
    )
    night.compare_sets()
    assert len(night.kis.registered) == 30, f"{len(night.kis.registered)} of 30 at the end"
    for seconds, most in WINDOWS:
        assert peak(night.kis.dials, seconds) <= most, f"more than {most} dials in {seconds} s"
    night.world.run_until(lambda: night.world.time >= NIGHT, NIGHT)
    assert not night.kis.wrong_echoes, "an echo of what was not sent"
    return night


def main() -> int:
    """All seeds, and the figures."""
    given = arguments(__doc__, seeds=10, faults=200, first=0)
    watch, figures = Stopwatch(), [0, 0, 0, 0, 0]
    sizes: list[int] = []
    events: Counter[str] = Counter()
    logger = logging.getLogger("app")
    logger.setLevel(logging.INFO)

    def one(seed: int) -> None:
        meter = LogMeter()
        meter.setFormatter(LineFormatter(SystemClock()))
        logger.addHandler(meter)
        try:
            night = history(seed, given.faults)
        finally:
            logger.removeHandler(meter)
        sizes.append(meter.bytes)
        events.update(meter.events)
        kis = night.kis
        found = (len(kis.dials), kis.opened, night.compared, kis.pings, night.world.happened)
        for at, figure in enumerate(found):
            figures[at] += figure

    seeds = sorted({*range(given.first, given.first + given.seeds), *kept_seeds("night")})
    failed = each("night", seeds, one)
    dials, opened, compared, pings, happened = figures
    print(f"{len(seeds)} nights of 12 h with {given.faults} faults, {failed} failed; {watch}")
    print(
        f"{dials} dials, {opened} sessions, {compared} comparisons of both books, "
        f"{pings} PINGPONG, {happened} events"
    )
    per_night = sorted(sizes)
    print(
        f"log at info: median {per_night[len(sizes) // 2] / 1024:.0f} KB a night, most "
        f"{per_night[-1] / 1024:.0f} KB; lines: "
        + ", ".join(f"{name} {count}" for name, count in events.most_common(8))
    )
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
