"""The connection against a modelled server, driven by rules: user, server, network, clock.

Held after every step; by number, and where:

1  one socket at most, a dial only once the last is closed: `Client.perform`, `WatchedPilot`, and
   the server's count of overlaps
2  slots in use never above the limit: `WatchedPilot`, after each step
3  at rest the server holds what the ledger means it to hold: `both_books_agree`, `teardown`
4  dials within the budget, restarts included: `WatchedPilot`, and the server's own count
5  the failures fall only after a minute of acknowledged life with messages: `WatchedPilot`
6  no dial while off, refused for good, stopped or kicked out: `WatchedPilot`
7  keys a minute apart, one new key for a refused one: `WatchedPilot`
8  what is unknown changes nothing: `WatchedPilot.answer`, `rubbish`
9  a stop ends everything within three seconds: `WatchedPilot`, `teardown`
10 control frames are no sign of life: they reach nobody here, and 12 holds all the same
11 a clock that is set closes nothing and shortens no wait: `clock_is_set`
12 whoever looks live was heard of within the hard silence: `WatchedPilot.poll`
13 a PINGPONG is sent back once, on its own socket: `echoes_are_owed`
14 no effect for a socket that is gone: `WatchedPilot`
15 a reason, and a time where there is one, for every state: `WatchedPilot`

By hand and longer: ``PYTHONPATH=tests python tests/app/feed/test_model.py --long``, 50,000 steps.
"""

import sys
from math import inf

import hypothesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from rig.client import Client
from rig.kis import Door, Kis
from rig.storms import within_budget
from rig.watched import TIMED, hold
from rig.world import Machine, World

from app.feed.connection import LinkPhase
from app.feed.registrations import RegistrationState

CODES = tuple(f"{kind}01612A{number:02d}" for kind in "BC" for number in range(26))
LATE_CODES = ("OPSP0007", "OPSP0009", "OPSP8992", "OPSP0008", "OPSP9990", "OPSP4711")
KEY_ERRORS = ("500", "EGW00133", "EGW00103", "certificate")
SESSION_CODES = ("OPSP9993", "OPSP9995", "OPSP8996", "OPSP0011", "OPSP9994", "OPSP7777")


class Connections(RuleBasedStateMachine):
    """A client, a server, and everything that can happen to either."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(0)
        self.world.time = 2 * 3600.0
        self.machine = Machine(self.world)
        self.kis = Kis(self.world)
        self.client = Client(self.world, self.kis, CODES[:3], machine=self.machine)

    # --- the user

    @rule(first=st.integers(0, 51), count=st.integers(0, 50))
    def watches(self, first: int, count: int) -> None:
        self.client.watch(CODES[first : first + count])

    @rule()
    def asks_to_try_now(self) -> None:
        self.client.retry()

    @rule()
    def starts_anew(self) -> None:
        kept = self.client.kept
        self.client.crash()
        self.client = Client(self.world, self.kis, CODES[:5], machine=self.machine, kept=kept)

    # --- the server

    @rule(door=st.sampled_from(Door))
    def opens_or_shuts(self, door: Door) -> None:
        self.kis.door = door

    @rule(reason=st.sampled_from(("1000", "1001", "1006")), slot=st.sampled_from((0.0, 45.0)))
    def drops(self, reason: str, slot: float) -> None:
        self.kis.hold = slot
        self.kis.drop_all(reason)

    @rule(code=st.sampled_from(SESSION_CODES))
    def refuses_the_session(self, code: str) -> None:
        for wire in self.kis.wires:
            self.kis.send_answer(wire, "(null)", "", code, lossy=False)

    @rule(first=st.integers(0, 5), codes=st.lists(st.sampled_from(LATE_CODES), max_size=5))
    def refuses_a_row(self, first: int, codes: list[str]) -> None:
        for key in self.client.pilot.registrations.wanted[first : first + 2]:
            self.kis.codes[key] = list(codes)

    @rule(errors=st.lists(st.sampled_from(KEY_ERRORS), max_size=3))
    def keeps_its_key(self, errors: list[str]) -> None:
        self.kis.approval = errors
        self.kis.invalidate_key()

    @rule(mute=st.booleans(), loss=st.sampled_from((0.0, 0.5)), knows=st.booleans())
    def grows_silent(self, mute: bool, loss: float, knows: bool) -> None:
        self.kis.mute, self.kis.ack_loss, self.kis.answers_known = mute, loss, knows

    @rule(interval=st.sampled_from((10.0, 30.0, 60.0, 100.0)), data=st.sampled_from((0.0, 1.0)))
    def changes_its_pace(self, interval: float, data: float) -> None:
        self.kis.ping_every, self.kis.data_every = interval, data

    @rule(limit=st.integers(1, 41))
    def takes_fewer(self, limit: int) -> None:
        self.kis.limit = limit

    @rule(text=st.sampled_from(("", "{", "0|H0EUCNT0|001|", "[" * 999)), code=st.integers(0, 9))
    def rubbish(self, text: str, code: int) -> None:
        for wire in self.kis.wires:
            wire.to_client(text)
            # A refusal of a row that nobody asked for, and an answer that names none.
            self.kis.send_answer(wire, "H0EUCNT0", f"B01612B0{code}", "OPSP4711", lossy=False)
            self.kis.send_answer(wire, "(null)", "", "OPSP4711", lossy=False)

    # --- network and clock

    @rule()
    def path_is_gone(self) -> None:
        for wire in self.kis.wires:
            self.kis.go_dead(wire)

    @rule(seconds=st.sampled_from((6.0, 600.0, 8 * 3600.0)))
    def machine_sleeps(self, seconds: float) -> None:
        self.machine.sleep(seconds)

    @rule(seconds=st.sampled_from((-3600.0, -600.0, 2.0, 3600.0)))
    def clock_is_set(self, seconds: float) -> None:
        before = self.client.pilot.connection
        self.machine.step_wall(seconds)
        self.client.wake()
        self.world.run(0.0)
        after = self.client.pilot.connection
        if before.phase in TIMED and before.is_wanted:
            assert self.client.now >= before.next_at or after.next_at == before.next_at
        assert before.is_open <= after.is_open or after.reason in ("silence", "drought")

    @rule(seconds=st.sampled_from((0.05, 0.5, 3.0, 20.0, 70.0, 200.0)))
    def time_passes(self, seconds: float) -> None:
        self.world.run(seconds)

    @rule()
    def hours_pass(self) -> None:
        self.world.run(3 * 3600.0)

    # --- what always holds

    @invariant()
    def never_two_sockets(self) -> None:
        hold(not self.kis.overlaps, 1, "the server saw two")
        hold(all(len(wire.registered) <= 41 for wire in self.kis.wires), 2, "at the server")

    @invariant()
    def dials_are_within_the_budget(self) -> None:
        hold(within_budget(self.kis.dials[-200:]), 4, "as the server counts")

    @invariant()
    def echoes_are_owed(self) -> None:
        hold(not self.kis.wrong_echoes, 13, "sent back twice, or on another socket")

    @invariant()
    def both_books_agree(self) -> None:
        client, wire = self.client, self.kis.session
        if wire is None or client.wire is not wire or not client.is_settled:
            return
        if self.world.time < self.machine.awake_at or client.has_plan_due:
            return
        registrations = client.pilot.registrations
        places = registrations.statuses()
        rows = {key: places[key].state for key in registrations.targets}
        lost = [
            k
            for k, at in rows.items()
            if at is RegistrationState.ACTIVE and k not in wire.registered
        ]
        hold(not lost, 3, lost)
        orphans = [
            key for key in wire.registered if rows.get(key, RegistrationState.NONE) == "none"
        ]
        hold(not orphans or self.kis.ack_loss or self.kis.mute, 3, orphans)

    def teardown(self) -> None:
        """All faults end; then everything comes back, and a stop ends it."""
        kis, client = self.kis, self.client
        kis.door, kis.mute, kis.ack_loss, kis.hold, kis.limit = Door.OPEN, False, 0.0, 0.0, 41
        kis.codes, kis.approval, kis.ping_every = {}, [], 10.0
        client.watch(CODES[:45])
        self.world.run_until(lambda: self.world.time >= self.machine.awake_at, inf)
        self.world.run(130.0)
        for _ in range(14):
            if client.is_settled and len(kis.registered) == 41:
                break
            client.retry()
            self.world.run(3600.0)
        # Rows of one rank keep their slots, in the order in which they were requested.
        hold(set(kis.registered) == set(client.pilot.registrations.targets), 3, "end")
        wire = client.wire
        client.stop()
        self.world.run(3.0)
        hold(client.phase is LinkPhase.STOPPED and client.wire is None, 9, client.phase)
        hold(wire is None or not wire.client_open, 9, "still open")


def test_a_server_that_slams_while_the_machine_wakes_leaves_the_client_dialling() -> None:
    run = Connections()
    run.grows_silent(mute=True, loss=0.0, knows=True)
    run.hours_pass()
    run.machine_sleeps(6.0)
    run.asks_to_try_now()
    run.opens_or_shuts(Door.SLAM)
    run.hours_pass()
    assert run.client.phase is LinkPhase.BLOCKED
    run.teardown()


TestConnections = Connections.TestCase
TestConnections.settings = settings(
    max_examples=max(10, settings().max_examples // 5),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


if __name__ == "__main__":
    examples = 1000 if "--long" in sys.argv else 100
    with_more = settings(
        TestConnections.settings, max_examples=examples, stateful_step_count=50, print_blob=True
    )
    run_state_machine_as_test(Connections, settings=with_more)
    print(f"{examples} examples of up to 50 steps hold; hypothesis {hypothesis.__version__}")
