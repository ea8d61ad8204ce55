"""Waits of a connection before its next try: neither too short nor too long."""

from math import inf

import pytest
from harness.connection_steps import ALIVE, continue_events, run_events
from msgspec.structs import replace

from app.feed.connection import LinkPhase, step
from app.feed.connection_state import Connection
from app.feed.events import (
    DemandChanged,
    IssueKey,
    KeyRefused,
    Refusal,
    RegistrationAcknowledged,
    RetryRequested,
    SessionError,
    SocketClosed,
    SocketOpened,
    TimePassed,
)
from specs.control import RefusalReaction


def latest(state: Connection, now: float) -> float:
    """Seconds from `now` to the next try, which must be in the future."""
    assert now < state.next_at < inf, state
    return round(state.next_at - now, 6)


def failing(count: int) -> Connection:
    """Dialling, after so many failures in a row and with the whole budget left."""
    return replace(run_events(*ALIVE[:2])[0], failures=count)


@pytest.mark.parametrize(
    ("count", "seconds"), [(0, 2), (1, 4), (4, 32), (5, 60), (12, 60), (13, 300), (99, 300)]
)
def test_a_dial_that_is_refused_is_tried_again_after_its_bound_at_the_latest(
    count: int, seconds: float
) -> None:
    for draw in (0.0, 0.5, 1.0):
        state, _ = step(failing(count), SocketClosed("unreachable"), 5.0, draw)
        assert state.phase is LinkPhase.BACKOFF
        assert seconds / 2 <= latest(state, 5.0) <= seconds


@pytest.mark.parametrize(("count", "seconds"), [(0, 5), (1, 10), (2, 20), (3, 40)])
@pytest.mark.parametrize("acked", [True, False])
def test_a_session_that_is_closed_at_once_is_tried_again_after_its_bound_at_the_latest(
    count: int, seconds: float, acked: bool
) -> None:
    for draw in (0.0, 1.0):
        # Five seconds without an acknowledgement do not count as a session.
        lived = 4.9 if acked else 50.0
        answers = [(RegistrationAcknowledged(), 2.5)] if acked else []
        state, _ = continue_events(
            failing(count),
            (SocketOpened(), 2),
            *answers,
            (SocketClosed("1006"), 2 + lived),
            draw=draw,
        )
        assert state.phase is LinkPhase.BACKOFF
        assert seconds / 2 <= latest(state, 2 + lived) <= seconds


@pytest.mark.parametrize(
    ("count", "seconds"), [(0, 10), (1, 20), (2, 40), (3, 80), (4, 160), (5, 300), (50, 300)]
)
@pytest.mark.parametrize("lived", [5.0, 59.0])
def test_a_short_session_is_dialled_again_after_its_bound_at_the_latest(
    count: int, seconds: float, lived: float
) -> None:
    for draw in (0.0, 1.0):
        state, _ = continue_events(
            failing(count),
            (SocketOpened(), 2),
            (RegistrationAcknowledged(), 3),
            (SocketClosed("1006"), 2 + lived),
            draw=draw,
        )
        assert state.phase is LinkPhase.BACKOFF
        assert seconds / 2 <= latest(state, 2 + lived) <= seconds


@pytest.mark.parametrize(("times", "minutes"), [(0, 15), (1, 30), (2, 60), (3, 60), (40, 60)])
def test_a_suspected_block_is_tried_again_within_the_hour(times: int, minutes: float) -> None:
    for draw in (0.0, 1.0):
        blocked = replace(failing(4), blocked=times)
        state, _ = continue_events(
            blocked, (SocketOpened(), 2), (SocketClosed("1006"), 2.5), draw=draw
        )
        assert state.phase is LinkPhase.BLOCKED
        assert 0.8 * 60 * minutes <= latest(state, 2.5) <= min(3600, 1.2 * 60 * minutes)


def test_a_fault_on_this_side_is_tried_again_within_fifteen_seconds() -> None:
    for draw in (0.0, 1.0):
        for refused, state in (
            (SocketClosed("dns", local=True), failing(9)),
            (KeyRefused("dns", Refusal.LOCAL), replace(run_events(*ALIVE[:1])[0], failures=9)),
        ):
            offline, effects = step(state, refused, 5.0, draw)
            assert (offline.phase, effects) == (LinkPhase.OFFLINE, [])
            assert 10 <= latest(offline, 5.0) <= 15
            assert offline.failures == 9


def test_a_key_is_asked_for_again_at_once_when_the_name_server_is_back() -> None:
    """Nothing of the first request left this machine: KIS' minute does not run."""
    state, _ = run_events(*ALIVE[:1], (KeyRefused("dns", Refusal.LOCAL), 1))
    state, effects = step(state, TimePassed(-inf), state.next_at, 0.5)
    assert (state.phase, effects) == (LinkPhase.AUTH, [IssueKey()])


@pytest.mark.parametrize(("count", "seconds"), [(0, 60), (1, 120), (2, 240), (4, 600), (50, 600)])
def test_a_key_that_is_refused_is_asked_for_again_after_its_bound_at_the_latest(
    count: int, seconds: float
) -> None:
    for draw in (0.0, 1.0):
        asking = replace(run_events(*ALIVE[:1])[0], failures=count)
        state, _ = step(asking, KeyRefused("500"), 0.5, draw)
        assert state.phase is LinkPhase.BACKOFF
        assert seconds / 2 <= latest(state, 0.5) <= seconds


def test_an_occupied_key_of_our_own_is_tried_again_after_its_bound_at_the_latest() -> None:
    refused = SessionError("OPSP8996", RefusalReaction.OCCUPIED)
    for draw in (0.0, 1.0):
        for tries, seconds in enumerate((30, 30, 45, 60, 90, 120, 600, 600)):
            state = replace(failing(0), occupied=tries, lived_at=0.0)
            state, _ = continue_events(
                state, (SocketOpened(), 2), (refused, 2), (SocketClosed("1000"), 3), draw=draw
            )
            assert state.phase is LinkPhase.OCCUPIED
            assert 0.85 * seconds - 1e-6 <= latest(state, 3.0) <= 1.15 * seconds + 1e-6


def test_a_wrong_certificate_is_tried_again_in_ten_minutes_or_when_the_user_asks() -> None:
    for draw in (0.0, 1.0):
        state, effects = step(
            run_events(*ALIVE[:1])[0], KeyRefused("expired", Refusal.CERTIFICATE), 1.0, draw
        )
        assert (state.phase, state.detail, effects) == (LinkPhase.UNTRUSTED, "expired", [])
        assert 480 <= latest(state, 1.0) <= 720
        assert state.failures == 0
        assert step(state, TimePassed(-inf), state.next_at - 1, 0.5)[1] == []
        assert step(state, TimePassed(-inf), state.next_at, 0.5)[1] == [IssueKey()]
        assert step(state, RetryRequested(), 2.0, 0.5)[1] == [IssueKey()]
        assert step(state, DemandChanged(False), 2.0, 0.5)[0].phase is LinkPhase.OFF


@pytest.mark.parametrize(("asked", "seconds"), [(0.0, 60.0), (30.0, 60.0), (400.0, 400.0)])
def test_the_wait_that_a_server_asks_for_is_kept_where_it_is_longer(
    asked: float, seconds: float
) -> None:
    state, _ = step(run_events(*ALIVE[:1])[0], KeyRefused("503", wait=asked), 0.5, 1.0)
    assert latest(state, 0.5) == seconds
    dialled, _ = step(run_events(*ALIVE[:2])[0], SocketClosed("HTTP 503", wait=asked), 5.0, 1.0)
    assert latest(dialled, 5.0) == max(2.0, asked)
    assert step(state, RetryRequested(), 61.0, 0.5)[1] == [IssueKey()]
