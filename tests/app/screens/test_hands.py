"""Random hands on the real program; the long run is ``rig.hands``."""

from random import Random

import pytest
from rig.hands import repeated, run_session, setup_of, shortened
from rig.hands_session import Setup
from rig.hands_walk import Step, Walk
from rig.keystrokes import QUITS, Keystrokes
from rig.shortest import shortest

KEYS = 400
BURSTS = (4, 16)
SEEDS = [("demo", 3), ("replay", 0)]


@pytest.mark.parametrize(("mode", "number"), SEEDS)
def test_random_keys_leave_the_program_in_order(mode: str, number: int) -> None:
    session, found, steps = run_session(mode, 0, number, KEYS, BURSTS)
    assert found is None, f"seed 0, session {number}: {found}\nlast steps: {steps[-5:]}"
    assert session.keys >= KEYS
    assert len([name for name in session.visits if "came up" in name]) > 3


def test_a_key_that_fails_is_found_and_shortened_to_that_key() -> None:
    setup, fault = Setup(("--demo",), (80, 24)), "put in by the test"
    steps = [Step(("j", "b"))]
    found = repeated(setup, steps, fault)
    assert found is not None
    assert fault in str(found)
    assert shortened(setup, steps, found, fault) == [Step(("b",))]


def test_the_steps_of_a_session_are_told_and_read_without_a_loss() -> None:
    steps = list(Walk(Random(3), (80, 24), replay=True).steps(400))
    assert [Step.read([*map(list, step.told()[:1]), *step.told()[1:]]) for step in steps] == steps


def test_no_token_quits_or_names_another_folder() -> None:
    keys = Keystrokes(Random(5), (80, 24))
    tokens = [token for _ in range(5_000) if isinstance(token := keys.draw(), str)]
    assert not QUITS & set(tokens)
    assert not any("/" in token for token in tokens)


def test_the_first_session_of_a_seed_is_the_same_each_time() -> None:
    first, again = (setup_of("demo", 7, 0) for _ in range(2))
    assert first[0] == again[0]
    assert first[1].random() == again[1].random()


def test_shortest_finds_the_two_of_a_hundred_that_fail_together() -> None:
    found = shortest(
        range(100), lambda some: {17, 60} <= set(some), lambda item: [item], tries=1_000
    )
    assert found == [17, 60]


def test_shortest_keeps_all_where_nothing_shorter_fails() -> None:
    assert shortest([1, 2, 3], lambda some: len(some) == 3, lambda item: [item], 50) == [1, 2, 3]
