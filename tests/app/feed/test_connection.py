"""The connection as a pure function: waits, keys, dials and silences."""

from math import inf

import pytest
from harness.connection_steps import ALIVE, continue_events, redial, run_events

from app.feed.connection import KEY_SPACING, LinkPhase, step
from app.feed.connection_state import CLOSING_LIMIT, Connection
from app.feed.dial_budget import WINDOWS, DialBudget
from app.feed.events import (
    Abort,
    CloseSocket,
    DemandChanged,
    DialSocket,
    IssueKey,
    KeyIssued,
    KeyRefused,
    MachineSuspended,
    Refusal,
    RegistrationAcknowledged,
    RegistrationsSettled,
    RetryRequested,
    SessionError,
    SocketClosed,
    SocketOpened,
    StopRequested,
    TimePassed,
)
from specs.control import RefusalReaction


def test_watching_a_code_gets_a_key_and_then_dials() -> None:
    state, effects = run_events(*ALIVE[:1])
    assert (state.phase, effects) == (LinkPhase.AUTH, [IssueKey()])
    state, effects = run_events(*ALIVE[:2])
    assert (state.phase, effects) == (LinkPhase.DIAL, [DialSocket(1)])


def test_an_open_socket_is_not_live_until_its_registrations_are_settled() -> None:
    phases = [run_events(*ALIVE[:count])[0].phase for count in (3, 4, 5)]
    assert phases == [LinkPhase.PROBE, LinkPhase.RESTORE, LinkPhase.LIVE]
    assert run_events(*ALIVE[:4], (RegistrationsSettled(False), 4))[0].phase is LinkPhase.DEGRADED


def test_the_key_in_memory_serves_the_next_dial() -> None:
    state, _ = run_events(*ALIVE, (SocketClosed("1006"), 100))
    _, effects = step(state, TimePassed(99), state.next_at, 0.5)
    assert effects == [DialSocket(2)]


def test_a_refused_dial_waits_longer_each_time_and_half_of_each_wait_is_fixed() -> None:
    state = run_events(*ALIVE[:2])[0]
    waits, now = [], 1.0
    for _ in range(8):
        low = step(state, SocketClosed("unreachable"), now, 0.0)[0].next_at - now
        state = step(state, SocketClosed("unreachable"), now, 1.0)[0]
        high = state.next_at - now
        assert low == pytest.approx(high / 2)
        waits.append(round(high))
        state, now = redial(state)
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_only_a_minute_of_acknowledged_life_with_messages_resets_the_count() -> None:
    failing, now = redial(run_events(*ALIVE[:2], (SocketClosed("x"), 2), draw=0.5)[0])
    assert failing.failures == 1
    opened = [
        (SocketOpened(), now),
        (RegistrationAcknowledged(), now + 1),
        (RegistrationsSettled(True), now + 2),
    ]
    cases = [
        ((TimePassed(now + 58), now + 58), 1),
        ((TimePassed(now + 1), now + 61), 1),
        ((TimePassed(now + 60), now + 60), 0),
    ]
    for tick, failures in cases:
        assert continue_events(failing, *opened, tick)[0].failures == failures
    assert continue_events(failing, opened[0], (TimePassed(now + 99), now + 100))[0].failures == 1


def test_a_stable_session_that_is_cut_is_dialled_again_within_two_seconds() -> None:
    for draw in (0.0, 1.0):
        state, _ = run_events(*ALIVE, (TimePassed(99), 100), (SocketClosed("1006"), 100), draw=draw)
        assert 0.5 <= state.next_at - 100 <= 2.0


def test_accepted_and_closed_at_once_five_times_is_taken_for_a_block() -> None:
    state, now = run_events(*ALIVE[:2])[0], 1.0
    for count in range(1, 8):
        state, _ = continue_events(state, (SocketOpened(), now), (SocketClosed("1006"), now + 0.5))
        assert (state.phase is LinkPhase.BLOCKED) == (count >= 5)
        state, now = redial(state)
    assert now > 3600


def test_twelve_hours_of_accept_then_close_cost_at_most_twenty_dials() -> None:
    for draw in (0.0, 0.5, 0.999):
        state, now, dials = run_events(*ALIVE[:2])[0], 1.0, 1
        while now < 12 * 3600:
            state, _ = continue_events(
                state, (SocketOpened(), now), (SocketClosed("1006"), now + 0.5), draw=draw
            )
            state, now = redial(state)
            dials += 1
        assert dials <= 20


def test_refused_dials_stay_within_the_budget_for_twelve_hours() -> None:
    state, now, dials = run_events(*ALIVE[:2], draw=0.0)[0], 1.0, [1.0]
    while now < 12 * 3600:
        state, _ = continue_events(state, (SocketClosed("unreachable"), now), draw=0.0)
        if step(state, TimePassed(-inf), state.next_at, 0.0)[0].phase is LinkPhase.BACKOFF:
            now = state.next_at
            state, _ = step(state, TimePassed(-inf), now, 0.0)
            assert state.reason == "budget"
        state, now = redial(state)
        dials.append(now)
    for seconds, most in WINDOWS:
        for first in dials:
            assert sum(first <= dial < first + seconds for dial in dials) <= most


def test_the_user_may_try_now_but_not_beyond_the_budget() -> None:
    state, now = run_events(*ALIVE[:2])[0], 1.0
    tries = 1
    while True:
        state, _ = continue_events(
            state, (SocketClosed("unreachable"), now), (RetryRequested(), now)
        )
        if state.phase is not LinkPhase.DIAL:
            break
        tries += 1
    assert (tries, state.phase, state.reason) == (12, LinkPhase.BACKOFF, "budget")
    assert state.next_at == pytest.approx(1.0 + 600.0)
    assert step(state, RetryRequested(), 2.0, 0.5)[1] == []


def test_a_fault_on_this_side_is_tried_again_soon_and_costs_no_dial() -> None:
    state, _ = run_events(*ALIVE[:2], (SocketClosed("dns", local=True), 5))
    assert (state.phase, state.budget) == (LinkPhase.OFFLINE, DialBudget())
    assert 15 <= state.next_at <= 20


def test_an_app_key_in_use_at_the_start_is_left_alone_until_the_user_asks() -> None:
    refused = SessionError("OPSP8996", RefusalReaction.OCCUPIED)
    state, effects = run_events(*ALIVE[:3], (refused, 3))
    assert (state.phase, effects) == (LinkPhase.CLOSING, [CloseSocket(1)])
    state, _ = step(state, SocketClosed("1000"), 4, 0.5)
    assert (state.phase, state.next_at) == (LinkPhase.OCCUPIED, inf)
    assert step(state, TimePassed(3.0), 1e9, 0.5) == (state, [])
    assert step(state, RetryRequested(), 50.0, 0.5)[1] == [DialSocket(2)]


def test_the_ghost_of_our_own_session_is_waited_for_with_few_dials() -> None:
    refused = SessionError("OPSP8996", RefusalReaction.OCCUPIED)
    state, _ = run_events(*ALIVE, (TimePassed(99), 100), (SocketClosed("1006"), 100))
    state, now = redial(state)
    waits = []
    for _ in range(8):
        state, _ = continue_events(
            state, (SocketOpened(), now), (refused, now), (SocketClosed("1000"), now)
        )
        assert state.phase is LinkPhase.OCCUPIED
        waits.append(round(state.next_at - now))
        state, now = redial(state)
    assert waits == [30, 30, 45, 60, 90, 120, 600, 600]


def test_whoever_is_kicked_out_of_a_live_session_does_not_fight_for_it() -> None:
    refused = SessionError("OPSP8996", RefusalReaction.OCCUPIED)
    state, _ = run_events(*ALIVE, (refused, 50), (SocketClosed("1000"), 51))
    assert (state.phase, state.next_at) == (LinkPhase.OCCUPIED, inf)


def test_an_invalid_approval_key_is_reissued_once_and_then_waited_for() -> None:
    refused = SessionError("OPSP0011", RefusalReaction.NEW_KEY)
    state, effects = run_events(*ALIVE[:3], (refused, 90), (SocketClosed("1000"), 91))
    assert (state.phase, effects) == (LinkPhase.AUTH, [IssueKey()])
    state, _ = continue_events(
        state, (KeyIssued(), 92), (SocketOpened(), 93), (refused, 94), (SocketClosed("x"), 95)
    )
    assert (state.phase, state.reason) == (LinkPhase.BACKOFF, "key")
    assert state.next_at >= 95 + 30


def test_approval_keys_are_a_minute_apart_whatever_the_user_presses() -> None:
    refused = SessionError("OPSP0011", RefusalReaction.NEW_KEY)
    state, effects = run_events(*ALIVE[:3], (refused, 3), (SocketClosed("1000"), 4))
    assert (state.phase, effects, state.next_at) == (LinkPhase.BACKOFF, [], KEY_SPACING)
    state, effects = continue_events(state, (RetryRequested(), 5), (RetryRequested(), 6))
    assert (state.phase, effects, state.next_at) == (LinkPhase.BACKOFF, [], KEY_SPACING)


@pytest.mark.parametrize("code", ["OPSP9994", "OPSP8994"])
def test_refused_credentials_are_final_until_the_user_asks(code: str) -> None:
    state, effects = run_events(
        (DemandChanged(True), 0), (KeyRefused("EGW00103", Refusal.CREDENTIALS), 1)
    )
    assert (state.phase, effects) == (LinkPhase.FATAL, [])
    error = SessionError(code, RefusalReaction.CREDENTIALS)
    state, _ = run_events(*ALIVE[:3], (error, 3), (SocketClosed("1000"), 4))
    assert (state.phase, state.detail) == (LinkPhase.FATAL, code)
    assert step(state, TimePassed(0.0), 99_999.0, 0.5)[1] == []
    assert step(state, RetryRequested(), 99_999.0, 0.5)[1] == [IssueKey()]


def test_a_key_that_cannot_be_had_now_is_asked_for_ever_more_seldom() -> None:
    state, now, waits = run_events((DemandChanged(True), 0))[0], 0.0, []
    for _ in range(6):
        state, _ = step(state, KeyRefused("500"), now, 1.0)
        waits.append(round(state.next_at - now))
        now = state.next_at
        state, effects = step(state, TimePassed(-inf), now, 1.0)
        assert effects == [IssueKey()]
    assert waits == [60, 120, 240, 480, 600, 600]


def test_a_machine_that_slept_dials_at_once() -> None:
    state, effects = run_events(*ALIVE, (MachineSuspended(), 100))
    assert (state.phase, effects) == (LinkPhase.CLOSING, [CloseSocket(1)])
    state, effects = continue_events(state, (SocketClosed("1006"), 101))
    assert effects == [DialSocket(2)]


def test_a_wanted_reconnect_closes_before_it_dials() -> None:
    state, effects = run_events(*ALIVE, (RetryRequested(), 50))
    assert effects == [CloseSocket(1)]
    assert continue_events(state, (SocketClosed("1000"), 51))[1] == [DialSocket(2)]


def test_when_nothing_is_wanted_any_more_nothing_is_dialled() -> None:
    state, _ = run_events(*ALIVE, (DemandChanged(False), 50), (SocketClosed("1006"), 60))
    assert (state.phase, state.next_at) == (LinkPhase.OFF, inf)


@pytest.mark.parametrize("length", range(6))
def test_stop_ends_in_every_phase_and_nothing_follows(length: int) -> None:
    state, effects = run_events(*ALIVE[:length], (StopRequested(), 60))
    assert state.phase is LinkPhase.STOPPED
    assert effects == ([CloseSocket(1)] if length >= 2 else [])
    for event in (
        RetryRequested(),
        DemandChanged(True),
        SocketClosed("x"),
        TimePassed(0.0),
        SocketOpened(),
    ):
        assert step(state, event, 1e6, 0.5) == (state, [])


# --- answers that never come


def test_a_close_that_nobody_confirms_ends_by_itself() -> None:
    closing, _ = run_events(*ALIVE, (RetryRequested(), 50))
    assert closing.phase is LinkPhase.CLOSING
    assert closing.next_at <= 50 + 15
    assert step(closing, TimePassed(-inf), 50 + CLOSING_LIMIT - 0.1, 0.5) == (closing, [])
    state, effects = step(closing, TimePassed(-inf), 50 + CLOSING_LIMIT, 0.5)
    assert (state.phase, effects) == (LinkPhase.DIAL, [Abort(1), DialSocket(2)])


def test_a_dial_that_nobody_answers_ends_by_itself() -> None:
    dialling, _ = run_events(*ALIVE[:2])
    assert step(dialling, TimePassed(-inf), 30.9, 0.5) == (dialling, [])
    state, effects = step(dialling, TimePassed(-inf), 31.0, 0.5)
    assert (state.phase, state.detail, effects) == (LinkPhase.BACKOFF, "timeout", [Abort(1)])


def test_a_key_that_nobody_answers_for_ends_by_itself() -> None:
    asking, _ = run_events(*ALIVE[:1])
    assert step(asking, TimePassed(-inf), 29.9, 0.5) == (asking, [])
    state, effects = step(asking, TimePassed(-inf), 30.0, 0.5)
    assert (state.phase, state.detail, effects) == (LinkPhase.BACKOFF, "timeout", [])


@pytest.mark.parametrize(
    "phase", [LinkPhase.OFF, LinkPhase.AUTH, LinkPhase.DIAL, LinkPhase.CLOSING, LinkPhase.STOPPED]
)
def test_a_retry_changes_nothing_while_a_try_is_under_way_or_nothing_is_wanted(
    phase: LinkPhase,
) -> None:
    state = Connection(phase=phase, is_wanted=True)
    assert step(state, RetryRequested(), 100.0, 0.5) == (state, [])
