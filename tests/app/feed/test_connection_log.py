"""The state of a connection as it is shown, its last steps, and what a recorder hears of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import inf

import pytest
from harness.keyed_sessions import one_key
from harness.registration_orders import key

from app.feed.batch import LinkState, LinkTransition
from app.feed.connection_log import ConnectionLog
from app.feed.events import (
    DemandChanged,
    KeyIssued,
    LinkEvent,
    SendControl,
    SocketClosed,
    SocketOpened,
    TimePassed,
)
from app.feed.link_step import LinkStep
from app.feed.phase import LinkPhase
from app.feed.recording import Recording
from app.feed.session import LinkSession
from app.system.clock import KST, ManualClock
from specs.control import Ack

NIGHT = datetime(2026, 11, 20, 18, tzinfo=KST)


class ListedSink:
    """A recorder that lists what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []
        self.recording = Recording(on=True, name="a")

    def start(self, *, strict: bool = False) -> None:
        self.told.append(("start", strict))

    def stop(self, *, wait: bool = True) -> None:
        self.told.append(("stop", wait))

    def record_message(self, message: object, monotonic: float) -> None:
        self.told.append(("message", message, monotonic))

    def link(self, step: LinkStep, monotonic: float) -> None:
        self.told.append(("link", step, monotonic))

    def name(self, names: Mapping[str, str]) -> None:
        self.told.append(("name", names))

    def miss(self, missed: Mapping[str, float]) -> None:
        self.told.append(("miss", missed))

    @property
    def steps(self) -> list[LinkStep]:
        return [one[1] for one in self.told if isinstance(one[1], LinkStep)]


class Logged:
    """A session of three rows and a limit of two, and its log."""

    def __init__(self) -> None:
        self.clock, self.sink = ManualClock(NIGHT), ListedSink()
        self.session = LinkSession(lambda: 0.5, 2)
        self.log = ConnectionLog(one_key(self.session), self.clock, self.sink)  # type: ignore[arg-type]

    def event(self, event: LinkEvent, seconds: float) -> bool:
        """Return whether an event at a moment changes what is shown."""
        self.clock.move_to(NIGHT + timedelta(seconds=seconds))
        self.session.event(event, self.clock.monotonic())
        return self.log.poll()

    def connect(self) -> None:
        self.session.request([key(n) for n in range(3)], self.clock.monotonic(), brisk=True)
        self.log.poll()
        self.event(KeyIssued(), 1)
        self.event(SocketOpened(), 2)
        for tenth in range(30):
            now = self.clock.monotonic() + tenth / 10
            for one in self.session.poll(TimePassed(now), now):
                if isinstance(one, SendControl):
                    self.session.answer(Ack(one.key.tr_id, one.key.code, "OPSP0000", ""), now)
            self.log.poll()


@pytest.fixture
def logged() -> Logged:
    return Logged()


def test_only_a_change_of_what_is_shown_is_new(logged: Logged) -> None:
    assert logged.log.poll()
    assert not logged.log.poll()
    assert not logged.event(DemandChanged(False), 1)
    assert logged.event(DemandChanged(True), 2)
    assert not logged.log.poll()


def test_the_steps_have_their_times_and_reasons(logged: Logged) -> None:
    logged.connect()
    logged.event(SocketClosed("1006"), 30)
    found = logged.log.transitions
    assert [one.phase for one in found] == [
        LinkPhase.AUTH, LinkPhase.DIAL, LinkPhase.PROBE, LinkPhase.RESTORE, LinkPhase.LIVE,
        LinkPhase.BACKOFF,
    ]  # fmt: skip
    assert found[1] == LinkTransition("2026-11-20T18:00:01+09:00", LinkPhase.DIAL, "", "")
    assert found[-1] == LinkTransition(
        "2026-11-20T18:00:30+09:00", LinkPhase.BACKOFF, "closed", "1006"
    )


def test_a_step_with_the_same_phase_and_another_reason_is_one_of_its_own(logged: Logged) -> None:
    logged.connect()
    before = len(logged.log.transitions)
    logged.event(SocketClosed("1006"), 30)
    # Another time of the next try is shown, but is no step.
    logged.session.connection = logged.session.connection.__class__(
        LinkPhase.BACKOFF, "closed", "1006", 99.0
    )
    assert logged.log.poll()
    assert len(logged.log.transitions) == before + 1
    logged.session.connection = logged.session.connection.__class__(
        LinkPhase.BACKOFF, "budget", "", 99.0
    )
    assert logged.log.poll()
    assert len(logged.log.transitions) == before + 2


def test_the_last_twenty_steps_are_kept(logged: Logged) -> None:
    logged.connect()
    for number in range(25):
        state = logged.session.connection
        logged.session.connection = state.__class__(LinkPhase.BACKOFF, f"reason {number}")
        logged.log.poll()
    assert [one.reason for one in logged.log.transitions] == [f"reason {n}" for n in range(5, 25)]


def test_the_slots_are_those_of_an_open_socket(logged: Logged) -> None:
    off = LinkState(limit=2, next_at=inf, last_message=7.0)
    assert logged.log.link(7.0) == off
    logged.connect()
    live = LinkState(LinkPhase.LIVE, "", "", inf, 0, 2, 2, 1, 9.0)
    assert logged.log.link(9.0) == live
    logged.event(SocketClosed("1006"), 30)
    down = logged.log.link(9.0)
    assert (down.phase, down.reason, down.detail) == (LinkPhase.BACKOFF, "closed", "1006")
    assert (down.used, down.limit, down.waiting, down.failures) == (0, 2, 0, 1)
    assert down.next_at == logged.session.connection.next_at


def test_a_recorder_hears_each_step_once(logged: Logged) -> None:
    logged.connect()
    logged.log.poll()
    steps = logged.sink.steps
    assert len(set(steps)) == len(steps)
    assert steps[0] == LinkStep(LinkPhase.AUTH, limit=2)
    assert steps[-1] == LinkStep(LinkPhase.LIVE, "", "", 1, 2, 2, 1)
    at = [one[2] for one in logged.sink.told if one[0] == "link"]
    assert at[0] == ManualClock(NIGHT).monotonic()


def test_a_recorder_is_started_stopped_and_told_of_names_and_misses(logged: Logged) -> None:
    missed = {"A01612": 3.0}
    logged.log.record(True)
    logged.log.record(False)
    logged.log.name({"A01612": "F"})
    logged.log.record_message("text", 5.0)
    assert logged.log.recording(missed) == logged.sink.recording
    logged.log.recording(missed)
    logged.log.recording({"A01612": 4.0})
    logged.log.close()
    assert logged.sink.told == [
        ("start", False), ("stop", False), ("name", {"A01612": "F"}), ("message", "text", 5.0),
        ("miss", missed), ("miss", {"A01612": 4.0}), ("stop", True),
    ]  # fmt: skip


def test_without_a_recorder_nothing_is_recorded() -> None:
    log = ConnectionLog(one_key(LinkSession(lambda: 0.5)), ManualClock(NIGHT), None)
    log.record(True)
    log.record(False)
    log.name({"A01612": "F"})
    log.record_message("text", 5.0)
    assert log.poll()
    assert log.recording({"A01612": 3.0}) == Recording()
    log.close()
