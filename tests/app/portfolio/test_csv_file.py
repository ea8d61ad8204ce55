"""Tables of positions: every shape that spreadsheets and brokers write, and all that is wrong."""

import stat
from contextlib import suppress
from pathlib import Path

import pytest
from harness.named_pipe import make_named_pipe
from hypothesis import given
from hypothesis import strategies as st

from app.instruments.code_lookup import CodeLookup
from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.portfolio.csv_file import (
    MOST_SAID,
    ImportProblems,
    export_sheet,
    import_sheet,
    read_sheet,
    write_sheet,
)
from app.portfolio.positions import MOST_POSITIONS, Position
from app.system.errors import KisTuiError, UsageError
from specs.user_message import MessageList, UserMessage
from widgets.message_text import message_text

HTS = "종목코드,매매구분,수량,평균가"
LOOKUP = CodeLookup(Contracts(Master())).find
HELD = (Position("B01612A33", 2, 18.5), Position("A01612", -1200, 1081.35))


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize(
    "lines",
    [
        ["B01612A33,2,18.5", 'A01612,"-1,200","1,081.35"'],
        ["b01612a33;2;18.50", "a01612;-1,200;1,081.35"],
        ["B01612A33\t2\t18.5", "A01612\t(1,200)\t1,081.35"],
        ["", "code,quantity,average", "B01612A33,2,18.5", "", "A01612,-1200,1081.35,,", ""],
        ["종목코드,수량,평균단가", "B01612A33,2,18.5", "A01612,−1200,1081.35"],
        ["수량;종목 코드;종목명;평균단가", "2;B01612A33;콜;18.5", "-1200;A01612;선물;1081.35"],
        ['"Code","Qty","Avg Price"', '"B01612A33","+2","18.5"', '"A01612","-1200","1081.35"'],
        [
            "종목코드,종목명,매매구분,잔고수량,매입평균가,현재가,평가손익",
            "B01612A33,C 202612 1080,매수,2,18.5,19.0,250000",
            'A01612,F 202612,매도,"1,200","1,081.35",1080.00,0',
            '합계,,,"1,202",,,250000',
        ],
        [
            "선물옵션 잔고;조회일 2026-11-20",
            "계좌번호;12345678-03;예수금, 원",
            "",
            "종목코드;구분;매도수구분;보유수량(계약);평균가[pt]",
            "B01612A33;콜옵션;2.매수;2;18.5",
            "A01612;선물;1.매도;-1200;1081.35",
            ";총 계 :;;1202;",
        ],
        [
            "내 잔고",
            "symbol\tside\tqty\tavg_price",
            "B01612A33\tLong\t2\t18.5",
            "symbol\tqty\tavg price\tside",
            "A01612\t(1200)\t1081.35\tSELL",
            "Total\t1198",
        ],
    ],
)
def test_a_table_is_read_however_it_was_written(
    lines: list[str], encoding: str, ending: str
) -> None:
    if "−" in "".join(lines) and encoding == "cp949":
        lines = [line.replace("−", "-") for line in lines]
    assert read_sheet(ending.join(lines).encode(encoding), "x.csv", LOOKUP).positions == HELD


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "한 줄도 없습니다"),
        (b"\n \n,,\n", "한 줄도 없습니다"),
        (b"code,quantity,average\n", "한 줄도 없습니다"),
        ("종목코드,수량\nA01612,1\n".encode(), "1행: 열이 없습니다: 평균단가"),
        (b"A01612,1\n", "1행: 칸이 부족합니다 (2개)"),
        (b"A01612,1,1,081.35\n", "1행: 칸이 너무 많습니다 (4개)"),
        (b"\nKOSPI,1,2\n", "쓸 수 있는 제목: code, symbol, 종목코드"),
        (b"A01612,1,2\nKOSPI,1,2\n", "2행 종목코드 열: 'KOSPI': 종목명을 읽으려면"),
        (b"A01612,1e30,2\n", "1행 수량 열: 수량 '1e30'"),
        (b"A01612,1,nan\n", "1행 평균단가 열: 평균단가 'nan'"),
        (b"A01612,,\n", "1행 수량 열: 수량 ''"),
        (b"A01612,1,1\x00\n", "텍스트 파일이 아닙니다"),
        (b"\xff\xfe\x00", "텍스트 파일이 아닙니다"),
        (b"\xff\xd8\xff\xe0 jpeg", "텍스트 파일이 아닙니다"),
        (b"<!doctype html><html>\n", "쓸 수 있는 제목"),
        (b"A" * 200_000, "쓸 수 있는 제목"),
        (b"my positions\nKOSPI,1,2\n", "쓸 수 있는 제목"),
        (b"[1, 2]", "JSON 목록이 아닙니다"),
        (b'[{"code": "A01612", "quantity": "x", "average": 1}]', "1행 quantity 열"),
        (f"{HTS}\nA01612,,1,2\n".encode(), "2행: 매매구분 '': 매수도 매도도 아닙니다"),
        (f"{HTS}\nA01612,03,1,2\n".encode(), "2행: 매매구분 '03'"),
        (f"{HTS}\nA01612,매도/매수,1,2\n".encode(), "2행: 매매구분 '매도/매수'"),
        (f"{HTS}\nA01612,매수,-1,2\n".encode(), "2행: 매매구분이 수량의 부호"),
        (f"{HTS},side\nA01612,매수,1,2,short\n".encode(), "2행: 매매구분이 수량의 부호"),
        (f"잔고\n{HTS}\n,매수,1,2\n".encode(), "3행 종목코드 열: 종목이 비어 있습니다"),
        (f"{HTS}\nA01612,매수,1,2\n코드,수량\n".encode(), "3행: 열이 없습니다"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(content: bytes, problem: str) -> None:
    with pytest.raises(ImportProblems) as caught:
        read_sheet(content, "잔고.csv", LOOKUP)
    said = message_text(caught.value.message)
    assert problem in said
    assert said.startswith("잔고.csv: 가져오지 못했습니다")
    assert all(line.isprintable() for line in said.splitlines())


def test_one_bad_line_keeps_all_others_out_and_every_bad_line_is_named() -> None:
    lines = ["A01612,1,1", *(f"A0161{n},x,1" for n in range(2, 2 + MOST_SAID + 3))]
    with pytest.raises(ImportProblems) as caught:
        read_sheet("\n".join(lines).encode(), "x.csv", LOOKUP)
    assert len(caught.value.problems) == MOST_SAID + 3
    assert isinstance(caught.value.message, MessageList)
    assert caught.value.message.parts[-1] == UserMessage("positions.more_problems", count=3)


def test_more_positions_than_are_kept_are_refused() -> None:
    lines = [f"A{n // 12:02}6{n % 12 + 1:02},1,1" for n in range(MOST_POSITIONS + 1)]
    with pytest.raises(ImportProblems, match=r"positions\.too_many.*most=100"):
        read_sheet("\n".join(lines).encode(), "x.csv", LOOKUP)


prices = st.floats(0, 1e8, allow_nan=False).map(lambda value: value + 0.0)


@given(
    st.lists(
        st.builds(
            Position,
            st.sampled_from(["A01612", "B01612A33", "C11612037", "B09FMWA34", "201V06362"]),
            st.integers(-1_000_000, 1_000_000).filter(bool),
            prices,
        ),
        min_size=1,
        unique_by=lambda position: position.code,
    )
)
def test_what_is_exported_can_be_imported(held: list[Position]) -> None:
    assert read_sheet(write_sheet(held), "x.csv", LOOKUP).positions == tuple(held)


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_read_or_refused(content: bytes) -> None:
    with suppress(ImportProblems):
        assert read_sheet(content, "x.csv", LOOKUP)


def test_an_export_is_private_and_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "잔고.csv"
    export_sheet(path, HELD)
    assert import_sheet(path, LOOKUP).positions == HELD
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(UsageError, match=r"positions\.taken"):
        export_sheet(path, HELD[:1])
    assert path.read_bytes() == before


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    make_named_pipe(tmp_path / "pipe")
    for path in (tmp_path / "no.csv", tmp_path, tmp_path / "pipe"):
        with pytest.raises(KisTuiError) as caught:
            import_sheet(path, LOOKUP)
        assert path.name in message_text(caught.value.message)
