"""The text of a combination: reading, writing, and what it is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.combination_code import (
    combination_code,
    contract_codes,
    first_contract,
    is_combination,
    legs_of,
)

CALL, PUT, FUTURE = "B01612A33", "C01612A33", "A01612"


@pytest.mark.parametrize(
    ("text", "legs"),
    [
        (f"{CALL}+{PUT}", ((CALL, 1), (PUT, 1))),
        (f"{CALL}-2*{PUT}", ((CALL, 1), (PUT, -2))),
        (f"-{CALL}+{FUTURE}", ((CALL, -1), (FUTURE, 1))),
        (f"2*{CALL}", ((CALL, 2),)),
    ],
)
def test_combination_text_is_read_and_written_alike(
    text: str, legs: tuple[tuple[str, int], ...]
) -> None:
    assert legs_of(text) == legs
    assert combination_code(legs) == text
    assert is_combination(text)
    assert first_contract(text) == legs[0][0]


@pytest.mark.parametrize(
    "text",
    [
        CALL, "", "+", f"{CALL}+", f"{CALL}+XYZ", f"{CALL}++{PUT}", f"{CALL} + {PUT}",
        f"1*{CALL}", f"{CALL}+{CALL}", f"0*{CALL}+{PUT}", f"100*{CALL}", f"+{CALL}+{PUT}",
        "+".join(f"B01612A{n}" for n in range(30, 37)),
    ],
)  # fmt: skip
def test_combination_is_no_other_text(text: str) -> None:
    assert legs_of(text) == ()


def test_combination_of_equal_contracts_is_added_up() -> None:
    assert combination_code(((CALL, 1), (PUT, -1), (CALL, 2), (PUT, 1))) == f"3*{CALL}"


def test_contracts_of_combinations_stand_once_in_their_place() -> None:
    assert contract_codes((FUTURE, f"{CALL}+{PUT}", PUT, "A05612")) == (
        FUTURE,
        CALL,
        PUT,
        "A05612",
    )


@given(st.text(alphabet="+-*129ABC0 ", max_size=40))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert isinstance(legs_of(text), tuple)
    assert isinstance(contract_codes((text,)), tuple)
