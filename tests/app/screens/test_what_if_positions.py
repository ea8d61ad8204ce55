"""Assumed positions on the page of positions, by the keyboard."""

from harness.dashboard import at, run_dashboard
from harness.position_keys import (
    CALL,
    CODES,
    FUTURE,
    MINI,
    OPEN,
    add_position,
    fill_fields,
    line_words,
    listed_positions,
    positions_screen,
)

from app.portfolio.positions import Position
from specs.market.ticker import ask, bid


async def test_what_if_positions_count_in_sums_until_they_are_left_out() -> None:
    async with run_dashboard(CODES, start=at(18, 0), notifications=True) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        await add_position(stage, FUTURE, "1", "1080")
        await stage.press("w")
        await fill_fields(stage, code=MINI, quantity="-5", average="1081")
        await stage.press("enter")
        assert "포지션 1 + 가정 1 포함" in stage.text
        assert line_words(stage, "? 미니F 202612")[3:5] == ["-5", "1,081.00"]
        # A mini is a fifth of a future of 250,000 won a point.
        total = line_words(stage, "코스피200 합계")
        assert total[3:5] == ["0.00", "0"]
        await stage.press("o")
        assert "포지션 1 · 가정 1 제외" in stage.text
        assert line_words(stage, "코스피200 합계")[3:5] == ["+1.00", "250,000"]
        assert [held.code for held in positions_screen(stage)._subject()] == [FUTURE]
        await stage.press("o")
        assert line_words(stage, "코스피200 합계")[3:5] == ["0.00", "0"]
        assert listed_positions(stage) == [Position(FUTURE, 1, 1080.0)]


async def test_what_if_contracts_of_a_held_position_are_assumed_at_its_price() -> None:
    async with run_dashboard(CODES, start=at(18, 0), notifications=True) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        await add_position(stage, CALL, "2", "20")
        await stage.press("left_parenthesis", "left_parenthesis")
        row = stage.app.market.book.row(CALL)
        assert row is not None
        leg = stage.app.workspace.what_if.legs[CALL]
        assert leg == Position(CALL, -2, (bid(row) + ask(row)) / 2)
        page = positions_screen(stage)
        assert page.holdings.key == f"?{CALL}"
        assert line_words(stage, "코스피200 합계")[3] == "0.00"
        await stage.press("right_parenthesis")
        assert stage.app.workspace.what_if.legs[CALL].quantity == -1
        await stage.press("d")
        assert not stage.app.workspace.what_if.legs
        await stage.press("u", "u")
        assert stage.app.workspace.what_if.legs[CALL].quantity == -2
        assert listed_positions(stage) == [Position(CALL, 2, 20.0)]
        await stage.press("escape", "P")
        assert "가정 1 포함" in stage.text


async def test_what_if_positions_are_in_no_file() -> None:
    async with run_dashboard(CODES, start=at(18, 0), notifications=True) as stage:
        await stage.step_to(OPEN)
        await stage.press("P", "w")
        await fill_fields(stage, code=CALL, quantity="3")
        assert "매수 3계약 @" in stage.dialog_message
        await stage.press("enter")
        assert "포지션 0 + 가정 1 포함" in stage.text
        assert stage.app.workspace.what_if.legs[CALL].average > 0
        stage.app.workspace.positions.save_beside("kept")
        assert stage.app.program.positions.load() == ()
        assert stage.app.program.positions.load_beside("kept") is None


async def test_what_if_positions_are_saved_by_name_opened_deleted_and_undone() -> None:
    async with run_dashboard(CODES, start=at(18, 0), notifications=True) as stage:
        await stage.step_to(OPEN)
        await stage.press("P", "W", "a")
        assert "가정 포지션이 없습니다 — w로 추가하세요" in stage.dialog_message
        await stage.press("escape", "w")
        await fill_fields(stage, code=CALL, quantity="-3", average="20")
        await stage.press("enter", "W", "a", *"short call", "enter")
        assert stage.dialog_message == "short call을 저장했습니다"
        assert "short call  -3 C 202612 1,080.0" in stage.text
        await stage.press("escape", "d")
        what_if = stage.app.workspace.what_if
        assert not what_if.legs
        await stage.press("W", "enter")
        assert list(what_if.legs.values()) == [Position(CALL, -3, 20.0)]
        assert positions_screen(stage).holdings.key == f"?{CALL}"
        assert stage.toasts[-1] == "가정 포지션을 short call로 바꿨습니다 — u 실행 취소"
        await stage.press("u")
        assert not what_if.legs
        await stage.press("W", "d")
        assert "short call을 삭제했습니다 — u 실행 취소" in stage.dialog_message
        assert stage.app.program.positions.what_if_sets.load() == {}
        await stage.press("u")
        assert stage.dialog_message == "short call을 되돌렸습니다"
        await stage.press("escape", "q")
    async with run_dashboard(None, start=at(18, 0)) as stage:
        await stage.press("P", "W", "enter")
        assert list(stage.app.workspace.what_if.legs.values()) == [Position(CALL, -3, 20.0)]


async def test_what_if_without_a_price_asks_for_an_average() -> None:
    async with run_dashboard((FUTURE,), start=at(18, 0), notifications=True) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        await add_position(stage, "A05701", "1", "1080")
        await stage.press("right_parenthesis")
        assert "지금 가격이 없습니다" in stage.text
        await stage.press("w")
        await fill_fields(stage, code="A05701", quantity="1")
        assert "지금 가격이 없습니다" in stage.dialog_message
        await fill_fields(stage, average="1082.5")
        await stage.press("enter")
        assert stage.app.workspace.what_if.legs["A05701"] == Position("A05701", 1, 1082.5)
