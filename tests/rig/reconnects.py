"""Forced reconnects: after each of them the server holds what is wanted, each once, in order.

``PYTHONPATH=tests python -m rig.reconnects [--seeds 1000] [--cuts 10] [--first 0]``

Each seed is one history: a list of codes shorter or longer than the limit, cuts of every kind at
drawn moments (in the middle of a restore too), a list that changes meanwhile, programs that die and
start again with the dial budget they left.  A seed that fails is printed, and kept in
`tests/data/seeds.tsv`.
"""

import sys
from collections import Counter
from collections.abc import Callable
from math import inf

from rig.client import Client
from rig.figures import Stopwatch, arguments, each, kept_seeds, spread
from rig.kis import Door, Kis
from rig.world import Machine, World

from app.feed.connection import LinkPhase
from app.feed.registrations import RegistrationKey, RegistrationState

LONGEST = 4 * 3600.0
CODES = tuple(f"{kind}01612A{number:02d}" for kind in "BC" for number in range(40))


class Reconnects:
    """One history, and what came of it."""

    def __init__(self, seed: int, begin: float | None = None) -> None:
        self.world = World(seed)
        self.world.time = self.world.between(0, 2 * 3600) if begin is None else begin
        self.machine = Machine(self.world)
        self.kis = Kis(self.world)
        self.kis.ping_every = self.world.random.choice((10.0, 30.0, 60.0, 100.0))
        self.kis.data_every = self.world.random.choice((0.0, 1.0, 20.0))
        self.changed_at = 0.0
        self.opened = 0
        self.lags: list[float] = []
        self.kinds: Counter[str] = Counter()
        self.client = self._start(())

    def _start(self, kept: tuple[float, ...]) -> Client:
        codes = self._some_codes()
        client = Client(self.world, self.kis, codes, machine=self.machine, kept=kept)
        client.on_phase = self._users_patience
        return client

    def _some_codes(self) -> list[str]:
        self.changed_at = self.world.time
        return self.world.random.sample(CODES, self.world.random.randint(1, 60))

    def _users_patience(self, phase: LinkPhase) -> None:
        client = self.client
        if phase is LinkPhase.OCCUPIED and client.pilot.connection.next_at == inf:
            self.world.after(90.0, client.retry)

    def settle(self) -> None:
        """Let time pass until everything is registered, and compare both books."""
        begun = self.world.time
        done = self.world.run_until(self._is_restored, LONGEST)
        assert done, f"not restored: {self.client.pilot.connection}"
        self.lags.append(self.world.time - begun)
        self.compare()

    def _is_restored(self) -> bool:
        return (
            self.kis.opened > self.opened
            and self.kis.session is not None
            and self.client.is_settled
        )

    def compare(self) -> None:
        """Check that the server's registrations are the ledger's."""
        client, held = self.client, self.kis.registered
        registrations = client.pilot.registrations
        # A row that waits for its next try is meant to be registered, and is not.
        places = registrations.statuses()
        targets = [
            key for key in registrations.targets if places[key].state is not RegistrationState.NONE
        ]
        lost, orphans = set(targets) - set(held), set(held) - set(targets)
        assert not lost, f"{len(lost)} lost of {len(targets)}"
        assert not orphans, f"{len(orphans)} orphans"
        connection = client.pilot.connection
        opened = self.world.time - (client.now - connection.opened_at)
        if self.changed_at < opened and not self._turned_since(opened):
            assert held == targets, "another order"
        assert self.again() == 0, "registered twice"
        assert not self.kis.overlaps, "two sockets"

    def _turned_since(self, opened: float) -> bool:
        """Whether session or auction turned since, which changes the list."""
        turns = (8 * 60.0, 20 * 60.0)
        return any(opened - 2 <= turn <= self.world.time for turn in turns)

    def again(self) -> int:
        """Registrations in the session of what it held already."""
        held: set[RegistrationKey] = set()
        twice = 0
        for _, wire, key, register in self.kis.sent:
            if wire is self.kis.session and register:
                twice += key in held
                held.add(key)
            elif wire is self.kis.session:
                held.discard(key)
        return twice

    def cut(self) -> None:
        """End the session in one of many ways, now or in the middle of what is under way."""
        kinds = (
            self.dropped, self.gone, self.asked, self.suspended, self.restarted, self.died,
            self.ghost, self.new_key, self.told_to_wait, self.slammed, self.cut_again,
        )  # fmt: skip
        kind: Callable[[], None] = self.world.random.choice(kinds)
        self.kinds[kind.__name__] += 1
        self.opened = self.kis.opened
        if self.world.random.random() < 0.3:
            self.client.watch(self._some_codes())
            self.world.run(self.world.between(0, 1))
        kind()
        if self.world.random.random() < 0.3:
            self.world.run(self.world.between(0, 3))
            self.client.watch(self._some_codes())

    def dropped(self) -> None:
        self.kis.drop_all(self.world.random.choice(("1000", "1001", "1006", "reset")))

    def gone(self) -> None:
        for wire in self.kis.wires:
            self.kis.go_dead(wire)

    def asked(self) -> None:
        self.client.retry()

    def suspended(self) -> None:
        self.gone()
        self.machine.sleep(self.world.between(6, 7200))

    def restarted(self) -> None:
        self.kis.door = Door.REFUSED
        self.dropped()
        self.world.after(self.world.between(1, 180), self._opens)

    def _opens(self) -> None:
        self.kis.door = Door.OPEN

    def died(self) -> None:
        self.client.crash()
        kept = tuple(self.client.kept)
        self.world.run(self.world.between(0, 5))
        self.client = self._start(kept)

    def ghost(self) -> None:
        self.kis.hold = self.world.between(5, 120)
        self.dropped()
        self.kis.hold = 0.0

    def new_key(self) -> None:
        self.kis.invalidate_key()
        self.dropped()

    def told_to_wait(self) -> None:
        for wire in self.kis.wires:
            self.kis.send_answer(wire, "(null)", "", "OPSP9993", lossy=False)

    def slammed(self) -> None:
        self.kis.door = Door.SLAM
        self.kis.slam_after = self.world.between(0.0, 4.0)
        self.dropped()
        self.world.after(self.world.between(1, 60), self._opens)

    def cut_again(self) -> None:
        """Cut, and cut once more in the middle of the restore."""
        self.dropped()
        client = self.client
        self.world.run_until(lambda: client.phase is LinkPhase.RESTORE, LONGEST)
        self.world.run(self.world.between(0, 3))
        self.dropped()


def history(seed: int, cuts: int = 10) -> Reconnects:
    """One seed's reconnects."""
    run = Reconnects(seed)
    run.world.run_until(lambda: run.client.is_settled, LONGEST)
    run.compare()
    for _ in range(cuts):
        run.world.run(run.world.between(0, 90))
        run.cut()
        run.settle()
    return run


def main() -> int:
    """All seeds, and the figures."""
    given = arguments(__doc__, seeds=1000, cuts=10, first=0)
    watch, lags, kinds = Stopwatch(), list[float](), Counter[str]()

    def one(seed: int) -> None:
        run = history(seed, given.cuts)
        lags.extend(run.lags)
        kinds.update(run.kinds)

    seeds = sorted({*range(given.first, given.first + given.seeds), *kept_seeds("reconnects")})
    failed = each("reconnects", seeds, one)
    print(f"{len(lags)} forced reconnects over {len(seeds)} seeds, {failed} seeds failed; {watch}")
    print(f"cut to all registered, budget waits and outages included: {spread(lags)}")
    print(", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items())))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
