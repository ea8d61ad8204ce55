"""When a session sends control messages: its pace, its window, and its limit a minute."""

from math import inf

import pytest
from harness.registration_orders import key

from app.feed.connection import LinkPhase
from app.feed.events import KeyIssued, SendControl, SocketOpened, TimePassed
from app.feed.session import A_MINUTE, BRISK, CALM, DEBOUNCE, WINDOW, LinkSession
from specs.control import Ack


def opened(rows: int = 6, limit: int = 41) -> LinkSession:
    """Return a session that wants some rows and whose socket opened at 100 seconds."""
    session = LinkSession(lambda: 0.5, limit)
    session.request([key(n) for n in range(rows)], 99.0, brisk=True)
    session.event(KeyIssued(), 99.5)
    session.event(SocketOpened(), 100.0)
    return session


def sent(session: LinkSession, now: float) -> list[SendControl]:
    """Return the control messages of one moment, in which the server is heard."""
    found = session.poll(TimePassed(now), now)
    return [one for one in found if isinstance(one, SendControl)]


def answer(session: LinkSession, messages: list[SendControl], now: float) -> None:
    for one in messages:
        code = "OPSP0000" if one.register else "OPSP0001"
        session.answer(Ack(one.key.tr_id, one.key.code, code, ""), now)


def settled(rows: int = 6) -> tuple[LinkSession, float]:
    """Return a session that holds all its rows, and when that was."""
    session, now = opened(rows), 100.0
    while session.connection.phase is not LinkPhase.LIVE:
        answer(session, sent(session, now), now)
        now = round(now + 0.1, 6)
        assert now < 130
    return session, now


def test_a_new_session_has_sent_nothing() -> None:
    session = LinkSession(lambda: 0.5)
    assert (session.unasked, session.last_data, session.registrations.limit) == (0, -inf, 41)
    assert session.connection.phase is LinkPhase.OFF
    assert session.next_at(5.0) == session.connection.next_at
    assert (BRISK, CALM, DEBOUNCE, WINDOW, A_MINUTE) == (0.1, 0.2, 0.3, 3, 120)


def test_the_first_message_is_answered_before_another_one_goes_out() -> None:
    session = opened()
    [first] = sent(session, 100.0)
    assert (first.key, first.register) == (key(0), True)
    assert sent(session, 101.0) == []
    assert session.next_at(101.0) == 102.0
    answer(session, [first], 101.0)
    assert session.connection.phase is LinkPhase.RESTORE


def test_messages_go_out_a_tenth_apart_and_three_wait_for_answers() -> None:
    session = opened()
    answer(session, sent(session, 100.0), 100.0)
    assert session.next_at(100.0) == 100.1
    found = []
    for tenth in range(9):
        now = round(100.0 + tenth / 10, 6)
        found += [(one.key, now) for one in sent(session, now)]
    assert found == [(key(1), 100.1), (key(2), 100.2), (key(3), 100.3)]
    assert session.next_at(100.8) == 101.8
    answer(session, [SendControl(key(2), register=True)], 100.8)
    assert [one.key for one in sent(session, 100.8)] == [key(4)]


def test_an_overdue_answer_is_asked_for_in_a_full_window() -> None:
    session = opened()
    answer(session, sent(session, 100.0), 100.0)
    for now in (100.1, 100.2, 100.3):
        assert sent(session, now)
    assert sent(session, 105.0) == []
    assert [one.key for one in sent(session, 105.2)] == [key(1)]
    assert [one.key for one in sent(session, 105.4)] == [key(2)]


def test_a_change_of_the_user_waits_for_the_next_ones_and_is_sent_calmly() -> None:
    session, now = settled(3)
    session.request([key(n) for n in range(6)], now, brisk=False)
    assert session.next_at(now) == pytest.approx(now + DEBOUNCE)
    session.request([key(n) for n in range(7)], now + 0.2, brisk=False)
    assert sent(session, now + 0.4) == []
    first = sent(session, now + 0.6)
    assert [one.key for one in first] == [key(3)]
    assert session.next_at(now + 0.6) == pytest.approx(now + 0.8)
    assert sent(session, now + 0.75) == []
    assert [one.key for one in sent(session, now + 0.9)] == [key(4)]


def test_a_change_of_the_session_is_sent_at_once_and_briskly() -> None:
    session, now = settled(3)
    session.request([key(n) for n in range(6)], now + 5, brisk=True)
    # What a user changes meanwhile does not slow it down.
    session.request([key(n) for n in range(7)], now + 5, brisk=False)
    assert [one.key for one in sent(session, now + 5)] == [key(3)]
    assert [one.key for one in sent(session, now + 5.15)] == [key(4)]


def test_data_of_a_row_answer_the_first_message() -> None:
    session, phases = opened(), list[LinkPhase]()
    assert not session.confirm(key(0).tr_id, key(0).code, 100.0)
    sent(session, 100.0)
    phases.append(session.connection.phase)
    assert not session.confirm(key(9).tr_id, key(9).code, 100.5)
    phases.append(session.connection.phase)
    assert session.confirm(key(0).tr_id, key(0).code, 100.5)
    phases.append(session.connection.phase)
    assert phases == [LinkPhase.PROBE, LinkPhase.PROBE, LinkPhase.RESTORE]


def test_answers_of_the_session_change_no_row() -> None:
    session = opened()
    [first] = sent(session, 100.0)
    effects = session.answer(Ack(first.key.tr_id, first.key.code, "OPSP8996", ""), 100.1)
    assert effects
    assert session.connection.phase is LinkPhase.CLOSING
    other = opened()
    sent(other, 100.0)
    assert other.answer(Ack("H0EUCNT0", "B01612A99", "OPSP0000", ""), 100.1) == []
    assert other.connection.phase is LinkPhase.PROBE
    assert other.unasked == 1


def test_a_session_whose_socket_is_not_open_sends_nothing() -> None:
    session = LinkSession(lambda: 0.5)
    session.request([key(0)], 99.0, brisk=True)
    assert sent(session, 99.1) == []
    assert session.next_at(99.1) == session.connection.next_at


def test_an_idle_session_is_looked_at_each_second() -> None:
    session, now = settled(2)
    assert session.connection.phase is LinkPhase.LIVE
    assert session.next_at(now) == now + 1.0
