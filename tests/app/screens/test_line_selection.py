"""Lines selected by dragging the mouse over a board, and the mouse turned off."""

from harness.dashboard import DashboardHarness, at, run_dashboard
from textual import events
from textual.geometry import Offset

from widgets.watchlist import WatchlistBoard

FEW = ("A01612", "B01612A31", "C01612A31")


async def drag(stage: DashboardHarness, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Press the button at a cell of the terminal, move to another and release it there."""
    for kind, (x, y) in (
        (events.MouseDown, start), (events.MouseMove, end), (events.MouseUp, end)
    ):  # fmt: skip
        buttons = (0, 0, 1, False, False, False)
        stage.app.post_message(kind(None, x, y, *buttons, screen_x=x, screen_y=y))
    await stage.pilot.pause()


def top(board: WatchlistBoard) -> Offset:
    """Return the cell of the terminal at the first row of a board."""
    return board.content_region.offset + Offset(0, board.HEADER)


async def test_a_drag_copies_the_rows_under_it_and_moves_no_cursor() -> None:
    async with run_dashboard(FEW, notifications=True) as stage:
        await stage.settle_at(at(18, 1))
        board = stage.app.main.grid.watchlist
        x, y = top(board)
        await drag(stage, (x + 4, y), (x + 20, y + 1))
        await stage.until(lambda: stage.toasts == ["2줄을 복사했습니다"])
        first, second = stage.app.clipboard.splitlines()
        assert first.startswith("A01612")
        assert second.startswith("B01612A31")
        assert board.selected_lines.lines == range(1, 3)
        assert (board.code, board.cell_column) == ("A01612", "")
        # Both y and Esc mean the selected rows first.
        await stage.press("down", "y")
        assert stage.app.clipboard.splitlines() == [first, second]
        await stage.press("escape", "y")
        assert not board.selected_lines.lines
        assert stage.app.clipboard.startswith("B01612A31")
        assert len(stage.app.clipboard.splitlines()) == 1


async def test_a_drag_within_a_row_copies_it_and_a_click_does_not() -> None:
    async with run_dashboard(FEW) as stage:
        board = stage.app.main.grid.watchlist
        x, y = top(board)
        await drag(stage, (x + 4, y + 2), (x + 5, y + 2))
        await stage.until(lambda: board.code == "C01612A31")
        assert stage.app.clipboard == ""
        await drag(stage, (x + 4, y + 1), (x + 30, y + 1))
        await stage.until(lambda: stage.app.clipboard)
        assert stage.app.clipboard.startswith("B01612A31")
        assert board.code == "C01612A31"
        # The next click is one again.
        await stage.pilot.click(offset=(x + 4, y))
        await stage.until(lambda: board.code == "A01612")
        assert not board.selected_lines.lines


async def test_selected_rows_are_reversed_and_a_page_keeps_its_place_on_the_first_escape() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.settle_at(at(18, 1))
        await stage.press("down", "5")
        await stage.pass_time(1)
        board = stage.app.screen.query_one("#chain")
        x, y = board.content_region.offset + Offset(0, 4)
        await drag(stage, (x + 4, y), (x + 4, y + 2))
        await stage.until(lambda: len(stage.app.clipboard.splitlines()) == 3)
        strips = stage.app.screen._compositor.render_strips()
        lines = [strip.crop(x + 1, x + 100) for strip in strips]
        reversed_lines = [
            at for at, line in enumerate(lines) if all(s.style and s.style.reverse for s in line)
        ]
        assert reversed_lines == [y, y + 1, y + 2]
        await stage.press("escape")
        assert stage.app.front is not stage.app.main
        await stage.press("escape")
        assert stage.app.front is stage.app.main


async def test_the_mouse_is_turned_off_with_a_badge_and_on_again() -> None:
    async with run_dashboard(FEW, notifications=True) as stage:
        await stage.press("percent_sign")
        await stage.pass_time(1)
        assert "마우스 꺼짐" in stage.status
        assert not stage.app.reports_mouse
        await stage.press("5", "percent_sign")
        await stage.pass_time(1)
        assert stage.toasts[-1] == "마우스를 켰습니다"
        assert "마우스 꺼짐" not in stage.text
