"""The space bar holds the screen while data go on."""

from harness.dashboard import at, run_dashboard

CODE = "A01612"


def shown_row(text: str) -> str:
    return next(line for line in text.splitlines() if CODE in line and "관심종목" not in line)


async def test_space_freezes_the_screen_while_the_market_goes_on() -> None:
    async with run_dashboard() as stage:
        await stage.settle_at(at(18, 1))
        await stage.press("space")
        before, row = shown_row(stage.text), stage.app.market.book.row(CODE)
        await stage.settle_at(at(18, 3))
        assert stage.app.market.book.row(CODE) != row
        assert shown_row(stage.text) == before
        assert "화면 정지 2:00" in stage.status
        await stage.press("space")
        assert "화면 정지" not in stage.status
        assert shown_row(stage.text) != before


async def test_a_changed_list_and_a_page_end_a_freeze() -> None:
    async with run_dashboard() as stage:
        await stage.settle_at(at(18, 1))
        await stage.press("space", "d")
        await stage.pilot.pause()
        assert stage.app.frozen_at is None
        await stage.press("space")
        assert stage.app.frozen_at is not None
        await stage.press("5")
        assert stage.app.frozen_at is None


async def test_a_frozen_page_stands_still_too() -> None:
    async with run_dashboard() as stage:
        await stage.settle_at(at(18, 1))
        await stage.press("5")
        await stage.step_to(at(18, 2))
        await stage.press("space")
        before = stage.text.splitlines()[3:-3]
        await stage.step_to(at(18, 4))
        assert stage.text.splitlines()[3:-3] == before
        await stage.press("space")
        assert stage.text.splitlines()[3:-3] != before
