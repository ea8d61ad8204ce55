"""The files of the positions page: kept, damaged, imported, exported, saved beside layouts."""

from pathlib import Path

import pytest
from harness.dashboard import at, run_dashboard
from harness.position_keys import (
    CALL,
    CODES,
    FUTURE,
    MINI,
    PUT,
    add_position,
    line_words,
    listed_positions,
)

from app.portfolio.positions import Position
from app.system.files import ProgramFolders


def state(name: str) -> Path:
    return ProgramFolders.find().state / name


async def test_positions_come_back_after_a_restart() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.press("P")
        await add_position(stage, CALL, "-10", "20.125")
    assert state("positions-demo.toml").stat().st_mode & 0o777 == 0o600
    async with run_dashboard(CODES) as stage:
        await stage.press("P")
        assert listed_positions(stage) == [Position(CALL, -10, 20.125)]
        assert line_words(stage, "C 202612 1,080.0")[3:5] == ["-10", "20.125"]


@pytest.mark.parametrize("content", ["[[position", "schema = 9\n"])
async def test_a_damaged_file_is_said_and_nothing_else_stops(content: str) -> None:
    path = state("positions-demo.toml")
    path.parent.mkdir(parents=True)
    path.write_text(content)
    async with run_dashboard(CODES, notifications=True) as stage:
        await stage.press("P")
        assert any(str(path) in toast for toast in stage.toasts)
        assert "포지션이 없습니다" in stage.text
        await add_position(stage, CALL, "-10", "20")
        assert len(listed_positions(stage)) == 1
        await stage.press("escape")
        await stage.step_to(at(17, 58))
        assert stage.codes == list(CODES)
    kept = [path for path in path.parent.glob("positions-demo.toml*") if "position" in path.name]
    assert content in [path.read_text() for path in kept]


async def test_the_page_says_what_was_wrong_until_something_is_changed() -> None:
    path = state("positions-demo.toml")
    path.parent.mkdir(parents=True)
    one = f'[[position]]\ncode = "{CALL}"\nquantity = 3\naverage = 20.5\n'
    path.write_text(one + one.replace(CALL, PUT).replace("= 3", "= 1.5"))
    async with run_dashboard(CODES) as stage:
        await stage.press("P")
        await stage.wait_layout()
        assert listed_positions(stage) == [Position(CALL, 3, 20.5)]
        said = "".join(word.strip() for word in stage.text.splitlines()[1:5])
        assert "수량 '1.5': 정수가 아닙니다" in said
        assert "나머지 1건은 복구했습니다" in said
        await stage.press("escape", "P")
        await stage.wait_layout()
        assert "정수가 아닙니다" in stage.text
        await add_position(stage, PUT, "1", "20")
        await stage.wait_layout()
        assert "정수가 아닙니다" not in stage.text


async def test_a_table_is_imported_as_a_whole_and_taken_back(tmp_path: Path) -> None:
    good, bad = tmp_path / "잔고.csv", tmp_path / "bad.csv"
    good.write_text(
        '종목코드,수량,평균단가\nA01612,-2,"1,081.25"\nZZ,1,1\n'.replace("ZZ", MINI), "cp949"
    )
    bad.write_text("A01612,-2,1081.25\nKOSPI,1,2\nB01612A33,x,1\n")
    async with run_dashboard(CODES, notifications=True) as stage:
        await stage.press("P")
        await add_position(stage, PUT, "1", "20")
        await stage.press("i")
        assert "포지션 1건을 대신합니다" in stage.dialog_message
        await stage.fill_field(str(bad))
        await stage.press("enter")
        assert "2행 종목코드 열: 'KOSPI': 종목마스터에 없는 종목명" in stage.dialog_message
        assert "3행 수량 열: 수량 'x'" in stage.dialog_message
        assert listed_positions(stage) == [Position(PUT, 1, 20.0)]
        await stage.fill_field(f"'{tmp_path}/no.csv' ")
        await stage.press("enter")
        assert "파일이 없습니다" in stage.dialog_message
        await stage.fill_field(str(good))
        await stage.press("enter")
        assert listed_positions(stage) == [Position(FUTURE, -2, 1081.25), Position(MINI, 1, 1.0)]
        await stage.press("u")
        assert listed_positions(stage) == [Position(PUT, 1, 20.0)]


async def test_positions_are_exported_to_a_file_that_is_not_there_yet(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    async with run_dashboard(CODES, notifications=True) as stage:
        await stage.press("P", "x")
        assert "내보낼 포지션이 없습니다" in stage.toasts
        await add_position(stage, PUT, "1", "20")
        await stage.press("x")
        await stage.fill_field(str(path))
        await stage.press("enter")
        assert path.read_text("utf-8-sig").splitlines() == [
            "code,quantity,average", "C01612A33,1,20",
        ]  # fmt: skip
        await stage.press("x")
        await stage.fill_field(str(path))
        await stage.press("enter")
        assert "이미 있는 파일입니다" in stage.dialog_message


async def test_positions_are_saved_and_opened_with_a_layout() -> None:
    async with run_dashboard(CODES, notifications=True) as stage:
        await stage.press("P")
        await add_position(stage, CALL, "-10", "20")
        await stage.press("escape", "w")
        await stage.fill_field("straddle")
        await stage.press("enter")
        await stage.press("P", "d", "escape")
        assert listed_positions(stage) == []
        await stage.press("o", "enter")
        assert listed_positions(stage) == [Position(CALL, -10, 20.0)]
        assert any("포지션 1건을 열었습니다" in toast for toast in stage.toasts)
        assert stage.app.program.store.names() == ["straddle"]
