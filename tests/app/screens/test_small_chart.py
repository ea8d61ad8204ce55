"""The small chart under the watchlist: where it is shown, how often it is drawn, how it is left."""

from array import array
from datetime import timedelta
from itertools import pairwise

import pytest
from harness.dashboard import at, run_dashboard

from app.screens.chart_screen import ChartScreen
from widgets.chart import ChartPicture

CODES = ("A01612", "B01612A31", "C01612A31")


@pytest.mark.parametrize(
    ("size", "shown"),
    [((200, 50), True), ((160, 50), True), ((159, 50), False), ((200, 40), False)],
)
async def test_it_is_shown_from_160_columns_on(size: tuple[int, int], shown: bool) -> None:
    async with run_dashboard(CODES, size=size) as stage:
        await stage.settle_at(at(18, 2))
        grid = stage.app.main.grid
        assert grid.small_chart.display is shown
        assert grid.watchlist.region.height >= 6
        assert ("8 차트 ─" in stage.text) is shown
        await stage.resize((120, 40))
        await stage.wait_layout()
        assert "8 차트 ─" not in stage.text
        await stage.resize(size)
        await stage.wait_layout()
        assert ("18:00" in stage.text.partition("8 차트 ─")[2]) is shown
        await stage.press("z")
        await stage.wait_layout()
        assert not grid.small_chart.display
        await stage.press("z")
        await stage.wait_layout()
        assert grid.small_chart.display is shown


async def test_it_follows_the_cursor_and_is_drawn_once_a_second_at_most() -> None:
    async with run_dashboard(CODES, size=(200, 50)) as stage:
        await stage.settle_at(at(18, 2))
        grid, memory = stage.app.main.grid, stage.app.market.memory
        await stage.press("down")
        stage.clock.move_to(stage.clock.now() + timedelta(seconds=2))
        stage.app.tick()
        await stage.pilot.pause()
        assert "C 202612" in str(grid.small_chart.border_title)
        drawn: list[float] = []
        show = grid.small_chart.show

        def count(picture: ChartPicture) -> None:
            drawn.append(stage.clock.monotonic())
            show(picture)

        grid.small_chart.show = count  # type: ignore[method-assign]
        begun = stage.clock.now()
        for step in range(1, 61):
            stage.clock.move_to(begun + timedelta(seconds=step / 10))
            values = (begun.timestamp(), 1, 1, 1e6 + step, 1, 0, 0, 4)
            memory.apply({grid.board.code: array("d", values)})
            grid.show_chart()
        assert 5 <= len(drawn) <= 7
        assert min(later - one for one, later in pairwise(drawn)) >= 1 - 1e-6


async def test_it_is_hidden_in_the_list_of_panels_and_the_layout_keeps_it() -> None:
    async with run_dashboard(CODES, size=(200, 50)) as stage:
        await stage.settle_at(at(18, 2))
        grid = stage.app.main.grid
        await stage.press("v", "end", "space", "enter")
        await stage.wait_layout()
        assert not grid.small_chart.display
        assert grid.panels == ["watchlist", "greeks", "expected"]
        kept = stage.app.main.layouts.capture()
        assert not kept.chart.small
        await stage.press("v", "end", "space", "enter")
        await stage.wait_layout()
        assert grid.small_chart.display
        stage.app.main.open_layout(kept)
        await stage.wait_layout()
        assert not grid.small_chart.display


async def test_a_click_opens_the_page() -> None:
    async with run_dashboard(CODES, size=(200, 50)) as stage:
        await stage.settle_at(at(18, 2))
        await stage.pilot.click("#small_chart")
        await stage.pilot.pause()
        assert isinstance(stage.app.page, ChartScreen)
        assert stage.app.page.code == "A01612"
