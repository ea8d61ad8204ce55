"""The ledger: what is registered, in which order, and never above the limit."""

from harness.registration_orders import all_sent, answer_to, confirm_orders, key, send_orders
from hypothesis import given
from hypothesis import strategies as st

from app.feed.registrations import (
    LIMIT,
    Registrations,
    RegistrationState,
    RegistrationStatus,
)


def test_registrations_go_out_most_wanted_first() -> None:
    registrations = Registrations()
    registrations.request([key(n) for n in range(5)])
    assert send_orders(registrations, 0, 2) == [(key(n), True) for n in range(5)]
    assert registrations.unanswered == registrations.used == 5


def test_the_limit_holds_and_the_rest_waits_for_a_slot() -> None:
    registrations = Registrations()
    registrations.request([key(n) for n in range(45)])
    confirm_orders(registrations, send_orders(registrations, 0, 5))
    assert registrations.used == LIMIT
    assert registrations.statuses()[key(44)] == RegistrationStatus(RegistrationState.NO_SLOT)
    assert registrations.waiting == 4
    assert registrations.is_settled(5)
    assert registrations.is_complete


def test_what_is_wanted_more_takes_the_slot_of_what_is_wanted_less() -> None:
    registrations = Registrations(limit=2)
    registrations.request([key(0), key(1)])
    confirm_orders(registrations, send_orders(registrations, 0, 1))
    registrations.request([key(9), key(0), key(1)])
    assert send_orders(registrations, 1, 2) == [(key(1), False)]
    registrations.acknowledge(answer_to(key(1), "OPSP0001"))
    assert send_orders(registrations, 2, 3) == [(key(9), True)]
    assert registrations.statuses()[key(1)].state is RegistrationState.NO_SLOT


def test_a_release_comes_first_and_frees_its_slot_only_when_acknowledged() -> None:
    registrations = Registrations(limit=2)
    registrations.request([key(0), key(1)])
    confirm_orders(registrations, send_orders(registrations, 0, 1))
    registrations.request([key(1), key(2)])
    assert send_orders(registrations, 1, 2) == [(key(0), False)]
    assert registrations.used == 2
    registrations.acknowledge(answer_to(key(0), "OPSP0003"))
    assert send_orders(registrations, 2, 3) == [(key(2), True)]


def test_an_answer_that_never_comes_is_asked_for_twice_and_data_confirms() -> None:
    registrations = Registrations()
    registrations.request([key(0)])
    assert send_orders(registrations, 0, 20) == [(key(0), True), (key(0), True)]
    assert registrations.statuses()[key(0)].state is RegistrationState.UNCONFIRMED
    assert registrations.confirm("H0EUCNT0", key(0).code)
    assert registrations.statuses()[key(0)].state is RegistrationState.ACTIVE


def test_a_release_that_nobody_answers_keeps_its_slot_and_is_not_repeated_for_ever() -> None:
    registrations = Registrations()
    registrations.request([key(0)])
    confirm_orders(registrations, send_orders(registrations, 0, 1))
    registrations.request([])
    assert send_orders(registrations, 1, 60) == [(key(0), False), (key(0), False)]
    assert (registrations.used, registrations.is_settled(60)) == (1, True)
    registrations.request([key(0)])
    assert send_orders(registrations, 60, 61) == [(key(0), True)]


def test_a_refused_code_is_not_tried_again_in_the_session_and_gives_its_slot_away() -> None:
    registrations = Registrations(limit=1)
    registrations.request([key(0), key(1)])
    send_orders(registrations, 0, 1)
    registrations.acknowledge(answer_to(key(0), "OPSP8992"))
    assert (registrations.statuses()[key(0)].state, registrations.statuses()[key(0)].code) == (
        RegistrationState.REFUSED,
        "OPSP8992",
    )
    orders = send_orders(registrations, 1, 4)
    assert orders == [(key(1), True)]
    confirm_orders(registrations, orders)
    assert send_orders(registrations, 4, 300) == []
    registrations.new_session()
    assert send_orders(registrations, 300, 301) == [(key(0), True)]


def test_an_internal_error_of_the_server_is_retried_three_times_at_most() -> None:
    registrations = Registrations()
    registrations.request([key(0)])
    tries = []
    for second in range(600):
        if send_orders(registrations, second, second + 1):
            tries.append(second)
            registrations.acknowledge(answer_to(key(0), "OPSP0007"))
    assert tries == [0, 15, 60, 180]
    assert registrations.statuses()[key(0)].state is RegistrationState.REFUSED


def test_a_lower_limit_is_learned_from_the_server() -> None:
    registrations = Registrations()
    registrations.request([key(n) for n in range(5)])
    orders = send_orders(registrations, 0, 0.3)
    confirm_orders(registrations, orders[:2])
    registrations.acknowledge(answer_to(key(2), "OPSP0008"))
    assert registrations.limit == 2
    assert send_orders(registrations, 0.3, 3) == []
    assert registrations.statuses()[key(2)].state is RegistrationState.NO_SLOT


def test_a_probe_repeats_a_registration_that_is_held_and_costs_no_slot() -> None:
    registrations = Registrations()
    registrations.request([key(0), key(1)])
    assert registrations.probe() is None
    confirm_orders(registrations, send_orders(registrations, 0, 1))
    order = registrations.probe()
    assert order is not None
    assert (order.key, order.register) == (key(0), True)
    registrations.acknowledge(answer_to(key(0), "OPSP0002"))
    assert (registrations.used, registrations.unanswered) == (2, 0)


def test_answers_and_data_that_nobody_asked_for_change_nothing() -> None:
    registrations = Registrations()
    registrations.request([key(0)])
    assert not registrations.acknowledge(answer_to(key(9)))
    assert not registrations.confirm("H0EUCNT0", key(9).code)
    assert not registrations.confirm("H0EUCNT0", key(0).code)
    assert (registrations.used, registrations.unasked) == (0, 1)


def test_the_time_without_data_runs_on_through_a_renewal_and_a_reconnect() -> None:
    registrations = all_sent(1)
    registrations.acknowledge(answer_to(key(0)))
    begun = registrations.statuses()[key(0)].since
    registrations.renew(100.0)
    registrations.acknowledge(answer_to(key(0), "OPSP0001"))
    assert send_orders(registrations, 101, 102) == [(key(0), True)]
    registrations.acknowledge(answer_to(key(0)))
    assert registrations.statuses()[key(0)].since == begun
    registrations.new_session()
    assert send_orders(registrations, 200, 201) == [(key(0), True)]
    assert registrations.statuses()[key(0)].since == begun
    registrations.acknowledge(answer_to(key(0)))
    assert registrations.statuses()[key(0)].since == begun


def test_the_time_without_data_begins_when_the_server_takes_a_row() -> None:
    registrations = all_sent(1)
    registrations.acknowledge(answer_to(key(0), "OPSP0007"))
    assert send_orders(registrations, 15, 16) == [(key(0), True)]
    registrations.acknowledge(answer_to(key(0)))
    assert registrations.statuses()[key(0)].since == 15


def test_the_time_without_data_begins_anew_for_a_row_that_had_no_slot_or_was_not_wanted() -> None:
    registrations = all_sent(1, limit=1)
    registrations.acknowledge(answer_to(key(0)))
    registrations.request([key(1), key(0)])
    confirm_orders(registrations, send_orders(registrations, 50, 51))
    confirm_orders(registrations, send_orders(registrations, 51, 52))
    registrations.request([key(0), key(1)])
    confirm_orders(registrations, send_orders(registrations, 60, 61))
    confirm_orders(registrations, send_orders(registrations, 61, 62))
    assert registrations.statuses()[key(0)].since >= 60
    registrations.request([])
    confirm_orders(registrations, send_orders(registrations, 70, 71))
    registrations.request([key(0)])
    confirm_orders(registrations, send_orders(registrations, 80, 81))
    assert registrations.statuses()[key(0)].since == 80


codes = st.sampled_from(
    ["OPSP0000", "OPSP0001", "OPSP0002", "OPSP0003", "OPSP0007", "OPSP0008", "OPSP8992", "?"]
)
results = st.sampled_from(["0", "1", ""])
moves = st.one_of(
    st.tuples(st.just("want"), st.lists(st.integers(0, 12), max_size=8)),
    st.tuples(st.just("ack"), st.tuples(st.integers(0, 12), codes, results)),
    st.tuples(st.just("data"), st.integers(0, 12)),
    st.tuples(st.just("wait"), st.floats(0.1, 30)),
)


@given(st.lists(moves, max_size=60), st.integers(1, 6))
def test_slots_never_exceed_the_limit_whatever_the_server_says(
    moves: list[tuple[str, object]], limit: int
) -> None:
    registrations = Registrations(limit=limit)
    now = 0.0
    for move, what in moves:
        match move, what:
            case "want", list(numbers):
                registrations.request([key(n) for n in numbers])
            case "ack", (int(number), str(code), str(result)):
                registrations.acknowledge(answer_to(key(number), code, result))
            case "data", int(number):
                registrations.confirm(key(number).tr_id, key(number).code)
            case "wait", float(seconds):
                now += seconds
        for _ in range(3):
            now += 0.1
            due = registrations.next_at(now)
            order = registrations.next_order(now)
            assert order is None or due <= now
            if order is not None and order.register:
                assert order.key in registrations.targets
            assert registrations.used <= limit
