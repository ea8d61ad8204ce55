"""Several sessions as one, without a socket: which is dead or needed, and which speaks for all."""

from math import inf

import pytest
from harness.keyed_sessions import ListedLink
from msgspec.structs import replace

from app.feed.events import IssueKey
from app.feed.key_sessions import CUT_OFF, KeySessions
from app.feed.phase import LinkPhase
from app.feed.registration_state import RegistrationKey, RegistrationState
from app.feed.session import LinkSession
from specs.control import Ack

PAIRS = [RegistrationKey("H0EUCNT0", f"B01612A{at}") for at in range(10, 40)]
LIMIT = 10
LIVE, SUSPECT, DEGRADED = LinkPhase.LIVE, LinkPhase.SUSPECT, LinkPhase.DEGRADED
DIAL, BACKOFF, OCCUPIED = LinkPhase.DIAL, LinkPhase.BACKOFF, LinkPhase.OCCUPIED


class Keys:
    """Sessions of keys by the names a, b, c, which are put into any phase."""

    def __init__(self, *phases: LinkPhase) -> None:
        self.links = [
            ListedLink(name, LinkSession(lambda: 0.5, LIMIT)) for name in "abc"[: len(phases)]
        ]
        self.sessions = KeySessions(self.links)
        for at, phase in enumerate(phases):
            self.turn(at, phase)

    def turn(self, at: int, phase: LinkPhase) -> None:
        session = self.links[at].session
        session.connection = replace(session.connection, phase=phase)

    def request(self, count: int, now: float = 0.0) -> list[int]:
        """Want so many registrations; return how many each key wants then."""
        self.sessions.poll(now)
        self.sessions.request(PAIRS[:count], now, brisk=False)
        return self.wanted

    @property
    def wanted(self) -> list[int]:
        return [len(link.session.registrations.wanted) for link in self.links]

    @property
    def needed(self) -> list[bool]:
        return [link.session.connection.is_wanted for link in self.links]

    def register(self) -> None:
        """Have KIS accept everything that is wanted."""
        for link in self.links:
            registrations = link.session.registrations
            while (order := registrations.next_order(0.0)) is not None:
                key = order.key
                registrations.acknowledge(Ack(key.tr_id, key.code, "OPSP0000", ""))


def test_only_the_keys_that_are_needed_ask_for_a_session() -> None:
    keys = Keys(LinkPhase.OFF, LinkPhase.OFF, LinkPhase.OFF)
    assert keys.request(LIMIT + 1) == [LIMIT, 1, 0]
    assert keys.needed == [True, True, False]
    assert [IssueKey() in link.effects for link in keys.links] == [True, True, False]


@pytest.mark.parametrize("phase", [OCCUPIED, LinkPhase.FATAL, LinkPhase.BLOCKED])
def test_key_that_no_wait_mends_hands_on_at_once(phase: LinkPhase) -> None:
    keys = Keys(LIVE, LIVE)
    assert keys.request(14) == [10, 4]
    keys.turn(0, phase)
    assert keys.sessions.poll(0.1)
    assert keys.request(14, 0.1) == [0, 10]
    assert keys.sessions.registrations.waiting == 4


def test_key_that_is_cut_off_keeps_its_registrations_for_a_moment() -> None:
    keys = Keys(LIVE, LIVE)
    keys.request(14)
    keys.turn(0, BACKOFF)
    assert keys.request(14, 1.0) == [10, 4]
    assert keys.sessions.next_at == 1.0 + CUT_OFF
    assert keys.request(14, 1.0 + CUT_OFF - 0.01) == [10, 4]
    assert keys.sessions.poll(1.0 + CUT_OFF)
    assert keys.request(14, 1.0 + CUT_OFF) == [0, 10]
    # What waits for it keeps it trying.
    assert keys.needed == [True, True]
    keys.turn(0, LIVE)
    assert keys.sessions.poll(9.0)
    assert keys.request(14, 9.0) == [4, 10]
    assert keys.sessions.next_at == inf


def test_key_that_is_cut_off_is_not_tried_again_where_the_others_have_room() -> None:
    keys = Keys(LIVE, LIVE)
    keys.request(6)
    keys.turn(0, BACKOFF)
    keys.sessions.poll(0.0)
    assert keys.request(6, CUT_OFF) == [0, 6]
    assert keys.needed == [False, True]


def test_session_that_is_being_closed_is_waited_for() -> None:
    keys = Keys(LIVE, LIVE)
    keys.request(14)
    keys.turn(0, LinkPhase.CLOSING)
    keys.sessions.poll(0.0)
    assert keys.request(14, 10.0) == [10, 4]


def test_registrations_stay_where_they_are_when_all_keys_are_cut_off() -> None:
    keys = Keys(LIVE, LIVE)
    before = keys.request(14)
    for at in range(2):
        keys.turn(at, LinkPhase.OFFLINE)
    keys.sessions.poll(0.0)
    assert keys.request(14, CUT_OFF + 1) == before


def test_key_of_another_program_gets_no_registration_until_it_is_ours() -> None:
    keys = Keys(LIVE, LinkPhase.OFF)
    keys.links[1].is_ours = False
    assert keys.request(14) == [10, 0]
    assert keys.needed == [True, False]
    [_, held] = keys.sessions.key_states
    assert (held.phase, held.reason) == (OCCUPIED, "held")
    keys.links[1].is_ours = True
    assert keys.sessions.poll(1.0)
    assert keys.request(14, 1.0) == [10, 4]


def test_statuses_say_which_key_has_what_and_what_waits() -> None:
    keys = Keys(LIVE, LIVE)
    keys.request(22)
    keys.register()
    statuses = keys.sessions.registrations.statuses()
    assert list(statuses) == PAIRS[:22]
    found = [(one.app_key, one.state) for one in statuses.values()]
    active, no_slot = RegistrationState.ACTIVE, RegistrationState.NO_SLOT
    assert found == [("a", active)] * 10 + [("b", active)] * 10 + [("", no_slot)] * 2
    assert (keys.sessions.registrations.used, keys.sessions.registrations.limit) == (20, 20)


def test_registration_that_one_session_still_releases_is_not_made_in_another() -> None:
    keys = Keys(LIVE, LIVE)
    keys.request(20)
    keys.register()
    keys.sessions.request(PAIRS[1:21], 1.0, brisk=False)
    first = keys.links[0].session.registrations
    order = first.next_order(1.0)
    assert order is not None
    assert (order.key, order.register) == (PAIRS[0], False)
    keys.sessions.poll(1.1)
    keys.sessions.request([*PAIRS[1:11], *PAIRS[12:21], PAIRS[0]], 1.1, brisk=False)
    assert PAIRS[0] not in keys.links[1].session.registrations.wanted


@pytest.mark.parametrize(
    ("phases", "speaks"),
    [
        ((LIVE, LIVE), LIVE),
        ((LIVE, DIAL), LIVE),
        ((OCCUPIED, LIVE), LIVE),
        ((LIVE, DEGRADED), DEGRADED),
        ((LIVE, SUSPECT), SUSPECT),
        ((DIAL, LinkPhase.RESTORE), LinkPhase.RESTORE),
        ((OCCUPIED, BACKOFF), BACKOFF),
        ((LinkPhase.FATAL, OCCUPIED), OCCUPIED),
        ((LinkPhase.FATAL, LinkPhase.FATAL), LinkPhase.FATAL),
    ],
)
def test_one_connection_speaks_for_all(
    phases: tuple[LinkPhase, LinkPhase], speaks: LinkPhase
) -> None:
    keys = Keys(LIVE, LIVE)
    keys.request(20)
    for at, phase in enumerate(phases):
        keys.turn(at, phase)
    assert keys.sessions.connection.phase is speaks


def test_age_is_that_of_the_session_that_has_been_quiet_longest() -> None:
    keys = Keys(LIVE, LIVE)
    keys.request(20)
    keys.links[0].last_message, keys.links[1].last_message = 50.0, 20.0
    assert keys.sessions.last_message()[0] == 20.0
    keys.turn(1, BACKOFF)
    assert keys.sessions.last_message()[0] == 50.0


def test_one_key_alone_is_its_own_session() -> None:
    keys = Keys(LIVE)
    session = keys.links[0].session
    assert keys.sessions.registrations is session.registrations
    assert keys.sessions.connection is session.connection
    assert keys.sessions.key_states == ()
    assert not keys.sessions.poll(100.0)
