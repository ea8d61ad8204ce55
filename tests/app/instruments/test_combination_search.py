"""Combinations as they are typed in the add dialog, by the contracts of the demo."""

from datetime import date

import pytest
from harness.dashboard import demo_contracts

from app.instruments.combination_search import CombinationSearch, is_combination_text
from app.instruments.search import Search
from app.system.errors import UsageError
from specs.user_message import UserMessage

CONTRACTS = demo_contracts()
FOUND = Search(CONTRACTS)
SEARCH = CombinationSearch(CONTRACTS, lambda words: FOUND.find(words, today=date(2026, 11, 20)))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("c1080+p1080 12월", "B01612A33+C01612A33"),
        ("c1080-c1090", "B01612A33-B01612A37"),
        ("콜 1080 12월 + 풋 1080 12월", "B01612A33+C01612A33"),
        ("B01612A33+C01612A33", "B01612A33+C01612A33"),
        ("b01612a33 − 2*c01612a33", "B01612A33-2*C01612A33"),
        ("2×B01612A33", "2*B01612A33"),
        ("-B01612A33+A01612", "-B01612A33+A01612"),
        ("B01612A33+B01612A33", "2*B01612A33"),
    ],
)
def test_combination_is_read_as_it_is_typed(typed: str, code: str) -> None:
    assert is_combination_text(typed)
    assert SEARCH.read(typed) == code


def test_combination_has_one_expiry_unless_its_legs_name_others() -> None:
    text = SEARCH.read("c1080+p1080")
    call, put = text.split("+")
    expiries = {CONTRACTS.instrument(code).expiry for code in (call, put)}
    assert len(expiries) == 1
    calendar = SEARCH.read("c1080 1월 - c1080 12월")
    assert calendar == "B01701A33-B01612A33"


@pytest.mark.parametrize(
    "typed",
    ["c1110", "풋 1050 12월", "A05701", "B01612A33", "S-Oil", "ATM 콜", "", "+", "C+P", "1080+"],
)
def test_a_single_contract_is_no_combination(typed: str) -> None:
    assert not is_combination_text(typed)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("c1080+c99999", UserMessage("combination.not_found", words="c99999")),
        ("B01612A33+A05612", UserMessage("combination.mixed")),
        ("A01612+A11612", UserMessage("combination.mixed")),
        ("B01612A33-B01612A33", UserMessage("combination.nothing")),
        ("100*B01612A33", UserMessage("combination.bad_quantity", most=99)),
        ("9999999999999*B01612A33", UserMessage("combination.bad_quantity", most=99)),
        ("+".join(["B01612A33"] * 7), UserMessage("combination.too_many", most=6)),
    ],
)
def test_combination_says_why_it_cannot_be_made(typed: str, problem: UserMessage) -> None:
    assert is_combination_text(typed)
    with pytest.raises(UsageError) as refused:
        SEARCH.read(typed)
    assert refused.value.message == problem
