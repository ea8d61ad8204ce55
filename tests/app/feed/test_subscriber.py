"""The registrations that are requested of a session: when they are looked at, and how fast."""

from datetime import datetime
from math import inf

import pytest

from app.feed.demand import WatchRequest
from app.feed.feed_settings import FeedSettings
from app.feed.registrations import RegistrationKey
from app.feed.session import LinkSession
from app.feed.subscriber import LOOK_EVERY, Subscriber
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import KST
from app.system.secret import Secret
from specs.catalog import Absent, Session

EVENING = datetime(2026, 11, 20, 19, tzinfo=KST)
NOON = datetime(2026, 11, 20, 12, tzinfo=KST)
CODES = ("A01612", "B01612A18", "A11612")
AT_NIGHT = [RegistrationKey("H0MFCNT0", CODES[0]), RegistrationKey("H0EUCNT0", CODES[1])]


@pytest.fixture
def session() -> LinkSession:
    return LinkSession(lambda: 0.5)


@pytest.fixture
def subscriber(session: LinkSession) -> Subscriber:
    settings = FeedSettings(Endpoints(), Credentials(Secret(""), Secret(""), ""))
    return Subscriber(session, settings)


def test_before_anything_is_watched_nothing_is_demanded(subscriber: Subscriber) -> None:
    assert (subscriber.due, subscriber.watched) == (-inf, [])
    assert (subscriber.demand.registrations, subscriber.demand.asleep) == ((), {})
    # The session turns, though nobody wants anything of it.
    assert subscriber.poll(EVENING, 100.0) == []
    assert subscriber.due == 101.0


def test_a_request_is_looked_at_at_once_and_then_each_second(
    subscriber: Subscriber, session: LinkSession
) -> None:
    assert LOOK_EVERY == 1.0
    subscriber.update_request(WatchRequest(CODES))
    assert subscriber.due == -inf
    assert subscriber.poll(EVENING, 100.0)
    assert list(session.registrations.wanted)[:2] == AT_NIGHT
    assert subscriber.demand.asleep == {"A11612": Absent.STOCK_AT_NIGHT}
    assert subscriber.poll(EVENING, 100.9) is None
    assert subscriber.poll(EVENING, 101.0) is None
    assert subscriber.due == 102.0
    subscriber.update_request(WatchRequest(CODES[:1]))
    assert subscriber.poll(EVENING, 101.1) is not None
    assert [one.code for one in session.registrations.wanted] == ["A01612", "A01612"]
    # The same codes in another order of sight: looked at, and nothing is to be sent.
    subscriber.update_request(WatchRequest(CODES[:1], focus="A01612"))
    assert subscriber.poll(EVENING, 101.2) == []


def test_the_session_turns_by_the_clock_and_is_sent_briskly(
    subscriber: Subscriber, session: LinkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    paces: list[bool] = []
    request = session.request

    def requested(keys: object, now: float, *, brisk: bool) -> list[object]:
        paces.append(brisk)
        return request(keys, now, brisk=brisk)  # type: ignore[arg-type,return-value]

    monkeypatch.setattr(session, "request", requested)
    subscriber.update_request(WatchRequest(CODES))
    subscriber.poll(NOON, 100.0)
    assert [session_ for _, session_ in subscriber.watched] == [Session.DAY] * 3
    assert subscriber.demand.asleep == {}
    subscriber.update_request(WatchRequest(CODES[:2]))
    subscriber.poll(NOON, 100.1)
    subscriber.poll(EVENING, 200.0)
    assert [(one.code, session_) for one, session_ in subscriber.watched] == [
        (CODES[0], Session.NIGHT),
        (CODES[1], Session.NIGHT),
    ]
    assert paces == [True, False, True]


def test_watched_contracts_are_those_with_a_code(subscriber: Subscriber) -> None:
    subscriber.update_request(WatchRequest(("A01612", "nonsense")))
    # Before the first look the session is taken for the day's.
    assert [(one.code, session) for one, session in subscriber.watched] == [("A01612", Session.DAY)]


def test_another_list_takes_the_slots_at_once(subscriber: Subscriber, session: LinkSession) -> None:
    session.registrations.limit = 2
    lists = frozenset((CODES[0],)), frozenset((CODES[1],))
    subscriber.update_request(WatchRequest(CODES[:2], CODES[0], lists[0], others=lists[1]))
    subscriber.poll(EVENING, 100.0)
    assert {key.code for key in list(session.registrations.wanted)[:2]} == {CODES[0]}
    codes = (CODES[1], CODES[0])
    subscriber.update_request(WatchRequest(codes, CODES[1], lists[1], others=lists[0]))
    subscriber.poll(EVENING, 100.1)
    assert {key.code for key in list(session.registrations.wanted)[:2]} == {CODES[1]}
