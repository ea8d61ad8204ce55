"""Contract names in English: every product of the simulator's masters without a Korean letter."""

import re

import pytest
from harness.dashboard import demo_contracts

from widgets.contract_names import contract_name, english_name, shown_name, underlying_name
from widgets.texts import speaking

HANGUL = re.compile("[가-힣]")


@pytest.mark.parametrize(
    ("name", "code", "english"),
    [
        ("F 202612", "2001", "F 202612"),
        ("미니F 202612", "2001", "Mini F 202612"),
        ("미니SP 2612-2701", "2001", "Mini SP 2612-2701"),
        ("C 202612 1,075.0", "2001", "C 202612 1,075.0"),
        ("위클리C 2611W4 1,082.5", "2001", "Weekly C 2611W4 1,082.5"),
        ("위클리M P 2611W4 832.5", "2001", "Weekly M P 2611W4 832.5"),
        ("코스닥150위클리M C 2611W4 1,300", "3003", "KOSDAQ150 Weekly M C 2611W4 1,300"),
        ("삼성전자 F 202612", "005930", "Samsung Elec F 202612"),
        ("한미반도체   C 202612 145,000", "042700", "042700 C 202612 145,000"),
        ("미국달러 SP 2612-2701", "USD", "USD SP 2612-2701"),
        ("10년국채 F 202612", "B10", "KTB10Y F 202612"),
        ("이상한 이름", "XYZ", "XYZ"),
    ],
)
def test_a_name_is_made_of_english_words(name: str, code: str, english: str) -> None:
    assert english_name(name, code) == english


def test_every_contract_has_a_name_without_korean_letters() -> None:
    contracts = demo_contracts()
    with speaking("en"):
        named = {contract_name(contracts.instrument(c.code)) for c in contracts.master.contracts()}
        underlyings = {underlying_name(c.underlying) for c in contracts.master.contracts()}
    assert len(named) > 1_000
    assert [name for name in (*named, *underlyings) if HANGUL.search(name)] == []


def test_a_korean_name_stays_as_krx_has_it() -> None:
    with speaking("ko"):
        assert shown_name("위클리C 2611W4 1,082.5") == "위클리C 2611W4 1,082.5"
