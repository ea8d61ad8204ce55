"""The page of positions by the keyboard: typing in, editing, and every size."""

from harness.dashboard import at, run_dashboard
from harness.position_keys import (
    CALL,
    CODES,
    FUTURE,
    MINI,
    OPEN,
    PUT,
    add_position,
    fill_fields,
    line_words,
    listed_positions,
    positions_screen,
)
from rich.cells import cell_len

from app.portfolio.positions import Position
from specs.market.ticker import ask, bid
from widgets.contract_names import underlying_name
from widgets.texts import use


async def test_positions_are_typed_in_and_come_to_what_the_market_says() -> None:
    async with run_dashboard(CODES, start=at(18, 0)) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        assert "포지션이 없습니다" in stage.text
        await add_position(stage, FUTURE, "-2", "1,081.25")
        await add_position(stage, "call 1080", "+3", "20.5")
        await stage.pilot.pause()
        assert listed_positions(stage)[0] == Position(FUTURE, -2, 1081.25)
        row = stage.app.market.book.row(FUTURE)
        assert row is not None
        middle = (bid(row) + ask(row)) / 2
        await stage.until(lambda: "│ F 202612" in stage.text)
        found = line_words(stage, "F 202612")
        assert found[2:4] == ["-2", "1,081.25"]
        assert found[5] == f"{-500_000 * (middle - 1081.25):+,.0f}"
        assert found[6:8] == ["-2.00", "-500,000"]
        flat = " ".join(line_words(stage, "코스피200 ("))
        assert flat.startswith(
            "코스피200 (1종목 제외) 델타 중립: 미니선물 매수 10계약 (정확히 +10.00)"
        )


async def test_the_page_wants_data_of_what_nobody_watches_and_values_it() -> None:
    async with run_dashboard((MINI,), start=at(18, 0)) as stage:
        await stage.press("P")
        await add_position(stage, CALL, "5", "20")
        page = positions_screen(stage)
        assert page.codes == (CALL, FUTURE), "its values rest on the future"
        assert (page.focus_code, page.visible_codes) == (CALL, frozenset((CALL,)))
        stage.app.tick()
        await stage.pass_time(5)
        assert ("H0EUCNT0", CALL) in stage.simulator.registrations
        await stage.step_to(OPEN)
        row = stage.app.market.book.row(CALL)
        assert row is not None
        assert row.theoretical is not None
        assert (
            line_words(stage, "C 202612 1,080.0")[-1]
            == f"{5 * 250_000 * row.theoretical.vega:,.0f}"
        )
        assert stage.codes == [MINI]


async def test_the_scenario_follows_cursor_hours_and_steps() -> None:
    async with run_dashboard(CODES, start=at(18, 0)) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        await add_position(stage, CALL, "-10", "20")
        await stage.pilot.pause()
        assert "시나리오 코스피200 ─ 지금" in stage.text
        before = line_words(stage, "0%p")
        assert before[5] == "0"
        await stage.press("right_square_bracket", "right_square_bracket")
        assert "2시간 뒤" in stage.text
        later = line_words(stage, "0%p")
        assert int(later[5].replace(",", "")) > 0, "a short option gains as time goes by"
        await stage.press("left_square_bracket", "left_square_bracket", "left_square_bracket")
        assert line_words(stage, "0%p") == before
        steps = line_words(stage, "지수")
        await stage.press("right_curly_bracket")
        assert float(line_words(stage, "지수")[-1]) > float(steps[-1])
        await stage.press("left_curly_bracket")
        assert line_words(stage, "지수") == steps


async def test_a_position_is_edited_in_place_dropped_and_brought_back() -> None:
    async with run_dashboard(CODES, notifications=True) as stage:
        await stage.press("P")
        await add_position(stage, CALL, "-10", "20")
        await add_position(stage, PUT, "-10", "21")
        page = positions_screen(stage)
        assert page.holdings.code == PUT
        await stage.press("up", "e")
        assert "C 202612 1,080.0" in stage.text
        await fill_fields(stage, quantity="-4")
        await stage.press("enter")
        assert listed_positions(stage) == [Position(CALL, -4, 20.0), Position(PUT, -10, 21.0)]
        await stage.press("d")
        assert [position.code for position in listed_positions(stage)] == [PUT]
        await stage.press("u", "u")
        assert listed_positions(stage) == [Position(CALL, -10, 20.0), Position(PUT, -10, 21.0)]
        await stage.press("enter", "escape", "escape")
        assert stage.app.page is None
        assert stage.codes == list(CODES)


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"code": "KOSPY"}, "검색 결과가 없습니다"),
    ({"code": "\x1b[31m"}, "검색 결과가 없습니다"),
    ({"code": CALL, "quantity": "1e30"}, "수량 '1e30'"),
    ({"quantity": "0"}, "수량 0은"),
    ({"quantity": "nan"}, "수량 'nan'"),
    ({"quantity": "9" * 60}, "계약까지입니다"),
    ({"quantity": "2", "average": "-3"}, "스프레드만"),
    ({"average": "[/]"}, "평균단가 '[/]'"),
]


async def test_what_cannot_be_held_is_said_in_the_dialog() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.press("P", "a")
        for fields, said in REFUSED:
            await fill_fields(stage, **fields)
            await stage.press("enter")
            assert said in stage.dialog_message
            await stage.press("enter")
            assert said in stage.dialog_message
        await stage.press("escape")
        assert listed_positions(stage) == []
        assert stage.app.page is not None


async def test_what_is_empty_is_not_wrong_yet_and_enter_goes_on() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.press("P", "a")
        assert stage.app.focused is stage.app.screen.query_one("#quantity")
        await stage.press(*"-2", "enter")
        assert stage.app.focused is stage.app.screen.query_one("#average")
        assert "매도 2계약" in stage.dialog_message
        await stage.press(*"1081.5", "enter")
        assert listed_positions(stage) == [Position(FUTURE, -2, 1081.5)]
        await stage.press("a")
        await fill_fields(stage, code=FUTURE)
        assert "이미 있습니다. -2 @ 1081.5를" in stage.dialog_message


async def test_the_page_is_aligned_at_every_size() -> None:
    async with run_dashboard(CODES, start=at(18, 0)) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        for n, code in enumerate((*CODES, "A11612", "B01612A36")):
            await add_position(stage, code, str(n * 7 - 10), "1000.5")
        for language in ("ko", "en"):
            use(language)
            await stage.press("escape", "P")
            for size in ((80, 24), (120, 40), (200, 50), (60, 14)):
                await stage.resize(size)
                await stage.wait_layout()
                lines = stage.text.splitlines()
                assert len(lines) == size[1]
                assert {cell_len(text) for text in lines} == {size[0]}
                body = [text for text in lines[1:-1] if text.strip()]
                assert all(text[0] in "╭│╰" and text[-1] in "╮│╯" for text in body)
                assert underlying_name("KOSPI200") in stage.text


async def test_a_low_screen_shows_positions_sums_and_the_way_to_a_flat_delta() -> None:
    async with run_dashboard(CODES, start=at(18, 0)) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        for code in (*CODES, "A11612", "B01612A36"):
            await add_position(stage, code, "-3", "20")
        await stage.resize((60, 14))
        await stage.wait_layout()
        assert "시나리오" not in stage.text
        assert "델타 중립" in stage.text
        assert line_words(stage, "코스피200 합계")
        assert "↑" in line_words(stage, "포지션 ↑")[1]
        await stage.resize((80, 24))
        await stage.wait_layout()
        assert "시나리오" in stage.text
        await stage.resize((59, 24))
        await stage.wait_layout()
        assert "60" in stage.text
        assert "델타" not in stage.text
        await stage.resize((80, 24))
        await stage.wait_layout()
        assert "델타" in stage.text


async def test_it_opens_from_the_palette_too() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.press("colon")
        await stage.press(*"포지션과")
        await stage.until(lambda: "포지션과 시나리오" in stage.text)
        await stage.press("down", "enter")
        await stage.until(lambda: stage.app.page is not None)
