"""Answers to registrations as a matrix: state and code before, state and slots after."""

import pytest
from harness.registration_orders import answer_to, key, send_orders

from app.feed.registration_state import RegistrationEntry, RegistrationStatus
from app.feed.registrations import (
    ACK_TIMEOUT,
    LIMIT,
    RETRY_AFTER,
    TRIES,
    Registrations,
    RegistrationState,
)

S = RegistrationState
KEY = key(0)


def in_state(state: RegistrationState) -> Registrations:
    """Return registrations whose first row is in a state, at 20 seconds."""
    found = Registrations()
    found.request([KEY, key(1)])
    # Each second a row: the first one is sent at 0.0, the second at 0.1.
    send_orders(found, 0, 0.2)
    if state is S.SENT:
        return found
    found.acknowledge(answer_to(key(1)))
    if state is S.UNCONFIRMED:
        send_orders(found, 5, 11)
    elif state is S.REFUSED:
        found.acknowledge(answer_to(KEY, "OPSP8992", words="no such code"))
    else:
        found.acknowledge(answer_to(KEY))
    if state in (S.RELEASING, S.STUCK):
        found.renew(20.0)
    if state is S.STUCK:
        found.overdue(25.0)
        found.overdue(30.0)
    return found


@pytest.mark.parametrize(
    "state", [S.SENT, S.ACTIVE, S.UNCONFIRMED, S.RELEASING, S.STUCK, S.REFUSED]
)
def test_a_row_gets_into_each_state(state: RegistrationState) -> None:
    assert in_state(state).statuses()[KEY].state is state


# Per answer, the state that each of these becomes; "-" is no answer that anybody waits for.
STATES = (S.SENT, S.ACTIVE, S.UNCONFIRMED, S.RELEASING, S.STUCK)
ANSWERS: list[tuple[str, str, tuple[RegistrationState, ...], bool]] = [
    ("OPSP0000", "", (S.ACTIVE, S.ACTIVE, S.ACTIVE, S.RELEASING, S.STUCK), True),
    ("OPSP0002", "", (S.ACTIVE, S.ACTIVE, S.ACTIVE, S.RELEASING, S.STUCK), True),
    ("OPSP0001", "", (S.NONE, S.NONE, S.NONE, S.NONE, S.NONE), True),
    ("OPSP0003", "", (S.NONE, S.NONE, S.NONE, S.NONE, S.NONE), True),
    # Codes that nobody knows: by `rt_cd`.
    ("OPSP7777", "0", (S.ACTIVE, S.ACTIVE, S.ACTIVE, S.NONE, S.STUCK), True),
    ("OPSP7777", "1", (S.REFUSED, S.ACTIVE, S.REFUSED, S.STUCK, S.STUCK), True),
    ("OPSP7777", "", (S.UNCONFIRMED, S.ACTIVE, S.UNCONFIRMED, S.STUCK, S.STUCK), False),
    # Refusals of the row.
    ("OPSP8992", "", (S.REFUSED, S.REFUSED, S.REFUSED, S.STUCK, S.REFUSED), True),
    ("OPSP0007", "", (S.NONE, S.NONE, S.NONE, S.STUCK, S.NONE), True),
    ("OPSP0008", "", (S.NONE, S.NONE, S.NONE, S.NONE, S.NONE), True),
    # Codes of the session are handled before.
    ("OPSP8996", "", (S.SENT, S.ACTIVE, S.UNCONFIRMED, S.RELEASING, S.STUCK), False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "result", "before", "after", "is_ours"),
    [
        (code, result, before, after, is_ours)
        for code, result, states, is_ours in ANSWERS
        for before, after in zip(STATES, states, strict=True)
    ],
)
def test_an_answer_changes_the_state_of_its_row(
    code: str,
    result: str,
    before: RegistrationState,
    after: RegistrationState,
    is_ours: bool,
) -> None:
    found = in_state(before)
    unasked = found.unasked
    assert found.acknowledge(answer_to(KEY, code, result, "words")) is is_ours
    status = found.statuses()[KEY]
    # A row without a state has no slot where the server's limit shrank.
    assert status.state in ((S.NONE, S.NO_SLOT) if after is S.NONE else (after,))
    assert found.unasked == unasked + (not is_ours)
    if after is S.REFUSED:
        assert (status.code, status.detail, status.refusal) == (code, "words", f"{code} words")
        assert found.refused == [KEY]
        assert not found.is_complete
    held = after in (S.ACTIVE, S.UNCONFIRMED, S.RELEASING, S.STUCK, S.SENT)
    assert found.used == 1 + held
    under_way = (before is S.SENT) + (after in (S.SENT, S.RELEASING))
    assert found.unanswered == under_way


def test_the_limit_shrinks_to_the_rows_that_are_held_and_not_below_one() -> None:
    found = in_state(S.SENT)
    found.acknowledge(answer_to(key(1), "OPSP0008"))
    # One row is on its way and none is held.
    assert found.limit == 1
    found.acknowledge(answer_to(KEY))
    assert (found.used, found.waiting) == (1, 1)
    found.new_session()
    assert (found.limit, found.used) == (LIMIT, 0) == (41, 0)
    wide = in_state(S.ACTIVE)
    wide.request([KEY, key(1), key(2)])
    send_orders(wide, 20, 20.2)
    wide.acknowledge(answer_to(key(2), "OPSP0008"))
    assert wide.limit == 2


def test_an_overdue_answer_is_asked_for_after_five_seconds() -> None:
    assert (ACK_TIMEOUT, TRIES) == (5.0, 2)
    found = Registrations()
    found.request([KEY])
    found.next_order(10.0)
    assert found.next_at(10.0) == 15.0
    assert found.overdue(14.9) is None
    order = found.overdue(15.0)
    assert order is not None
    assert (order.key, order.register) == (KEY, True)
    assert found.next_at(15.0) == 20.0
    assert found.overdue(19.9) is None
    assert found.statuses()[KEY].state is S.SENT
    assert found.overdue(20.0) is None
    assert found.statuses()[KEY].state is S.UNCONFIRMED
    assert found.next_at(20.0) == 80.0


def test_a_registration_that_nobody_wants_any_more_is_not_asked_for_again() -> None:
    found = Registrations()
    found.request([KEY])
    found.next_order(10.0)
    found.request([])
    assert found.overdue(15.0) is None
    # What the server may hold has to be released.
    order = found.next_order(15.0)
    assert order is not None
    assert (order.key, order.register) == (KEY, False)
    assert found.overdue(19.9) is None
    again = found.overdue(20.0)
    assert again is not None
    assert not again.register


def test_a_row_that_the_server_failed_on_waits_longer_each_time() -> None:
    assert RETRY_AFTER == (15.0, 45.0, 120.0)
    found, now = Registrations(), 100.0
    found.request([KEY])
    for wait in RETRY_AFTER:
        found.next_order(now)
        found.acknowledge(answer_to(KEY, "OPSP0007"))
        assert found.next_at(now) == min(now + wait, now + 60)
        assert found.is_settled(now)
        assert not found.is_settled(now + wait)
        assert found.next_order(now + wait - 0.1) is None
        now += wait
    found.next_order(now)
    found.acknowledge(answer_to(KEY, "OPSP0007"))
    assert found.statuses()[KEY].state is S.REFUSED
    assert found.next_at(now) == now + 60


def test_a_success_forgets_the_failures_before_it() -> None:
    found = Registrations()
    found.request([KEY])
    found.next_order(0.0)
    found.acknowledge(answer_to(KEY, "OPSP0007"))
    found.next_order(15.0)
    found.acknowledge(answer_to(KEY))
    found.renew(50.0)
    found.acknowledge(answer_to(KEY, "OPSP0001"))
    found.next_order(51.0)
    found.acknowledge(answer_to(KEY, "OPSP0007"))
    # The first wait of all, not the second.
    assert found.next_at(51.0) == 66.0


def test_data_confirm_a_row_in_every_state_but_a_released_one() -> None:
    after = {
        S.SENT: (True, S.ACTIVE),
        S.ACTIVE: (True, S.ACTIVE),
        S.UNCONFIRMED: (True, S.ACTIVE),
        S.RELEASING: (True, S.RELEASING),
        S.STUCK: (True, S.STUCK),
        S.REFUSED: (True, S.ACTIVE),
    }
    for before, wanted in after.items():
        found = in_state(before)
        is_asked = found.confirm(KEY.tr_id, KEY.code)
        assert (is_asked, found.statuses()[KEY].state) == wanted
    failed = in_state(S.SENT)
    failed.acknowledge(answer_to(KEY, "OPSP0007"))
    assert not failed.confirm(KEY.tr_id, KEY.code)


def test_data_of_a_refused_row_need_a_slot() -> None:
    found = Registrations(limit=1)
    found.request([KEY, key(1)])
    found.next_order(0.0)
    found.acknowledge(answer_to(KEY, "OPSP8992"))
    found.next_order(1.0)
    found.acknowledge(answer_to(key(1)))
    assert found.confirm(KEY.tr_id, KEY.code)
    assert found.statuses()[KEY].state is S.REFUSED


def test_the_rows_that_wait_are_those_beyond_the_limit() -> None:
    found = Registrations(limit=2)
    found.request([key(n) for n in range(5)])
    assert (found.waiting, found.targets) == (3, [key(0), key(1)])
    found.next_order(0.0)
    found.acknowledge(answer_to(key(0), "OPSP8992"))
    assert (found.waiting, found.targets) == (2, [key(1), key(2)])
    found.request([key(1)])
    assert (found.waiting, found.targets) == (0, [key(1)])


def test_a_new_row_has_no_state_and_no_slot() -> None:
    assert RegistrationEntry() == RegistrationEntry(S.NONE, 0.0, 0, 0, "", "", 0.0)
    assert RegistrationStatus(S.NONE) == RegistrationStatus(S.NONE, "", 0.0, "")
    found = Registrations()
    assert (found.used, found.unanswered, found.unasked, found.waiting) == (0, 0, 0, 0)
    assert (found.next_at(5.0), found.is_settled(5.0), found.is_complete) == (65.0, True, True)
