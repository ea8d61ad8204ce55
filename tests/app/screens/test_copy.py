"""A row or a panel goes to the clipboard of the terminal as text."""

from harness.dashboard import at, run_dashboard


async def test_copy_takes_the_row_under_the_cursor_or_the_panel() -> None:
    async with run_dashboard(notifications=True) as stage:
        await stage.settle_at(at(18, 1))
        await stage.press("down", "y")
        code = stage.app.main.grid.watchlist.code
        row = stage.app.clipboard
        assert code in row
        assert "\n" not in row
        assert row == next(line for line in stage.text.splitlines() if code in line).strip("│▌ ")
        assert stage.toasts == ["1줄을 복사했습니다"]
        await stage.press("Y")
        panel = stage.app.clipboard
        assert row in panel
        assert len(panel.splitlines()) > len(stage.codes)


async def test_copy_works_on_pages_and_the_greeks_key_has_moved() -> None:
    async with run_dashboard(notifications=True) as stage:
        await stage.settle_at(at(18, 1))
        await stage.press("5", "Y")
        assert "델타" in stage.app.clipboard
        before = stage.app.workspace.valuation.source
        await stage.press("i")
        assert stage.app.workspace.valuation.source != before
