"""The seconds on which a connection's decisions turn, just before and at each of them."""

from math import inf

import pytest
from harness.connection_steps import ALIVE, continue_events, run_events
from msgspec.structs import replace

from app.feed.connection import LinkPhase, step
from app.feed.connection_state import Connection
from app.feed.dial_budget import DialBudget
from app.feed.events import (
    Abort,
    CloseSocket,
    DialSocket,
    IssueKey,
    KeyIssued,
    KeyRefused,
    RegistrationAcknowledged,
    RenewRegistration,
    SessionError,
    SocketClosed,
    SocketOpened,
    TimePassed,
)
from specs.control import RefusalReaction

KEYED = run_events(*ALIVE[:2])[0]
LIVE = run_events(*ALIVE)[0]
"""The key came at 1 s, the socket opened at 2 s, and an answer came at 3 s."""


def waiting(key_at: float, issued_at: float = 0.0) -> Connection:
    """Wait for a try that is due at 100,000 s, with an approval key of some time."""
    return replace(
        KEYED, phase=LinkPhase.BACKOFF, next_at=100_000.0, key_at=key_at, issued_at=issued_at,
        budget=DialBudget(),
    )  # fmt: skip


@pytest.mark.parametrize(("age", "keeps"), [(43_199.0, True), (43_200.0, False)])
def test_an_approval_key_serves_for_twelve_hours(age: float, keeps: bool) -> None:
    _, effects = step(waiting(100_000.0 - age), TimePassed(-inf), 100_000.0, 0.5)
    assert effects == ([DialSocket(2)] if keeps else [IssueKey()])


@pytest.mark.parametrize(("since", "asks"), [(59.9, False), (60.0, True)])
def test_an_approval_key_is_asked_for_once_a_minute(since: float, asks: bool) -> None:
    before = waiting(-inf, 100_000.0 - since)
    state, effects = step(before, TimePassed(-inf), 100_000.0, 0.5)
    assert effects == ([IssueKey()] if asks else [])
    if asks:
        assert (state.phase, state.issued_at) == (LinkPhase.AUTH, 100_000.0)
    else:
        assert (state.phase, state.reason) == (LinkPhase.BACKOFF, before.reason or "key_pace")
        assert state.next_at == pytest.approx(100_000.1)


def test_a_key_and_a_dial_are_waited_for_thirty_seconds() -> None:
    asking = run_events(*ALIVE[:1])[0]
    assert asking.next_at == 30.0
    assert step(asking, TimePassed(-inf), 29.9, 0.5) == (asking, [])
    state, effects = step(asking, TimePassed(-inf), 30.0, 0.5)
    assert (state.phase, state.reason, state.detail) == (LinkPhase.BACKOFF, "key", "timeout")
    assert effects == []
    assert KEYED.next_at == 31.0
    assert step(KEYED, TimePassed(-inf), 30.9, 0.5) == (KEYED, [])
    state, effects = step(KEYED, TimePassed(-inf), 31.0, 0.5)
    assert (state.phase, state.reason, state.detail) == (LinkPhase.BACKOFF, "closed", "timeout")
    assert effects == [Abort(1)]


def test_a_close_is_waited_for_fifteen_seconds() -> None:
    closing, effects = step(LIVE, TimePassed(-inf), 200.0, 0.5)
    assert (closing.phase, closing.reason, effects) == (
        LinkPhase.CLOSING,
        "silence",
        [CloseSocket(1)],
    )
    assert closing.next_at == 215.0
    assert step(closing, TimePassed(-inf), 214.9, 0.5) == (closing, [])
    state, effects = step(closing, TimePassed(-inf), 215.0, 0.5)
    assert (state.phase, state.reason, effects) == (LinkPhase.BACKOFF, "silence", [Abort(1)])


@pytest.mark.parametrize(
    ("now", "last", "is_proven"), [(61.9, 50.0, False), (62.0, 50.0, True), (62.0, 3.0, False)]
)
def test_a_session_is_proven_after_a_minute_with_a_message(
    now: float, last: float, is_proven: bool
) -> None:
    state, _ = step(replace(LIVE, failures=3, blocked=2), TimePassed(last), now, 0.5)
    assert state.proven is is_proven
    assert (state.failures, state.blocked) == ((0, 0) if is_proven else (3, 2))


@pytest.mark.parametrize(("lived", "seconds"), [(4.9, 5.0), (5.0, 10.0)])
def test_a_session_of_five_seconds_is_no_immediate_close(lived: float, seconds: float) -> None:
    state, _ = step(LIVE, SocketClosed("1006"), 2.0 + lived, 1.0)
    assert state.next_at - (2.0 + lived) == pytest.approx(seconds)
    # Without an answer it is one however long it lived.
    mute, _ = continue_events(KEYED, (SocketOpened(), 2.0), (SocketClosed("1006"), 60.0), draw=1.0)
    assert mute.next_at == pytest.approx(65.0)


@pytest.mark.parametrize(("since", "phase"), [(599.9, LinkPhase.BACKOFF), (600.0, LinkPhase.AUTH)])
def test_a_refused_key_is_replaced_once_in_ten_minutes(since: float, phase: LinkPhase) -> None:
    state = replace(LIVE, new_key_at=1000.0 - since, key_at=999.0)
    refused, effects = step(state, SessionError("OPSP0011", RefusalReaction.NEW_KEY), 1000.0, 0.5)
    assert (refused.phase, refused.after, effects) == (LinkPhase.CLOSING, phase, [CloseSocket(1)])
    is_new = phase is LinkPhase.AUTH
    assert (refused.key_at, refused.reason) == ((-inf, "new_key") if is_new else (999.0, "key"))
    assert refused.new_key_at == (1000.0 if is_new else 1000.0 - since)
    closed, _ = step(refused, SocketClosed("1000"), 1001.0, 1.0)
    if not is_new:
        assert (closed.phase, closed.next_at) == (LinkPhase.BACKOFF, 1061.0)


@pytest.mark.parametrize(("since", "is_ours"), [(299.9, True), (300.0, False)])
def test_an_occupied_key_is_ours_for_five_minutes_after_a_session(
    since: float, is_ours: bool
) -> None:
    state = replace(KEYED, phase=LinkPhase.CLOSING, after=LinkPhase.OCCUPIED, detail="OPSP8996")
    found, effects = step(
        replace(state, lived_at=1000.0 - since), SocketClosed("1000"), 1000.0, 0.5
    )
    assert (found.phase, found.reason, found.detail) == (LinkPhase.OCCUPIED, "occupied", "OPSP8996")
    assert effects == []
    assert found.next_at == (1030.0 if is_ours else inf)
    assert found.occupied == is_ours


@pytest.mark.parametrize(("dry", "renews"), [(119.9, False), (120.0, True)])
def test_data_that_stop_for_two_minutes_by_day_bring_a_renewal(dry: float, renews: bool) -> None:
    now = 1000.0
    tick = TimePassed(now, now - dry, trading=True)
    state, effects = step(LIVE, tick, now, 0.5)
    assert effects == ([RenewRegistration()] if renews else [])
    assert state.renewed_at == (now if renews else -inf)


@pytest.mark.parametrize(
    ("since_renewal", "since_reconnect", "reconnects"),
    [(59.9, 5000.0, False), (60.0, 5000.0, True), (60.0, 899.9, False), (60.0, 900.0, True)],
)
def test_a_reconnect_follows_a_renewal_after_a_minute_and_once_in_a_quarter_of_an_hour(
    since_renewal: float, since_reconnect: float, reconnects: bool
) -> None:
    now = 10_000.0
    state = replace(
        LIVE, renewed_at=now - since_renewal, drought_at=now - since_reconnect, proven=True
    )
    found, effects = step(state, TimePassed(now, now - 300.0, trading=True), now, 0.5)
    assert effects == ([CloseSocket(1)] if reconnects else [])
    if reconnects:
        assert (found.reason, found.drought_at) == ("drought", now)
        assert found.after is LinkPhase.BACKOFF


@pytest.mark.parametrize("failures", [0, 3, 4, 7])
def test_the_fifth_connection_that_is_closed_at_once_is_taken_for_a_block(failures: int) -> None:
    state, _ = continue_events(
        replace(KEYED, failures=failures), (SocketOpened(), 2.0), (SocketClosed("1006"), 3.0)
    )
    blocked = failures >= 4
    assert state.phase is (LinkPhase.BLOCKED if blocked else LinkPhase.BACKOFF)
    assert (state.failures, state.blocked) == (failures + 1, blocked)


def test_events_that_do_not_belong_to_a_phase_change_nothing() -> None:
    off = Connection()
    for event in (
        KeyIssued(), KeyRefused("why"), SocketOpened(), RegistrationAcknowledged(),
        SocketClosed("why"), SessionError("OPSP9999", RefusalReaction.ROW_REFUSED),
        TimePassed(-inf),
    ):  # fmt: skip
        assert step(off, event, 5.0, 0.5) == (off, [])
    refused = SessionError("OPSP9999", RefusalReaction.ROW_REFUSED)
    assert step(LIVE, refused, 5.0, 0.5) == (LIVE, [])
