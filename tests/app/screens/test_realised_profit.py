"""Trades typed on the positions page, and the realised profits that they leave."""

from harness.dashboard import at, run_dashboard
from harness.position_keys import (
    CALL,
    CODES,
    FUTURE,
    OPEN,
    add_position,
    fill_fields,
    line_words,
    listed_positions,
)
from rich.cells import cell_len

from app.portfolio.positions import Position


async def test_a_trade_closes_a_position_and_its_profit_stays() -> None:
    async with run_dashboard(CODES, start=at(18, 0), size=(160, 45), notifications=True) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        await add_position(stage, FUTURE, "3", "1080")
        await stage.press("s")
        await fill_fields(stage, quantity="-2", average="1082.5")
        assert "2계약 청산: 실현손익 +1,250,000원 (평균가 기준)" in stage.dialog_message
        assert "체결 뒤 잔고 +1 @ 1,080.00" in stage.dialog_message
        await stage.press("enter")
        assert listed_positions(stage) == [Position(FUTURE, 1, 1080.0)]
        # 2 contracts × 2.5 points × 250,000 won.
        assert "+1,250,000" in line_words(stage, "F 202612")
        assert "당일 +1,250,000 · 누적 +1,250,000" in stage.text
        assert "+1,250,000" in line_words(stage, "코스피200 합계")
        await stage.press("s")
        await fill_fields(stage, quantity="-1", average="1079")
        await stage.press("enter")
        assert listed_positions(stage) == []
        assert "청산" in line_words(stage, "F 202612 청산")
        assert "당일 +1,000,000 · 누적 +1,000,000" in stage.text
        await stage.press("u")
        assert listed_positions(stage) == [Position(FUTURE, 1, 1080.0)]
        assert "누적 +1,250,000" in stage.text
        kept = stage.app.program.positions.load_kept()
        assert kept.positions == (Position(FUTURE, 1, 1080.0),)
        assert [lot.points for lot in kept.closed] == [5.0]
        assert f"{kept.closed[0].day}" == "2026-11-23", "a night counts to the next trade date"


async def test_a_trade_is_proposed_that_closes_the_selected_position() -> None:
    async with run_dashboard(CODES, start=at(18, 0), notifications=True) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        await add_position(stage, CALL, "-4", "20")
        await stage.press("s")
        assert "매수 4계약 @" in stage.dialog_message
        assert "체결 뒤 잔고 0" in stage.dialog_message
        await stage.press("escape")
        assert listed_positions(stage) == [Position(CALL, -4, 20.0)]


async def test_a_closed_row_is_removed_with_its_profit_and_brought_back() -> None:
    async with run_dashboard(CODES, start=at(18, 0), notifications=True) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        await add_position(stage, CALL, "1", "20")
        await stage.press("s")
        await fill_fields(stage, quantity="-1", average="22")
        await stage.press("enter", "d")
        assert "포지션이 없습니다" in stage.text
        await stage.press("u")
        assert "누적 +500,000" in stage.text
        for size in ((60, 14), (80, 24), (200, 50)):
            await stage.resize(size)
            await stage.wait_layout()
            assert {cell_len(line) for line in stage.text.splitlines()} == {size[0]}
