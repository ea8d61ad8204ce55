"""The ledger: what is registered, in which order, and never above the limit."""

from hypothesis import given
from hypothesis import strategies as st

from app.feed.registrations import (
    LIMIT,
    RegistrationKey,
    Registrations,
    RegistrationState,
    RegistrationStatus,
)
from app.system.secret import Secret
from specs.control import Ack


def key(number: int) -> RegistrationKey:
    return RegistrationKey("H0EUCNT0", f"B01612A{number:02}")


def ack(k: RegistrationKey, code: str = "OPSP0000", result: str = "", words: str = "") -> Ack:
    return Ack(k.tr_id, k.code, code, words, result)


def sent(ledger: Registrations, start: float, end: float) -> list[tuple[RegistrationKey, bool]]:
    """Every order between two moments, asked for each tenth of a second."""
    orders = []
    for tenth in range(round(start * 10), round(end * 10)):
        order = ledger.next_order(tenth / 10)
        if order is not None:
            orders.append((order.key, order.register))
    return orders


def confirmed(ledger: Registrations, orders: list[tuple[RegistrationKey, bool]]) -> None:
    for k, register in orders:
        ledger.acknowledge(ack(k, "OPSP0000" if register else "OPSP0001"))


def test_registrations_go_out_most_wanted_first() -> None:
    ledger = Registrations()
    ledger.request([key(n) for n in range(5)])
    assert sent(ledger, 0, 2) == [(key(n), True) for n in range(5)]
    assert ledger.unanswered == ledger.used == 5


def test_the_limit_holds_and_the_rest_waits_for_a_slot() -> None:
    ledger = Registrations()
    ledger.request([key(n) for n in range(45)])
    confirmed(ledger, sent(ledger, 0, 5))
    assert ledger.used == LIMIT
    assert ledger.places()[key(44)] == RegistrationStatus(RegistrationState.NO_SLOT)
    assert ledger.waiting == 4
    assert ledger.is_settled(5)
    assert ledger.is_complete


def test_what_is_wanted_more_takes_the_slot_of_what_is_wanted_less() -> None:
    ledger = Registrations(limit=2)
    ledger.request([key(0), key(1)])
    confirmed(ledger, sent(ledger, 0, 1))
    ledger.request([key(9), key(0), key(1)])
    assert sent(ledger, 1, 2) == [(key(1), False)]
    ledger.acknowledge(ack(key(1), "OPSP0001"))
    assert sent(ledger, 2, 3) == [(key(9), True)]
    assert ledger.places()[key(1)].state is RegistrationState.NO_SLOT


def test_a_release_comes_first_and_frees_its_slot_only_when_acknowledged() -> None:
    ledger = Registrations(limit=2)
    ledger.request([key(0), key(1)])
    confirmed(ledger, sent(ledger, 0, 1))
    ledger.request([key(1), key(2)])
    assert sent(ledger, 1, 2) == [(key(0), False)]
    assert ledger.used == 2
    ledger.acknowledge(ack(key(0), "OPSP0003"))
    assert sent(ledger, 2, 3) == [(key(2), True)]


def test_an_answer_that_never_comes_is_asked_for_twice_and_data_confirms() -> None:
    ledger = Registrations()
    ledger.request([key(0)])
    assert sent(ledger, 0, 20) == [(key(0), True), (key(0), True)]
    assert ledger.places()[key(0)].state is RegistrationState.UNCONFIRMED
    assert ledger.confirm("H0EUCNT0", key(0).code)
    assert ledger.places()[key(0)].state is RegistrationState.ACTIVE


def test_a_release_that_nobody_answers_keeps_its_slot_and_is_not_repeated_for_ever() -> None:
    ledger = Registrations()
    ledger.request([key(0)])
    confirmed(ledger, sent(ledger, 0, 1))
    ledger.request([])
    assert sent(ledger, 1, 60) == [(key(0), False), (key(0), False)]
    assert (ledger.used, ledger.is_settled(60)) == (1, True)
    ledger.request([key(0)])
    assert sent(ledger, 60, 61) == [(key(0), True)]


def test_a_refused_code_is_not_tried_again_in_the_session_and_gives_its_slot_away() -> None:
    ledger = Registrations(limit=1)
    ledger.request([key(0), key(1)])
    sent(ledger, 0, 1)
    ledger.acknowledge(ack(key(0), "OPSP8992"))
    assert (ledger.places()[key(0)].state, ledger.places()[key(0)].code) == (
        RegistrationState.REFUSED,
        "OPSP8992",
    )
    orders = sent(ledger, 1, 4)
    assert orders == [(key(1), True)]
    confirmed(ledger, orders)
    assert sent(ledger, 4, 300) == []
    ledger.new_session()
    assert sent(ledger, 300, 301) == [(key(0), True)]


def test_an_internal_error_of_the_server_is_retried_three_times_at_most() -> None:
    ledger = Registrations()
    ledger.request([key(0)])
    tries = []
    for second in range(600):
        if sent(ledger, second, second + 1):
            tries.append(second)
            ledger.acknowledge(ack(key(0), "OPSP0007"))
    assert tries == [0, 15, 60, 180]
    assert ledger.places()[key(0)].state is RegistrationState.REFUSED


def test_a_lower_limit_is_learned_from_the_server() -> None:
    ledger = Registrations()
    ledger.request([key(n) for n in range(5)])
    orders = sent(ledger, 0, 0.3)
    confirmed(ledger, orders[:2])
    ledger.acknowledge(ack(key(2), "OPSP0008"))
    assert ledger.limit == 2
    assert sent(ledger, 0.3, 3) == []
    assert ledger.places()[key(2)].state is RegistrationState.NO_SLOT


def test_a_probe_repeats_a_registration_that_is_held_and_costs_no_slot() -> None:
    ledger = Registrations()
    ledger.request([key(0), key(1)])
    assert ledger.probe() is None
    confirmed(ledger, sent(ledger, 0, 1))
    order = ledger.probe()
    assert order is not None
    assert (order.key, order.register) == (key(0), True)
    ledger.acknowledge(ack(key(0), "OPSP0002"))
    assert (ledger.used, ledger.unanswered) == (2, 0)


def test_answers_and_data_that_nobody_asked_for_change_nothing() -> None:
    ledger = Registrations()
    ledger.request([key(0)])
    assert not ledger.acknowledge(ack(key(9)))
    assert not ledger.confirm("H0EUCNT0", key(9).code)
    assert not ledger.confirm("H0EUCNT0", key(0).code)
    assert (ledger.used, ledger.unasked) == (0, 1)


def registering(rows: int = 2, limit: int = LIMIT) -> Registrations:
    """A ledger whose rows were all sent and not answered yet."""
    ledger = Registrations(limit)
    ledger.request([key(n) for n in range(rows)])
    sent(ledger, 0, rows)
    return ledger


def test_an_undocumented_code_is_a_refusal_of_its_row_and_kept_in_kis_words() -> None:
    ledger = registering()
    assert ledger.acknowledge(ack(key(0), "OPSP4711", "1", "TR not permitted"))
    place = ledger.places()[key(0)]
    assert (place.state, place.refusal) == (
        RegistrationState.REFUSED,
        "OPSP4711 TR not permitted",
    )
    assert ledger.places()[key(1)].state is RegistrationState.SENT
    assert (ledger.unanswered, ledger.used, ledger.unasked) == (1, 1, 0)
    assert sent(ledger, 2, 4) == []


def test_an_undocumented_code_with_success_is_what_was_asked_for() -> None:
    ledger = registering(1)
    assert ledger.acknowledge(ack(key(0), "OPSP0042", "0"))
    assert ledger.places()[key(0)].state is RegistrationState.ACTIVE
    ledger.request([])
    assert sent(ledger, 1, 2) == [(key(0), False)]
    assert ledger.acknowledge(ack(key(0), "OPSP0042", "0"))
    assert (ledger.used, ledger.unanswered) == (0, 0)


def test_an_undocumented_code_without_a_result_leaves_its_row_to_the_data() -> None:
    ledger = registering()
    assert not ledger.acknowledge(ack(key(0), "OPSP4711"))
    assert ledger.places()[key(0)].state is RegistrationState.UNCONFIRMED
    assert (ledger.unanswered, ledger.unasked) == (1, 1)
    assert ledger.confirm(key(0).tr_id, key(0).code)
    assert ledger.places()[key(0)].state is RegistrationState.ACTIVE


def test_a_refused_release_keeps_its_slot_until_the_session_ends() -> None:
    for code, result in (("OPSP4711", "1"), ("OPSP9990", "1"), ("OPSP0007", "1"), ("?", "")):
        ledger = registering(1, limit=1)
        ledger.acknowledge(ack(key(0)))
        ledger.request([key(1)])
        assert sent(ledger, 1, 2) == [(key(0), False)]
        ledger.acknowledge(ack(key(0), code, result))
        assert (ledger.used, sent(ledger, 2, 30)) == (1, []), code
        ledger.acknowledge(ack(key(0), "OPSP0003", "0"))
        assert sent(ledger, 30, 31) == [(key(1), True)]


def test_a_probe_that_is_answered_by_an_undocumented_code_refuses_no_row() -> None:
    ledger = registering(1)
    ledger.acknowledge(ack(key(0)))
    for result in ("0", "1", ""):
        assert ledger.acknowledge(ack(key(0), "OPSP4711", result)) == bool(result)
        assert ledger.places()[key(0)].state is RegistrationState.ACTIVE


def test_an_answer_whose_key_matches_no_row_changes_none() -> None:
    ledger = registering()
    for stranger in (
        RegistrationKey("H0EUCNT0", "B01612A99"),
        RegistrationKey("H0MFCNT0", key(0).code),
        RegistrationKey("(null)", ""),
    ):
        for code, result in (("OPSP8992", "1"), ("OPSP4711", "1"), ("OPSP0000", "0"), ("?", "0")):
            assert not ledger.acknowledge(ack(stranger, code, result))
    assert {place.state for place in ledger.places().values()} == {RegistrationState.SENT}
    assert ledger.unasked == 12


def test_data_of_a_refused_row_confirm_it_while_there_is_a_slot() -> None:
    for limit, standing in ((2, RegistrationState.ACTIVE), (1, RegistrationState.REFUSED)):
        ledger = Registrations(limit)
        ledger.request([key(0), key(1)])
        sent(ledger, 0, 0.1)
        ledger.acknowledge(ack(key(0), "OPSP4711", "1"))
        sent(ledger, 1, 2)
        assert ledger.confirm(key(0).tr_id, key(0).code)
        assert ledger.places()[key(0)].state is standing
        assert ledger.used <= limit


def test_a_refusal_shows_no_secret_that_the_server_repeats() -> None:
    known = Secret("5e17a1ed-0000-4000-8000-a99707a1c0de")
    ledger = registering(1)
    ledger.acknowledge(ack(key(0), "OPSP4711", "1", f"no {known.reveal()}"))
    assert known.reveal() not in ledger.places()[key(0)].refusal


def test_the_time_without_data_runs_on_through_a_renewal_and_a_reconnect() -> None:
    ledger = registering(1)
    ledger.acknowledge(ack(key(0)))
    begun = ledger.places()[key(0)].since
    ledger.renew(100.0)
    ledger.acknowledge(ack(key(0), "OPSP0001"))
    assert sent(ledger, 101, 102) == [(key(0), True)]
    ledger.acknowledge(ack(key(0)))
    assert ledger.places()[key(0)].since == begun
    ledger.new_session()
    assert sent(ledger, 200, 201) == [(key(0), True)]
    assert ledger.places()[key(0)].since == begun
    ledger.acknowledge(ack(key(0)))
    assert ledger.places()[key(0)].since == begun


def test_the_time_without_data_begins_when_the_server_takes_a_row() -> None:
    ledger = registering(1)
    ledger.acknowledge(ack(key(0), "OPSP0007"))
    assert sent(ledger, 15, 16) == [(key(0), True)]
    ledger.acknowledge(ack(key(0)))
    assert ledger.places()[key(0)].since == 15


def test_the_time_without_data_begins_anew_for_a_row_that_had_no_slot_or_was_not_wanted() -> None:
    ledger = registering(1, limit=1)
    ledger.acknowledge(ack(key(0)))
    ledger.request([key(1), key(0)])
    confirmed(ledger, sent(ledger, 50, 51))
    confirmed(ledger, sent(ledger, 51, 52))
    ledger.request([key(0), key(1)])
    confirmed(ledger, sent(ledger, 60, 61))
    confirmed(ledger, sent(ledger, 61, 62))
    assert ledger.places()[key(0)].since >= 60
    ledger.request([])
    confirmed(ledger, sent(ledger, 70, 71))
    ledger.request([key(0)])
    confirmed(ledger, sent(ledger, 80, 81))
    assert ledger.places()[key(0)].since == 80


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
    ledger = Registrations(limit=limit)
    now = 0.0
    for move, what in moves:
        match move, what:
            case "want", list(numbers):
                ledger.request([key(n) for n in numbers])
            case "ack", (int(number), str(code), str(result)):
                ledger.acknowledge(ack(key(number), code, result))
            case "data", int(number):
                ledger.confirm(key(number).tr_id, key(number).code)
            case "wait", float(seconds):
                now += seconds
        for _ in range(3):
            now += 0.1
            due = ledger.next_at(now)
            order = ledger.next_order(now)
            assert order is None or due <= now
            if order is not None and order.register:
                assert order.key in ledger.targets
            assert ledger.used <= limit
