"""Liveness: probes of a silent server, and the time after which it is given up."""

from math import inf

import pytest
from harness.connection_steps import ALIVE, continue_events, run_events

from app.feed.connection import LinkPhase, step
from app.feed.connection_state import Connection
from app.feed.events import (
    CloseSocket,
    PingPongReceived,
    RegistrationAcknowledged,
    RenewRegistration,
    SendProbe,
    TimePassed,
)
from app.feed.liveness import Liveness


def test_a_new_session_knows_nothing_of_the_server() -> None:
    assert Liveness() == Liveness(-inf, (), 0, -inf, -inf, 0, answers=False)
    assert (Liveness().interval, Liveness().trusted) == (0.0, False)


def pinged(interval: float, count: int) -> tuple[Connection, float]:
    """A live session after so many PINGPONGs."""
    state, now = run_events(*ALIVE)[0], 4.0
    for _ in range(count):
        now += interval
        state, _ = continue_events(state, (PingPongReceived(), now), (TimePassed(now), now))
    return state, now


def test_a_silent_server_is_asked_twice_and_then_replaced() -> None:
    state, last = pinged(10.0, 5)
    assert continue_events(state, (TimePassed(last), last + 29))[1] == []
    state, effects = continue_events(state, (TimePassed(last), last + 30))
    assert (state.phase, effects) == (LinkPhase.SUSPECT, [SendProbe()])
    assert continue_events(state, (TimePassed(last), last + 34))[1] == []
    state, effects = continue_events(state, (TimePassed(last), last + 35))
    assert effects == [SendProbe()]
    state, effects = continue_events(state, (TimePassed(last), last + 40))
    assert (state.phase, state.reason, effects) == (LinkPhase.CLOSING, "silence", [CloseSocket(1)])


def test_any_message_after_a_probe_is_life() -> None:
    state, last = pinged(10.0, 5)
    state, _ = continue_events(state, (TimePassed(last), last + 30))
    heard, _ = continue_events(state, (TimePassed(last + 31), last + 31))
    assert (heard.phase, heard.silence.answers) == (LinkPhase.LIVE, False)
    answered, _ = continue_events(
        state, (RegistrationAcknowledged(), last + 31), (TimePassed(last + 31), last + 31)
    )
    assert (answered.phase, answered.silence.answers) == (LinkPhase.LIVE, True)


def test_a_probe_that_nobody_is_known_to_answer_does_not_end_a_young_session() -> None:
    state, _ = run_events(*ALIVE)
    for now in (35, 40, 45, 60, 100, 122):
        state, effects = continue_events(state, (TimePassed(3.0), float(now)))
        assert CloseSocket(1) not in effects
    assert continue_events(state, (TimePassed(3.0), 123.0))[0].phase is LinkPhase.CLOSING


@pytest.mark.parametrize("interval", [10.0, 30.0, 60.0, 100.0])
def test_a_night_of_pingpong_alone_never_ends_a_session(interval: float) -> None:
    state, now, last = run_events(*ALIVE)[0], 4.0, 4.0
    while now < 3 * 3600:
        now += 1.0
        if now >= last + interval:
            last = now
            state, effects = step(state, PingPongReceived(), now, 0.5)
            assert effects == []
        state, effects = continue_events(state, (TimePassed(last), now))
        if effects == [SendProbe()]:
            state, _ = continue_events(state, (TimePassed(now), now))
        assert state.is_open


def test_prices_may_look_live_while_silence_is_within_the_learned_interval() -> None:
    assert run_events(*ALIVE)[0].silence.notice == 15.0
    assert pinged(60.0, 4)[0].silence.notice == 90.0


def test_by_day_data_that_stop_bring_one_renewal_and_one_reconnect_by_night_nothing() -> None:
    state, now = run_events(*ALIVE)[0], 4.0
    dry = TimePassed(200.0, 10.0, trading=True)
    assert continue_events(state, (TimePassed(129.0, 10.0, trading=True), 129.0))[1] == []
    state, effects = continue_events(state, (dry, 200.0))
    assert effects == [RenewRegistration()]
    assert continue_events(state, (TimePassed(250.0, 10.0, trading=True), 250.0))[1] == []
    state, effects = continue_events(state, (TimePassed(261.0, 10.0, trading=True), 261.0))
    assert (effects, state.reason) == ([CloseSocket(1)], "drought")
    night = run_events(*ALIVE)[0]
    for now in range(5, 7200, 5):
        night, effects = continue_events(night, (TimePassed(float(now), 4.0), float(now)))
        assert effects == []
