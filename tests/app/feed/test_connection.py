"""The connection as a pure function: waits, keys and dials."""

import pytest

from app.feed.connection import Connection, Phase, Timers, step
from app.feed.events import (
    Close,
    Closed,
    Dial,
    Effect,
    Event,
    IssueKey,
    KeyIssued,
    KeyRefused,
    Opened,
    Registered,
    Retry,
    SessionError,
    Stop,
    Tick,
    Wanted,
)
from specs.control import Reaction

ALIVE: list[tuple[Event, float]] = [
    (Wanted(True), 0),
    (KeyIssued(), 1),
    (Opened(), 2),
    (Registered(), 3),
]


def run(*events: tuple[Event, float], draw: float = 0.5) -> tuple[Connection, list[Effect]]:
    """The state after all events, and the effects of the last."""
    state, effects = Connection(), list[Effect]()
    for event, now in events:
        state, effects = step(state, event, now, draw)
    return state, effects


def test_watching_a_code_gets_a_key_and_then_dials() -> None:
    state, effects = run((Wanted(True), 0))
    assert (state.phase, effects) == (Phase.KEY, [IssueKey(fresh=False)])
    state, effects = run((Wanted(True), 0), (KeyIssued(), 1))
    assert (state.phase, effects) == (Phase.DIALING, [Dial(1)])


def test_an_open_socket_is_not_live_until_a_registration_is_acknowledged() -> None:
    assert run(*ALIVE[:3])[0].phase is Phase.OPEN
    assert run(*ALIVE)[0].phase is Phase.LIVE


def test_backoff_doubles_to_its_ceiling_and_keeps_half_of_each_wait() -> None:
    state = run(*ALIVE[:2])[0]
    waits = []
    for _ in range(9):
        low = step(state, Closed("refused"), 100.0, 0.0)[0].next_at - 100.0
        state = step(state, Closed("refused"), 100.0, 0.999999)[0]
        high = state.next_at - 100.0
        assert low == pytest.approx(high / 2, rel=1e-3)
        waits.append(round(high))
        state, _ = step(state, Tick(0.0), state.next_at, 0.5)
        state, _ = step(state, KeyIssued(), state.next_at, 0.5)
        assert state.phase is Phase.DIALING
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_only_a_minute_of_acknowledged_life_resets_the_backoff() -> None:
    failing = [(Closed("x"), 10.0), (Tick(10.0), 20.0), (KeyIssued(), 20.0), (Opened(), 20.0)]
    state = run(*ALIVE, *failing, *failing[:1])[0]
    assert state.failures == 2
    short = run(*ALIVE, *failing, (Registered(), 21.0), (Closed("x"), 79.0))[0]
    assert short.failures == 2
    stable = run(*ALIVE, *failing, (Registered(), 21.0), (Closed("x"), 81.0))[0]
    assert stable.failures == 1
    unacknowledged = run(*ALIVE, *failing, (Closed("x"), 200.0))[0]
    assert unacknowledged.failures == 2


def test_an_app_key_in_use_at_the_start_is_left_alone_until_the_user_asks() -> None:
    refused = SessionError("OPSP8996", Reaction.OCCUPIED)
    state, effects = run(*ALIVE[:3], (refused, 3))
    assert (state.phase, effects) == (Phase.OCCUPIED, [Close(1)])
    for event in (Closed("1000"), Tick(3.0)):
        state, effects = step(state, event, 10_000_000.0, 0.5)
        assert (state.phase, effects) == (Phase.OCCUPIED, [])
    assert step(state, Retry(), 10_000_001.0, 0.5)[0].phase is Phase.KEY


def test_an_app_key_in_use_after_own_session_is_waited_for() -> None:
    refused = SessionError("OPSP8996", Reaction.OCCUPIED)
    again = [(Closed("x"), 10.0), (Tick(10.0), 20.0), (KeyIssued(), 20.0), (Opened(), 20.0)]
    state, _ = run(*ALIVE, *again, (refused, 21.0))
    assert state.phase is Phase.OCCUPIED
    assert 21.0 + 60.0 <= state.next_at <= 21.0 + 600.0


def test_an_invalid_approval_key_is_reissued_once_and_then_waited_for() -> None:
    refused = SessionError("OPSP0011", Reaction.NEW_KEY)
    state, effects = run(*ALIVE[:3], (refused, 3))
    assert (state.phase, effects) == (Phase.CLOSING, [Close(1)])
    state, effects = step(state, Closed("1000"), 4, 0.5)
    assert (state.phase, effects) == (Phase.KEY, [IssueKey(fresh=True)])
    state, _ = step(state, KeyIssued(), 5, 0.5)
    state, _ = step(state, Opened(), 6, 0.5)
    state, effects = step(state, refused, 7, 0.5)
    assert (state.phase, effects) == (Phase.WAITING, [Close(2)])
    assert state.next_at >= 7 + Timers().key_first / 2


def test_refused_credentials_are_final_until_the_user_asks() -> None:
    state, effects = run((Wanted(True), 0), (KeyRefused("EGW00103", final=True), 1))
    assert (state.phase, effects) == (Phase.FAILED, [])
    assert step(state, Tick(0.0), 99_999.0, 0.5)[1] == []
    assert step(state, Retry(), 99_999.0, 0.5)[1] == [IssueKey(fresh=False)]


def test_silence_replaces_the_socket_and_any_message_counts_as_life() -> None:
    assert run(*ALIVE, (Tick(100.0), 219.0))[0].phase is Phase.LIVE
    state, effects = run(*ALIVE, (Tick(100.0), 220.0))
    assert (state.phase, state.reason, effects) == (Phase.CLOSING, "silence", [Close(1)])


def test_a_wanted_reconnect_closes_before_it_dials() -> None:
    state, effects = run(*ALIVE, (Retry(), 50))
    assert effects == [Close(1)]
    assert step(state, Closed("1000"), 51, 0.5)[0].phase is Phase.KEY


@pytest.mark.parametrize("length", range(5))
def test_stop_ends_in_every_phase_and_nothing_follows(length: int) -> None:
    state, effects = run(*ALIVE[:length], (Stop(), 60))
    assert state.phase is Phase.STOPPED
    assert effects == ([Close(1)] if length >= 2 else [])
    for event in (Retry(), Wanted(True), Closed("x"), Tick(0.0)):
        assert step(state, event, 1e6, 0.5) == (state, [])
