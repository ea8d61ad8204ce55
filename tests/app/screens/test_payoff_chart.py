"""The payoff chart of the positions page by its keys, at every size."""

import pytest
from harness.dashboard import at, run_dashboard
from harness.position_keys import CALL, CODES, OPEN, PUT, add_position, positions_screen
from rich.cells import cell_len

from widgets.texts import use

JANUARY = "B01701A33"


async def test_payoff_chart_marks_break_evens_of_a_straddle() -> None:
    async with run_dashboard(CODES, start=at(18, 0), size=(120, 40)) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        assert "손익곡선" not in stage.text.splitlines()[1]
        await add_position(stage, CALL, "-1", "20")
        await add_position(stage, PUT, "-1", "19")
        await stage.pilot.pause()
        text = stage.text
        assert "손익곡선 코스피200 ─ 만기 26/12/10" in text
        assert "손익분기 1,041.00 · 1,119.00" in text
        assert "만기 최대이익 +9,750,000   만기 최대손실 무한" in text
        assert text.count("◆") == 2
        assert "+1σ" in text
        assert "5일 뒤" in text
        await stage.press("n")
        assert "7일 뒤" in stage.text
        await stage.press("N", "N")
        assert "3일 뒤" in stage.text


async def test_payoff_chart_takes_all_the_room_of_a_small_screen_and_gives_it_back() -> None:
    async with run_dashboard(CODES, start=at(18, 0), size=(80, 24)) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        await add_position(stage, CALL, "2", "20")
        assert "c 손익곡선" in stage.text
        assert "손익분기" not in stage.text
        await stage.press("c")
        await stage.wait_layout()
        assert "손익분기 1,100.00" in stage.text
        assert "시나리오" not in stage.text
        await stage.press("c")
        await stage.wait_layout()
        assert "손익분기" not in stage.text
        assert stage.app.focused is positions_screen(stage).holdings


async def test_payoff_chart_goes_through_expiries_and_underlyings() -> None:
    async with run_dashboard((*CODES, "A11612"), start=at(18, 0), size=(120, 45)) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        await add_position(stage, CALL, "-1", "20")
        await add_position(stage, JANUARY, "1", "30")
        await add_position(stage, "A11612", "3", "70000")
        page = positions_screen(stage)
        assert page.holdings.code == "A11612"
        await stage.press("tab")
        assert page.holdings.code == CALL
        assert "손익곡선 코스피200 ─ 만기 26/12/10" in stage.text
        await stage.press("m")
        assert "손익곡선 코스피200 ─ 만기 27/01/14" in stage.text
        await stage.press("m")
        assert "만기 26/12/10" in stage.text
        await stage.press("shift+tab")
        assert page.holdings.code == "A11612"


async def test_payoff_chart_says_which_contract_lacks_a_volatility() -> None:
    async with run_dashboard((CODES[0],), start=at(18, 0), size=(120, 40)) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        await add_position(stage, CODES[0], "1", "1080")
        await add_position(stage, "B01612A33", "1", "20")
        await stage.pilot.pause()
        assert "지금 — C 202612 1,080.0: 계산 대기" in stage.text


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_payoff_chart_is_aligned_at_every_size(language: str) -> None:
    use(language)
    async with run_dashboard(CODES, start=at(18, 0)) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        for code in (CALL, PUT):
            await add_position(stage, code, "-3", "20.5")
        for large in (False, True):
            for size in ((60, 14), (80, 24), (120, 40), (200, 50)):
                await stage.resize(size)
                await stage.wait_layout()
                lines = stage.text.splitlines()
                assert {cell_len(text) for text in lines} == {size[0]}
                body = [text for text in lines[1:-1] if text.strip()]
                assert all(text[0] in "╭│╰" and text[-1] in "╮│╯" for text in body)
                assert ("σ" in stage.text) is (large or size[1] >= 40)
            await stage.press("c")
