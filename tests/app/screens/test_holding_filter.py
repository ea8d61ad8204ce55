"""Filtering the table of positions by an expression."""

from harness.dashboard import run_dashboard
from harness.position_keys import (
    CALL,
    CODES,
    FUTURE,
    OPEN,
    PUT,
    add_position,
    line_words,
    positions_screen,
)


async def test_a_filter_of_positions_leaves_sums_alone_and_escape_clears_it() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.step_to(OPEN)
        await stage.press("P")
        for code, quantity in ((FUTURE, "1"), (CALL, "-3"), (PUT, "2")):
            await add_position(stage, code, quantity, "20")
        page = positions_screen(stage)
        total = line_words(stage, "코스피200 합계")
        await stage.press("f", *"옵션 수량 < 0", "enter")
        assert page.holdings.code == CALL
        assert "필터 1/3 옵션 수량 < 0" in stage.text
        assert "F 202612" not in "\n".join(stage.text.splitlines()[:6])
        assert line_words(stage, "코스피200 합계") == total
        await stage.press("f", *"qty > 9", "enter")
        assert "필터에 맞는 행이 없습니다" in stage.text
        await stage.press("escape")
        assert "필터" not in stage.text.splitlines()[1]
        assert positions_screen(stage) is page
        await stage.press("escape")
        assert stage.app.front is stage.app.main
