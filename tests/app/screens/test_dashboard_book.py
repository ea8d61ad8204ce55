"""The order book panel on the desk: its key, its place in every arrangement, its contract."""

import pytest
from harness.dashboard import DashboardHarness, run_dashboard
from textual.geometry import Region

FEW = ("A01612", "B01612A31", "C01612A31")


def places(stage: DashboardHarness) -> tuple[Region, Region]:
    """Return the regions of the watchlist and the order book."""
    return stage.app.main.grid.watchlist.region, stage.app.main.grid.ladder.region


async def test_four_shows_the_book_then_goes_to_it_then_hides_it() -> None:
    async with run_dashboard(FEW) as stage:
        desk = stage.app.main.grid
        assert not desk.ladder.display
        await stage.press("4")
        assert desk.ladder.display
        assert desk.focused_panel == "book"
        await stage.press("1", "4")
        assert desk.focused_panel == "book"
        await stage.press("4")
        assert not desk.ladder.display
        assert desk.focused_panel == "watchlist"
        assert desk.panels == ["watchlist", "greeks", "expected"]


async def test_the_book_is_kept_in_a_layout_and_takes_its_turn_with_tab() -> None:
    async with run_dashboard(FEW) as stage:
        assert "book" not in stage.app.main.layouts.capture().panels
        await stage.press("4")
        layout = stage.app.main.layouts.capture()
        assert layout.panels == ["watchlist", "greeks", "expected", "book"]
        await stage.press("tab")
        assert stage.app.main.grid.focused_panel == "watchlist"
        await stage.press("shift+tab")
        assert stage.app.main.grid.focused_panel == "book"
        await stage.press("4")
        stage.app.main.open_layout(layout)
        await stage.wait_layout()
        assert stage.app.main.grid.ladder.display


@pytest.mark.parametrize("size", [(100, 30), (120, 40), (200, 50)])
async def test_beside_the_watchlist_the_book_has_a_fixed_width_and_its_height(
    size: tuple[int, int],
) -> None:
    async with run_dashboard(FEW, size=size) as stage:
        await stage.press("4", "1")
        for arrangement in ("stack", "rows"):
            while stage.app.main.grid.arrangement != arrangement:
                await stage.press("0")
            await stage.wait_layout()
            watchlist, book = places(stage)
            assert (book.x, book.y) == (watchlist.right, watchlist.y)
            small = stage.app.main.grid.small_chart
            below = small.region.height if small.display else 0
            assert (book.width, book.height) == (40, watchlist.height + below)
            assert book.right == size[0]


@pytest.mark.parametrize(("size", "below"), [((120, 40), True), ((200, 50), False)])
async def test_side_by_side_it_stands_where_there_is_room(
    size: tuple[int, int], below: bool
) -> None:
    async with run_dashboard(FEW, size=size) as stage:
        await stage.press("4", "1", "0")
        await stage.wait_layout()
        watchlist, book = places(stage)
        if below:
            assert (book.x, book.y) == (watchlist.x, watchlist.bottom)
            assert book.height <= 20
        else:
            assert (book.x, book.y) == (watchlist.right, watchlist.y)
        assert book.right <= stage.app.main.grid.greeks.region.x


async def test_a_narrow_screen_has_one_lower_place_for_all_three() -> None:
    async with run_dashboard(FEW, size=(80, 24)) as stage:
        desk = stage.app.main.grid
        for key, shown in (("4", "book"), ("2", "greeks"), ("3", "expected"), ("4", "book")):
            await stage.press(key)
            await stage.wait_layout()
            assert [n for n in ("greeks", "expected", "book") if desk.panel(n).region] == [shown]
            assert desk.watchlist.region
        assert desk.ladder.size.height == 8, "three levels a side, the middle and the totals"
        await stage.press("4")
        assert desk.greeks.display


async def test_the_book_can_have_all_the_room_and_gives_it_back() -> None:
    async with run_dashboard(FEW) as stage:
        desk = stage.app.main.grid
        await stage.press("4", "z")
        await stage.wait_layout()
        assert desk.ladder.region == desk.region
        await stage.press("4")
        await stage.wait_layout()
        assert desk.watchlist.region
        assert not desk.ladder.display


async def test_braces_on_the_book_move_its_lower_edge() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("4")
        await stage.wait_layout()
        before = places(stage)[1].height
        await stage.press("right_curly_bracket", "right_curly_bracket")
        await stage.wait_layout()
        watchlist, book = places(stage)
        assert book.height > before
        assert watchlist.height == book.height


async def test_the_book_follows_the_cursor_and_arrows_still_move_it_from_there() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("4")
        for code in (*FEW, FEW[-1]):
            selected = stage.app.main.grid.ladder.selected
            assert selected is not None
            assert selected.code == code
            await stage.press("down")


async def test_alone_it_can_be_hidden_and_the_watchlist_comes_back() -> None:
    async with run_dashboard(FEW) as stage:
        stage.app.main.grid.apply_arrangement(["book"], "stack", {})
        stage.app.main.grid.go_to("book")
        await stage.wait_layout()
        assert stage.app.main.grid.focused_panel == "book"
        await stage.press("4")
        assert stage.app.main.grid.panels == ["watchlist"]
        assert stage.app.main.grid.watchlist.display
