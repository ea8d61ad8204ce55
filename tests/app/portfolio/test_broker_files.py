"""Balances as KIS and HTS programs export them (files in tests/data/positions)."""

from pathlib import Path

import pytest

from app.instruments.code_lookup import CodeLookup
from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.portfolio.csv_file import ImportProblems, import_sheet, read_sheet
from app.portfolio.positions import Position, merge_lots
from app.system.errors import UsageError
from specs.code_input import short_code
from widgets.message_text import message_text

FILES = Path(__file__).parents[2] / "data" / "positions"
LINES = (
    "1|A01612|KR4A016C0006|F 202612| |0.00|1|2001|KOSPI200",
    "5|B01612A34|KR4B016CA342|C 202612 1,082.5|1|1082.50||2001|KOSPI200",
    "L|B09FMWA34|KR4B09FMA342|위클리C 2612W1 1,082.5|1|1082.50||2001|KOSPI200",
)
LOOKUP = CodeLookup(Contracts(Master.from_lines(LINES, []))).find
HELD = (Position("A01612", 2, 1079.10), Position("B01612A34", -5, 23.10))


@pytest.mark.parametrize(
    "name", ["a_kis_api.csv", "a_kis_api_ko.csv", "c_hts_names.csv", "d_excel_formula.csv"]
)
def test_balance_of_a_broker_is_read(name: str) -> None:
    assert import_sheet(FILES / name, LOOKUP).positions == HELD


def test_lots_of_a_contract_become_one_average() -> None:
    found = import_sheet(FILES / "f_lots.csv", LOOKUP)
    assert found.positions == (Position("A01612", 3, 1079.73333333),)
    assert (found.zeros, found.merged) == (0, 1)


def test_lots_of_both_sides_are_netted() -> None:
    lots = [Position("A01612", 5, 1080.0), Position("A01612", -2, 1090.0)]
    assert merge_lots(lots) == (Position("A01612", 3, 1080.0),)
    assert merge_lots([*lots, Position("A01612", -4, 1070.0)]) == (Position("A01612", -1, 1070.0),)
    assert merge_lots([*lots, Position("A01612", -3, 1070.0)]) == ()


@pytest.mark.parametrize(
    ("side", "quantity"),
    [("1", -2), ("01", -2), ("2", 2), ("02", 2), ("01.매도", -2), ("매수", 2), ("SELL", -2)],
)
def test_side_is_read_as_word_or_number(side: str, quantity: int) -> None:
    content = f"종목코드,매매구분코드,잔고수량,평균단가\nA01612,{side},2계약,1079.1\n".encode()
    assert read_sheet(content, "x.csv", LOOKUP).positions == (Position("A01612", quantity, 1079.1),)


def test_lines_of_zero_are_skipped_and_counted() -> None:
    content = "종목명,잔고,평균가\n없는 이름,0,0\nF 202612,2,1079.1\n,0계약,\n".encode()
    found = read_sheet(content, "x.csv", LOOKUP)
    assert (found.positions, found.zeros) == ((Position("A01612", 2, 1079.1),), 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A01612", "A01612"),
        ("1A01612", "A01612"),
        ("KR4A016C0006", "A01612"),
        ("kr4b016ca342", "B01612A34"),
        ("KR4B09FMA342", "B09FMWA34"),
        ("C  202612 1082.5", "B01612A34"),
        ("위클리C 2612W1   1,082.5", "B09FMWA34"),
    ],
)
def test_contract_is_found_by_code_isin_or_name(text: str, code: str) -> None:
    assert LOOKUP(text) == code


@pytest.mark.parametrize(
    ("isin", "code"),
    [
        # KIS code masters of September 2026.
        ("KR4A016C0004", "A01612"),
        ("KR4A056A0007", "A05610"),
        ("KR4B016AA487", "B01610A48"),
        ("KR4C016A7452", "C01610745"),
        ("KR4B09FFA497", "B09FFWA49"),
        ("KR4BAFBZA490", "BAFBZWA49"),
        ("KR4A01730006", "A01703"),
        ("KR7005930003", None),
        ("KR4A016D0004", None),
    ],
)
def test_short_code_is_computed_from_an_isin(isin: str, code: str | None) -> None:
    assert short_code(isin) == code


def test_bad_line_names_line_column_and_reason() -> None:
    content = "종목명,구분,잔고,평균가\nF 202612,매수,둘,1\nF 203012,매수,1,1\nF 202612,매수,1,?\n"
    with pytest.raises(ImportProblems) as caught:
        read_sheet(content.encode(), "잔고.csv", LOOKUP)
    assert [message_text(problem) for problem in caught.value.problems] == [
        "2행 잔고 열: 수량 '둘': 정수가 아닙니다",
        "3행 종목명 열: 'F 203012': 종목마스터에 없는 종목명입니다",
        "4행 평균가 열: 평균단가 '?': 가격이 아닙니다",
    ]


def test_name_without_a_master_says_what_is_missing() -> None:
    with pytest.raises(UsageError, match=r"positions\.no_master"):
        CodeLookup(Contracts(Master())).find("F 202612")
