"""Answers to registrations that KIS does not document, or that match no registration."""

from harness.registration_orders import all_sent, answer_to, key, send_orders

from app.feed.registrations import (
    RegistrationKey,
    Registrations,
    RegistrationState,
)
from app.system.secret import Secret


def test_an_undocumented_code_is_a_refusal_of_its_row_and_kept_in_kis_words() -> None:
    registrations = all_sent()
    assert registrations.acknowledge(answer_to(key(0), "OPSP4711", "1", "TR not permitted"))
    place = registrations.statuses()[key(0)]
    assert (place.state, place.refusal) == (
        RegistrationState.REFUSED,
        "OPSP4711 TR not permitted",
    )
    assert registrations.statuses()[key(1)].state is RegistrationState.SENT
    assert (registrations.unanswered, registrations.used, registrations.unasked) == (1, 1, 0)
    assert send_orders(registrations, 2, 4) == []


def test_an_undocumented_code_with_success_is_what_was_asked_for() -> None:
    registrations = all_sent(1)
    assert registrations.acknowledge(answer_to(key(0), "OPSP0042", "0"))
    assert registrations.statuses()[key(0)].state is RegistrationState.ACTIVE
    registrations.request([])
    assert send_orders(registrations, 1, 2) == [(key(0), False)]
    assert registrations.acknowledge(answer_to(key(0), "OPSP0042", "0"))
    assert (registrations.used, registrations.unanswered) == (0, 0)


def test_an_undocumented_code_without_a_result_leaves_its_row_to_the_data() -> None:
    registrations = all_sent()
    assert not registrations.acknowledge(answer_to(key(0), "OPSP4711"))
    assert registrations.statuses()[key(0)].state is RegistrationState.UNCONFIRMED
    assert (registrations.unanswered, registrations.unasked) == (1, 1)
    assert registrations.confirm(key(0).tr_id, key(0).code)
    assert registrations.statuses()[key(0)].state is RegistrationState.ACTIVE


def test_a_refused_release_keeps_its_slot_until_the_session_ends() -> None:
    for code, result in (("OPSP4711", "1"), ("OPSP9990", "1"), ("OPSP0007", "1"), ("?", "")):
        registrations = all_sent(1, limit=1)
        registrations.acknowledge(answer_to(key(0)))
        registrations.request([key(1)])
        assert send_orders(registrations, 1, 2) == [(key(0), False)]
        registrations.acknowledge(answer_to(key(0), code, result))
        assert (registrations.used, send_orders(registrations, 2, 30)) == (1, []), code
        registrations.acknowledge(answer_to(key(0), "OPSP0003", "0"))
        assert send_orders(registrations, 30, 31) == [(key(1), True)]


def test_a_probe_that_is_answered_by_an_undocumented_code_refuses_no_row() -> None:
    registrations = all_sent(1)
    registrations.acknowledge(answer_to(key(0)))
    for result in ("0", "1", ""):
        assert registrations.acknowledge(answer_to(key(0), "OPSP4711", result)) == bool(result)
        assert registrations.statuses()[key(0)].state is RegistrationState.ACTIVE


def test_an_answer_whose_key_matches_no_row_changes_none() -> None:
    registrations = all_sent()
    for stranger in (
        RegistrationKey("H0EUCNT0", "B01612A99"),
        RegistrationKey("H0MFCNT0", key(0).code),
        RegistrationKey("(null)", ""),
    ):
        for code, result in (("OPSP8992", "1"), ("OPSP4711", "1"), ("OPSP0000", "0"), ("?", "0")):
            assert not registrations.acknowledge(answer_to(stranger, code, result))
    assert {place.state for place in registrations.statuses().values()} == {RegistrationState.SENT}
    assert registrations.unasked == 12


def test_data_of_a_refused_row_confirm_it_while_there_is_a_slot() -> None:
    for limit, standing in ((2, RegistrationState.ACTIVE), (1, RegistrationState.REFUSED)):
        registrations = Registrations(limit)
        registrations.request([key(0), key(1)])
        send_orders(registrations, 0, 0.1)
        registrations.acknowledge(answer_to(key(0), "OPSP4711", "1"))
        send_orders(registrations, 1, 2)
        assert registrations.confirm(key(0).tr_id, key(0).code)
        assert registrations.statuses()[key(0)].state is standing
        assert registrations.used <= limit


def test_a_refusal_shows_no_secret_that_the_server_repeats() -> None:
    known = Secret("5e17a1ed-0000-4000-8000-a99707a1c0de")
    registrations = all_sent(1)
    registrations.acknowledge(answer_to(key(0), "OPSP4711", "1", f"no {known.reveal()}"))
    assert known.reveal() not in registrations.statuses()[key(0)].refusal
