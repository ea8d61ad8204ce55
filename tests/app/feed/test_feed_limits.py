"""Waits, ages and counts of the feed at their bounds, as figures instead of its constants."""

from collections.abc import Callable
from datetime import UTC, datetime
from math import inf, isnan

import pytest
from harness.registration_orders import answer_to, confirm_orders, key, send_orders

from app.feed import backoff
from app.feed.batch import LinkState
from app.feed.dial_budget import DialBudget
from app.feed.liveness import Liveness
from app.feed.phase import LinkPhase
from app.feed.registrations import Registrations, RegistrationState
from app.feed.retry_after import retry_after
from app.feed.server_clock import ServerClock
from app.feed.session import LinkSession
from app.screens.link_text import link_words
from widgets.texts import t

NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wait", "counts", "least", "most"),
    [
        (backoff.reached, (0, 1, 4, 5, 12, 13), (1, 2, 16, 30, 30, 150), (2, 4, 32, 60, 60, 300)),
        (backoff.immediate, (0, 1, 4, 5, 9), (2.5, 5, 40, 60, 60), (5, 10, 80, 120, 120)),
        (backoff.unstable, (0, 1, 4, 5, 9), (5, 10, 80, 150, 150), (10, 20, 160, 300, 300)),
        (backoff.key, (0, 1, 3, 4, 9), (30, 60, 240, 300, 300), (60, 120, 480, 600, 600)),
        (backoff.blocked, (0, 1, 2, 9), (720, 1440, 2880, 3600), (1080, 2160, 3600, 3600)),
        (backoff.occupied, (0, 2, 5, 6), (25.5, 38.25, 102, 510), (34.5, 51.75, 138, 690)),
        (lambda count, draw: backoff.after_stable(draw), (0,), (0.5,), (2,)),
        (lambda count, draw: backoff.local(draw), (0,), (10,), (15,)),
        (lambda count, draw: backoff.untrusted(draw), (0,), (480,), (720,)),
    ],
)  # fmt: skip
def test_a_wait_lies_between_its_bounds_by_the_draw(
    wait: Callable[[int, float], float],
    counts: tuple[int, ...],
    least: tuple[float, ...],
    most: tuple[float, ...],
) -> None:
    for count, low, high in zip(counts, least, most, strict=True):
        assert wait(count, 0.0) == pytest.approx(low)
        assert wait(count, 1.0) == pytest.approx(high)
        assert low <= wait(count, 0.5) <= high


@pytest.mark.parametrize(
    ("dials", "now", "next_at"),
    [
        ([], 50, 50),
        ([0.0] * 11, 1, 1),
        ([0.0] * 12, 1, 600),
        ([0.0] * 12, 599.9, 600),
        ([0.0] * 12, 600, 600),
        ([0.0, *[10.0] * 12], 20, 610),
        ([700.0 * n for n in range(30)], 20_301, 20_301),
        ([100.0 * n for n in range(30)], 3001, 3600),
        ([250.0 * n for n in range(150)], 37_251, 43_200),
        ([250.0 * n for n in range(149)], 37_251, 37_251),
    ],
)
def test_a_dial_waits_for_every_window_of_the_budget(
    dials: list[float], now: float, next_at: float
) -> None:
    """12 dials in 10 minutes, 30 in an hour, 150 in 12 hours."""
    budget = DialBudget(tuple(dials))
    assert budget.next_at(now) == next_at


def test_a_dial_is_kept_for_twelve_hours_and_refunded_once() -> None:
    budget = DialBudget((0.0, 1.0)).spend(43_200.0)
    assert budget.spent == (1.0, 43_200.0)
    assert budget.refund().spent == (1.0,)


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"Retry-After": "7"}, 7), (503, {"Retry-After": " 600 "}, 600),
        (503, {"Retry-After": "601"}, 600), (500, {"Retry-After": "7"}, 0), (429, {}, 0),
        (429, {"Retry-After": "-7"}, 0), (429, {"Retry-After": "soon"}, 0),
        (429, {"Retry-After": "²"}, 0),
        (503, {"Retry-After": "Mon, 30 Nov 2026 10:00:30 GMT"}, 30),
        (503, {"Retry-After": "Mon, 30 Nov 2026 09:59:30 GMT"}, 0),
        (503, {"Retry-After": "Mon, 30 Nov 2026 11:00:00 GMT"}, 600),
        (503, {"Retry-After": "Mon, 30 Nov 2026 10:00:30 GMT",
               "Date": "Mon, 30 Nov 2026 10:00:10 GMT"}, 20),
    ],
)  # fmt: skip
def test_retry_after_is_granted_up_to_ten_minutes(
    status: int, headers: dict[str, str], seconds: float
) -> None:
    assert retry_after(status, headers, NOW) == seconds


@pytest.mark.parametrize(
    ("intervals", "notice", "suspect", "hard", "trusted"),
    [
        ((), 15, 30, 120, False),
        ((60.0, 60.0), 90, 120, 120, False),
        ((10.0, 10.0, 10.0), 15, 30, 45, True),
        ((20.0, 20.0, 20.0), 30, 40, 60, True),
        ((20.0, 30.0, 20.0), 45, 60, 90, True),
        ((90.0, 20.0, 20.0, 20.0, 20.0, 20.0), 30, 40, 60, True),
        ((60.0, 60.0, 60.0), 90, 120, 120, True),
    ],
)
def test_silence_is_judged_by_the_longest_of_the_last_five_intervals(
    intervals: tuple[float, ...], notice: float, suspect: float, hard: float, trusted: bool
) -> None:
    silence, now = Liveness().ping(100.0), 100.0
    for interval in intervals:
        now += interval
        silence = silence.ping(now)
    assert (silence.notice, silence.suspect, silence.hard) == (notice, suspect, hard)
    assert silence.trusted is trusted
    assert silence.new_session() == Liveness()


def test_probes_are_a_minute_apart_and_sixty_a_session() -> None:
    silence = Liveness()
    assert silence.may_begin(0.0)
    silence = silence.start_probing(100.0)
    assert (silence.began_at, silence.probed_at, silence.probes, silence.in_a_row) == (
        100,
        100,
        1,
        1,
    )
    assert not silence.may_begin(159.9)
    assert silence.may_begin(160.0)
    silence = silence.record_probe(105.0)
    assert (silence.began_at, silence.probed_at, silence.probes, silence.in_a_row) == (
        100,
        105,
        2,
        2,
    )
    assert silence.reset().in_a_row == 0
    assert silence.reset().probes == 2
    for number in range(57):
        silence = silence.start_probing(200.0 + 60 * number)
    assert silence.probes == 59
    assert silence.may_begin(9000.0)
    assert not silence.start_probing(9000.0).may_begin(10_000.0)
    assert silence.answered().new_session().answers
    assert silence.answered().trusted


def clock_of(*pings: tuple[float, float]) -> ServerClock:
    """A clock after PINGPONGs: how far ahead they were, and when they came."""
    clock = ServerClock()
    for ahead, at in pings:
        sent = datetime.fromtimestamp(NOW.timestamp() + ahead, UTC)
        clock.apply(f"{sent:%Y%m%d%H%M%S}", NOW, at)
    return clock


@pytest.mark.parametrize(
    ("pings", "skew"),
    [
        ([(-4, 0)], -4), ([(-5, 0)], None), ([(-9, 0), (-9, 5)], None),
        ([(-9, 0), (-8, 5), (-7, 10)], -7), ([(-9, 0), (-9, 1.9), (-9, 3.8)], None),
        ([(-9, 0), (-9, 2), (-9, 4)], -9), ([(7, 0)], 7),
        ([(9, 0), (1, 5), (2, 10), (3, 15)], 3), ([(-9, 0), (-3, 1), (-9, 5)], -3),
    ],
)  # fmt: skip
def test_server_clock_is_the_largest_of_three_pingpongs(
    pings: list[tuple[float, float]], skew: float | None
) -> None:
    found = clock_of(*pings).skew
    assert isnan(found) if skew is None else found == skew


@pytest.mark.parametrize(
    ("age", "silent"), [(0.0, False), (14.9, False), (15.0, True), (99.0, True), (inf, False)]
)
def test_link_words_name_the_silence_from_its_notice_on(age: float, silent: bool) -> None:
    link = LinkState(LinkPhase.LIVE, last_message=100.0 - age)
    assert (link_words(link, 100.0) == t("link.live")) is not silent


@pytest.mark.parametrize(
    ("phase", "next_at", "failures", "key_", "count"),
    [
        (LinkPhase.BACKOFF, 130.0, 3, "link.next_try", 3),
        (LinkPhase.BACKOFF, 130.0, 0, "link.first_try", 0),
        (LinkPhase.OCCUPIED, inf, 0, "link.by_hand", 0),
        (LinkPhase.FATAL, inf, 2, "link.by_hand", 2),
    ],
)
def test_link_words_end_with_the_next_try(
    phase: LinkPhase, next_at: float, failures: int, key_: str, count: int
) -> None:
    words = link_words(LinkState(phase, next_at=next_at, failures=failures), 100.0)
    tail = t(key_) if key_ == "link.by_hand" else t(key_, span="30초", count=count)
    assert words.endswith(tail)


def test_an_unanswered_message_is_due_again_after_five_seconds_and_given_up_after_ten() -> None:
    registrations = Registrations()
    registrations.request([key(0)])
    assert registrations.next_at(0.0) == 0.0
    assert registrations.next_order(0.0) is not None
    assert (registrations.next_at(1.0), registrations.is_settled(1.0)) == (5.0, False)
    assert registrations.overdue(4.9) is None
    again = registrations.overdue(5.0)
    assert again is not None
    assert again.register
    assert registrations.next_at(6.0) == 10.0
    assert registrations.overdue(9.9) is None
    assert registrations.statuses()[key(0)].state is RegistrationState.SENT
    assert registrations.overdue(10.0) is None
    assert registrations.statuses()[key(0)].state is RegistrationState.UNCONFIRMED
    assert (registrations.next_at(11.0), registrations.is_settled(11.0)) == (71.0, True)


def test_a_retry_is_due_when_its_wait_is_over_and_not_without_a_slot() -> None:
    registrations = Registrations(limit=1)
    registrations.request([key(0), key(1)])
    send_orders(registrations, 0, 0.1)
    registrations.acknowledge(answer_to(key(0), "OPSP0007"))
    assert registrations.next_at(1.0) == 15.0
    assert not registrations.is_settled(15.0)
    assert registrations.next_order(14.9) is None
    assert registrations.next_order(15.0) is not None


def test_a_renewal_releases_the_most_wanted_row_and_registers_it_again() -> None:
    registrations = Registrations()
    registrations.request([key(1), key(0)])
    assert registrations.renew(0.0) is None
    confirm_orders(registrations, send_orders(registrations, 0, 1))
    order = registrations.renew(50.0)
    assert order is not None
    assert (order.key, order.register) == (key(1), False)
    assert registrations.statuses()[key(1)].state is RegistrationState.RELEASING
    assert registrations.overdue(54.9) is None
    registrations.acknowledge(answer_to(key(1), "OPSP0001"))
    again = registrations.next_order(51.0)
    assert again is not None
    assert (again.key, again.register) == (key(1), True)


def test_a_session_knows_no_message_without_a_socket() -> None:
    session = LinkSession(lambda: 0.5)
    session.request([key(0)], 10.0, brisk=False)
    assert session.next_at(10.0) == session.connection.next_at
    assert session.last_data == -inf


def test_a_refusal_is_dropped_with_the_row_that_is_no_longer_wanted() -> None:
    registrations = Registrations()
    registrations.request([key(0), key(1)])
    send_orders(registrations, 0, 1)
    registrations.acknowledge(answer_to(key(0), "OPSP8992"))
    assert registrations.refused == [key(0)]
    registrations.request([key(1)])
    assert registrations.refused == []
    registrations.request([key(0), key(1)])
    order = registrations.next_order(10.0)
    assert order is not None
    assert (order.key, order.register) == (key(1), True)


def test_at_most_120_messages_a_minute_are_sent_after_a_users_changes() -> None:
    session = LinkSession(lambda: 0.5)
    session._brisk = False
    session._sent.extend(100.0 + second / 2 for second in range(120))
    assert session._ready_at() == 160.0
    session._sent.append(160.0)
    assert session._ready_at() == 160.5
    session._sent.clear()
    session._sent.append(159.9)
    assert session._ready_at() == pytest.approx(160.1)
    session._changed_at = 159.95
    assert session._ready_at() == pytest.approx(160.25)
    session._brisk = True
    assert session._ready_at() == pytest.approx(160.0)
