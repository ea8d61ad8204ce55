"""The search: who is meant by what people type, and in which order."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.demo_options import DEMO_DAY
from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.instruments.search import Search
from app.instruments.search_words import amount_of, words_of
from app.simulator.master_files import master_files

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parents[2] / "data" / "master.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
]
# Of the shapes that the protocol file describes, where it has no whole line.
MORE_INDEX = [
    "O|CAFBZW970|KR4CAFBZ9700|위클리M P 2609W4   970.0|2|00970.00| |2001|KOSPI200",
    "5|B06610001|KR4B066A0010|코스닥150C 202610 1,275|1|01275.00| |3003|KSQ150",
]
MORE_STOCK = [
    "5|B11610001|KR4B116A0010|삼성전자   C 202610   160,000(  10)|1|160000.0| |005930|삼성전자",
    "2|D1160708|KR4D11678000|삼성전자   SP 2607-2608| || |005930|삼성전자",
]
TODAY = date(2026, 7, 1)
SEARCH = Search(
    Contracts(
        Master.from_lines(
            [line for kind, line in ROWS if kind == "index"] + MORE_INDEX,
            [line for kind, line in ROWS if kind == "stock"] + MORE_STOCK,
        )
    )
)


def found(typed: str, today: date = TODAY) -> list[str]:
    return [hit.instrument.code for hit in SEARCH.find(typed, today=today)]


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("c1125", ["B01610A51"]),
        ("1,125", ["B01610A51"]),
        ("콜 1125 10월", ["B01610A51"]),
        ("콜1125", ["B01610A51"]),
        ("위클리 월 풋 970", ["CAFBZW970"]),
        ("위클리 목", ["B09FCW945", "B09FEWA49", "B09FFWA49"]),
        ("미니선물", ["A05610", "A05611", "A05612"]),
        ("삼성전자 선물", ["A11607", "A11608"]),
        ("삼성전자선물", ["A11607", "A11608"]),
        ("삼전 콜 160000", ["B11610001"]),
        ("삼전 콜 160,000", ["B11610001"]),
        ("삼전 콜 16만", ["B11610001"]),
        ("삼전콜16만", ["B11610001"]),
        ("삼전 콜 160000원", ["B11610001"]),
        ("16만원 콜", ["B11610001"]),
        ("005930", ["A11607", "A11608", "B11610001", "D1160708"]),
        ("A005930 선물", ["A11607", "A11608"]),
        ("005930콜16만", ["B11610001"]),
        ("000660", ["A16607"]),
        ("1천125", ["B01610A51"]),
        ("put 745 oct", ["C01610745"]),
        ("kosdaq", ["A06609", "B06610001"]),
        ("코스닥150 선물", ["A06609"]),
        ("ㅅㅅㅈㅈ 콜", ["B11610001"]),
        ("ㅊ1125", ["B01610A51"]),
        ("ㅠ01610ㅁ48", ["B01610A48"]),
        ("Ｂ０１６１０Ａ４８", ["B01610A48"]),
        ("b01610a48", ["B01610A48"]),
        ("삼성전자   C 202610   160,000(  10)", ["B11610001"]),
        ("C 202610 1,120.0", ["B01610A48"]),
        ("스프레드", ["D1160708"]),
        ("d1160708", ["D1160708"]),
        ("D116", ["D1160708"]),
        ("삼성전자 SP 2607-2608", ["D1160708"]),
        ("F 202703", ["A01703"]),
        ("2609w1", ["B09FCW945"]),
        ("hynix", ["A16607"]),
    ],
)
def test_a_trader_finds_what_he_means(typed: str, codes: list[str]) -> None:
    assert found(typed) == codes


@pytest.mark.parametrize(
    "whole",
    [
        "콜 1125 10월",
        "미니선물",
        "위클리 월 풋 970",
        "c1,125",
        "kosdaq",
        "삼전 콜 16만",
        "005930",
        "005930 콜 16만",
        "콜 1천125",
    ],
)
def test_it_is_found_with_every_character_on_the_way(whole: str) -> None:
    wanted = found(whole)[0]
    for end in range(1, len(whole) + 1):
        if len(typed := whole[:end].strip()) > 1:
            assert wanted in found(typed), typed


def test_expiry_that_rest_states_later_keeps_a_contract_among_the_answers() -> None:
    contracts = Contracts(Master.from_files(master_files(DEMO_DAY)))
    search, day_after = Search(contracts), date(2026, 12, 11)
    assert search.find("선물 202612 코스닥150", today=day_after) == []
    contracts.state_expiry("A06612", day_after)
    [hit] = search.find("선물 202612 코스닥150", today=day_after)
    assert (hit.instrument.code, hit.days) == ("A06612", 0)


@pytest.mark.parametrize(
    ("word", "value", "begin", "end"),
    [
        ("16만", 160_000, 160_000, 170_000),
        ("16만5천", 165_000, 165_000, 166_000),
        ("16만5", 165_000, 165_000, 166_000),
        ("16.5만", 165_000, 165_000, 166_000),
        ("16만25", 160_025, 162_500, 162_600),
        ("16만2500", 162_500, 162_500, 162_501),
        ("16만500", 160_500, 165_000, 165_010),
        ("16만2천5백", 162_500, 162_500, 162_600),
        ("16만2천5", 162_500, 162_500, 162_600),
        ("84만원", 840_000, 840_000, 840_001),
        ("100만", 1_000_000, 1_000_000, 1_010_000),
        ("9천5백", 9_500, 9_500, 9_600),
        ("1천125", 1_125, 1_125, 1_126),
        ("160000원", 160_000, 160_000, 160_001),
    ],
)
def test_amount_of_reads_korean_units(word: str, value: int, begin: int, end: int) -> None:
    assert amount_of(word) == (value, begin, end)


@pytest.mark.parametrize("word", ["", "원", "만", "160000", "만도", "삼천당", "1월", "16만도"])
def test_amount_of_refuses_other_words(word: str) -> None:
    assert amount_of(word) is None


@pytest.mark.parametrize("typed", ["삼전 콜 16만 5천", "005930 콜 16만5천", "삼전콜16.5만"])
def test_search_finds_a_strike_of_two_units(typed: str) -> None:
    hits = DEMO.find(typed, today=DEMO_DAY)
    assert {hit.instrument.strike for hit in hits} == {165_000.0}
    assert hits[0].instrument.code == "B11612041"


def test_search_ranks_the_amount_itself_before_those_that_it_begins() -> None:
    strikes = [hit.instrument.strike for hit in DEMO.find("하닉 콜 8만", today=DEMO_DAY)]
    assert strikes == []
    strikes = [hit.instrument.strike for hit in DEMO.find("삼전 콜 16만", today=DEMO_DAY)]
    assert strikes[:2] == [160_000.0, 160_000.0]
    assert set(strikes[2:]) == {165_000.0}


DEMO = Search(Contracts(Master.from_files(master_files(DEMO_DAY))))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("KR4A016C0004", "A01612"),
        ("kr4a016c0004", "A01612"),
        ("1A01612", "A01612"),
        ("21A75612", "A75612"),
        ("LB09FMWA33", "B09FMWA33"),
        ("달러", "A75612"),
        ("달러선물 12월", "A75612"),
        ("usd", "A75612"),
        ("국채", "A65612"),
        ("국채 3년", "A65612"),
        ("3년국채", "A65612"),
        ("10년 국채", "A67612"),
        ("ktb10", "A67612"),
        ("금", "A88612"),
        ("엔", "A76612"),
        ("유로", "A77612"),
        ("야간 국채", "A65612"),
        ("변동성", "A04612"),
        ("스프레드 달러", "D7561201"),
    ],
)
def test_search_finds_commodities_and_pasted_codes(typed: str, first: str) -> None:
    assert DEMO.find(typed, today=DEMO_DAY)[0].instrument.code == first


@pytest.mark.parametrize(
    ("typed", "product"),
    [
        ("WKM C 2611W4", "AF"),
        ("WKI P 2611W4", "09"),
        ("MKI C 202612", "05"),
        ("KQI P 202612", "06"),
        ("K2I C 202612", "01"),
    ],
)
def test_search_finds_the_short_names_of_krx(typed: str, product: str) -> None:
    found = [hit.instrument for hit in DEMO.find(typed, today=DEMO_DAY, limit=200)]
    assert len(found) >= 10
    assert {one.product for one in found} == {product}


def test_nothing_typed_finds_nothing() -> None:
    assert found("") == found("  ") == found("()") == []


@pytest.mark.parametrize("typed", ["zzzz", "콜 풋", "c9999", "코스피 삼성전자", "x" * 5000])
def test_what_nobody_is_called_finds_nothing(typed: str) -> None:
    assert found(typed) == []


def test_a_whole_code_comes_first() -> None:
    assert found("a01609")[0] == "A01609"


def test_who_has_expired_never_comes() -> None:
    assert "A11607" in found("삼성전자 선물", date(2026, 7, 9))
    assert "A11607" not in found("삼성전자 선물", date(2026, 7, 10))
    assert found("a11607", date(2026, 7, 10)) == []


def test_the_nearest_expiry_comes_first_and_says_how_far_it_is() -> None:
    hits = SEARCH.find("콜 1120", today=TODAY)
    assert [hit.days for hit in hits] == sorted(hit.days or 0 for hit in hits)
    assert hits[-1].days == (date(2026, 11, 12) - TODAY).days


def test_the_nearest_to_the_money_comes_first() -> None:
    typed = "k200 콜 202610"
    high = SEARCH.find(typed, today=TODAY, near={"2001": 1124.0})
    low = SEARCH.find(typed, today=TODAY, near={"KOSPI200": 752.0})
    assert [hit.instrument.strike for hit in high][:2] == [1125.0, 1120.0]
    assert [hit.instrument.strike for hit in low][:2] == [750.0, 745.0]


def test_without_a_price_the_strike_that_the_master_calls_at_the_money_stands_in() -> None:
    assert SEARCH.find("k200 콜 202610", today=TODAY)[0].instrument.strike == 1125.0


def test_futures_come_before_options_and_indices_before_stocks() -> None:
    codes = [code[:3] for code in found("10월")]
    assert codes.index("A05") < codes.index("B01") < codes.index("B11")


def test_no_more_come_than_are_asked_for() -> None:
    assert len(SEARCH.find("k200", today=TODAY, limit=3)) == 3


def test_without_a_master_nothing_is_found() -> None:
    assert Search(Contracts(Master())).find("c1125", today=TODAY) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("1,125", ["1125"]),
        ("1,1", ["11"]),
        ("c1,125.0", ["c1125.0"]),
        ("160,000", ["160000"]),
        ("A05610,101W09", ["a05610", "101w09"]),
        ("콜　１１２５", ["콜", "1125"]),
        ("ㅅㅅ", ["ㅅㅅ"]),
    ],
)
def test_a_strikes_comma_parts_no_words(typed: str, words: list[str]) -> None:
    assert words_of(typed) == words


@given(
    st.text(st.sampled_from("콜풋월목위클리미니선물c1pkospi 0.,5ㅅㅈ()|^\x1b\u202e"), max_size=100)
)
def test_whatever_is_typed_is_answered(typed: str) -> None:
    for hit in SEARCH.find(typed, today=TODAY, limit=5):
        assert hit.days is None or hit.days >= 0
