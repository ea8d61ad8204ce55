"""Owners of an app key as processes that are killed or stopped, by what KIS saw of them.

The owner is killed in each state of its connection; the program beside it goes on, and KIS sees
one session at a time, within its limit, with the registrations of whoever is left.
"""

import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from harness.command_line import run_process
from harness.live_simulator import LiveSimulator
from rig.terminal import COMMAND, Terminal

from app.simulator.faults import LIMIT
from app.simulator.simulator import Simulator
from app.system.files import ProgramFolders
from app.system.lock import lock_path
from app.system.secret import Secret

NIGHT = ("--session", "night")
BOOK = (*NIGHT, "--channel", "book")
OWNED, JOINED = ("stream", "A01612", *BOOK), ("stream", "A05612", *BOOK)
PAIRS = {("H0MFASP0", "A05612")}
PATIENCE = 30.0
DIMS_WITHIN = 2.0
"""Seconds of an owner's silence after which joined screens dim."""

SLOWER = 0.5
"""Seconds that a busy machine may take to draw it."""


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "not so in time"
        time.sleep(0.01)


def delay_approval(simulator: Simulator) -> None:
    simulator.faults.approval_after = 60.0


def refuse_dials(simulator: Simulator) -> None:
    simulator.faults.handshake = 503


def answer_nothing(simulator: Simulator) -> None:
    simulator.faults.ack_after = 60.0


def cut_and_refuse(simulator: Simulator) -> None:
    simulator.faults.handshake = 503
    for client in simulator.clients:
        client.disconnect(reset=True)


def cut_and_answer_nothing(simulator: Simulator) -> None:
    simulator.faults.ack_after = 60.0
    for client in simulator.clients:
        client.disconnect(reset=True)


def heal(simulator: Simulator) -> None:
    simulator.faults.approval_after = simulator.faults.ack_after = 0.0
    simulator.faults.handshake = 0


STATES: dict[str, tuple[Callable[[Simulator], None] | None, Callable[[Simulator], None] | None]] = {
    "before approval": (delay_approval, None),
    "dialing": (None, None),
    "registering": (answer_nothing, None),
    "live": (None, None),
    "reconnecting": (None, cut_and_answer_nothing),
    "in backoff": (refuse_dials, None),
    "in backoff after a session": (None, cut_and_refuse),
}
"""What the server does before the owner starts, and once it is live."""


@pytest.fixture
def deaf() -> Iterator[str]:
    """Return the address of a server that accepts connections and says nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"ws://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("state", STATES)
def test_an_owner_that_is_killed_in_any_state_is_followed_by_one_that_dials(
    live: LiveSimulator, deaf: str, state: str
) -> None:
    before, once_live = STATES[state]
    thread, simulator = live.thread, live.thread.simulator
    if before is not None:
        thread.call(before)
    key = Secret(live.variables["KIS_APP_KEY"])
    owner_file = lock_path(ProgramFolders.find(), key).with_suffix(".hub")
    own = {"KIS_URL_WS": deaf} if state == "dialing" else {}
    with ExitStack() as stack:
        owner = stack.enter_context(run_process(*OWNED, variables=own))
        until(owner_file.exists)
        joined = stack.enter_context(run_process(*JOINED))
        assert joined.stderr is not None and joined.stdout is not None  # noqa: PT018
        assert any("허브 경유" in line for line in joined.stderr)
        if once_live is not None or state == "live":
            until(lambda: len(simulator.registrations) == 2)
        if once_live is not None:
            dialled = len(simulator.oracle.dials)
            thread.call(once_live)
            until(lambda: len(simulator.oracle.dials) > dialled)
        elif state in ("registering", "in backoff"):
            until(lambda: simulator.oracle.dials)
        owner.kill()
        owner.wait(timeout=20)
        thread.call(heal)
        assert any("A05612" in line for line in joined.stdout)
        # The owner's registrations went with it.
        until(lambda: simulator.registrations == PAIRS)
    oracle = simulator.oracle
    assert (oracle.most_open, oracle.overlaps) == (1, 0)
    assert oracle.most_registered <= LIMIT
    assert (oracle.strangers, oracle.secrets) == (0, [])


def test_a_stopped_owner_dims_the_joined_dashboard_until_it_goes_on(
    live: LiveSimulator, home: Path
) -> None:
    if sys.platform == "win32":
        pytest.skip("SIGSTOP is POSIX")
    command = (COMMAND, "--lang", "en", "-w", "A01612", *NIGHT)
    with Terminal(command, home, live.variables) as owner:
        owner.until(lambda: len(live.thread.simulator.registrations) == 2)
        with Terminal(command, home, live.variables) as joined:
            joined.shows("via the hub", "2/41")
            owner.kill(signal.SIGSTOP)
            began = time.monotonic()
            joined.shows("no word of the hub")
            assert time.monotonic() - began <= DIMS_WITHIN + SLOWER
            owner.kill(signal.SIGCONT)
            joined.shows("via the hub", "2/41")
            joined.hides("no word of the hub")
            oracle = live.thread.simulator.oracle
            assert (oracle.most_open, len(oracle.dials), oracle.overlaps) == (1, 1, 0)
            joined.type("\x11")
            assert joined.ends() == 0
        owner.type("\x11")
        assert owner.ends() == 0
