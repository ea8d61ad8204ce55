"""Regions of the panels in each arrangement and size, their visibility and focus."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from app.market.session_memory import SessionMemory
from specs.preferences import ChartSetup
from widgets.panel_grid import ARRANGEMENTS, PANELS, SIZES, PanelGrid

ALL = list(PANELS[:4])
Box = tuple[int, int, int, int]
"""Left, top, columns, rows."""


class Room(App[None]):
    """Nothing but the desk."""

    CSS = "#desk, #main, #side { width: 100%; height: 100%; }"

    def compose(self) -> ComposeResult:
        yield PanelGrid(SessionMemory())


@asynccontextmanager
async def desk(
    size: tuple[int, int] = (160, 40),
    panels: Sequence[str] = ALL,
    arrangement: str = "stack",
    *,
    small_chart: bool = False,
    **sizes: int,
) -> AsyncIterator[tuple[PanelGrid, Pilot[None]]]:
    app = Room()
    async with app.run_test(size=size) as pilot:
        found = app.query_one(PanelGrid)
        found.chart_setup = ChartSetup(small=small_chart)
        found.apply_arrangement(list(panels), arrangement, sizes)
        await pilot.pause()
        yield found, pilot


def boxes(desk: PanelGrid) -> dict[str, Box]:
    """Return the regions of the visible panels."""
    found = {}
    for name in PANELS:
        region = desk.panel(name).region
        if desk.panel(name).is_on_screen and region.area:
            found[name] = (region.x, region.y, region.width, region.height)
    return found


@pytest.mark.parametrize(
    ("arrangement", "panels", "expected"),
    [
        (
            "stack",
            ALL,
            {
                "watchlist": (0, 0, 120, 22), "book": (120, 0, 40, 22),
                "greeks": (0, 22, 80, 18), "expected": (80, 22, 80, 18),
            },
        ),
        (
            "side",
            ALL,
            {
                "watchlist": (0, 0, 48, 40), "book": (48, 0, 40, 40),
                "greeks": (88, 0, 72, 20), "expected": (88, 20, 72, 20),
            },
        ),
        (
            "rows",
            ALL,
            {
                "watchlist": (0, 0, 120, 22), "book": (120, 0, 40, 22),
                "greeks": (0, 22, 160, 9), "expected": (0, 31, 160, 9),
            },
        ),
        ("stack", ["watchlist"], {"watchlist": (0, 0, 160, 40)}),
        ("stack", ["greeks"], {"greeks": (0, 0, 160, 40)}),
        ("side", ["expected"], {"expected": (0, 0, 160, 40)}),
        ("stack", ["watchlist", "book"], {"watchlist": (0, 0, 120, 40), "book": (120, 0, 40, 40)}),
        (
            "stack",
            ["book", "expected"],
            {"book": (0, 0, 160, 22), "expected": (0, 22, 160, 18)},
        ),
        (
            "rows",
            ["watchlist", "greeks"],
            {"watchlist": (0, 0, 160, 22), "greeks": (0, 22, 160, 18)},
        ),
        ("nonsense", ["nonsense"], {
            "watchlist": (0, 0, 160, 22), "greeks": (0, 22, 80, 18), "expected": (80, 22, 80, 18),
        }),
    ],
)  # fmt: skip
async def test_panels_stand_where_their_arrangement_says(
    arrangement: str, panels: list[str], expected: dict[str, Box]
) -> None:
    async with desk(panels=panels, arrangement=arrangement) as (found, _):
        assert boxes(found) == expected


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (159, 40, {"watchlist": (0, 0, 87, 20), "book": (0, 20, 87, 20)}),
        (159, 60, {"watchlist": (0, 0, 87, 40), "book": (0, 40, 87, 20)}),
        (120, 30, {"watchlist": (0, 0, 75, 15), "book": (0, 15, 75, 15)}),
        (160, 30, {"watchlist": (0, 0, 48, 30), "book": (48, 0, 40, 30)}),
    ],
)
async def test_a_book_beside_a_narrow_list_stands_below_it(
    width: int, height: int, expected: dict[str, Box]
) -> None:
    async with desk((width, height), ALL, "side") as (found, _):
        shown = boxes(found)
        assert {name: shown[name] for name in ("watchlist", "book")} == expected


async def test_below_a_hundred_columns_one_panel_shares_the_room_with_the_list() -> None:
    async with desk((99, 40)) as (found, pilot):
        assert found.is_narrow
        assert boxes(found) == {"watchlist": (0, 0, 99, 22), "greeks": (0, 22, 99, 18)}
        found.go_to("expected")
        await pilot.pause()
        assert boxes(found) == {"watchlist": (0, 0, 99, 22), "expected": (0, 22, 99, 18)}
        found.go_to("book")
        await pilot.pause()
        assert boxes(found) == {"watchlist": (0, 0, 99, 22), "book": (0, 22, 99, 18)}
        found.go_to("watchlist")
        await pilot.pause()
        assert "book" in boxes(found), "the list is no panel that shares"
        found.hide("book")
        await pilot.pause()
        assert set(boxes(found)) == {"watchlist", "greeks"}
        await pilot.resize_terminal(100, 40)
        await pilot.pause()
        assert not found.is_narrow
        assert set(boxes(found)) == {"watchlist", "greeks", "expected"}


async def test_sizes_are_kept_within_bounds() -> None:
    async with desk(main=5, side=99) as (found, _):
        assert found.sizes == {"main": 20, "side": 80}
        assert boxes(found)["watchlist"][3] == 8
        assert boxes(found)["greeks"][2] == 128
    async with desk() as (found, _):
        assert found.sizes == SIZES


@pytest.mark.parametrize(
    ("size", "panel", "which", "sign"),
    [
        ((160, 40), "watchlist", "main", 1),
        ((160, 40), "book", "main", 1),
        ((99, 40), "book", "main", -1),
        ((160, 40), "greeks", "side", 1),
        ((160, 40), "expected", "side", -1),
    ],
)
async def test_the_focused_panel_grows_and_shrinks(
    size: tuple[int, int], panel: str, which: str, sign: int
) -> None:
    async with desk(size) as (found, pilot):
        found.go_to(panel)
        await pilot.pause()
        assert found.focused_panel == panel
        found.resize(1)
        assert found.sizes == SIZES | {which: SIZES[which] + 5 * sign}
        found.resize(-2)
        assert found.sizes[which] == SIZES[which] - 5 * sign
        found.resize(99)
        found.resize(1)
        assert found.sizes[which] == (80 if sign > 0 else 20)
        await pilot.pause()
        main, side = found.sizes["main"], found.sizes["side"]
        assert boxes(found)["watchlist"][3] == 40 * main // 100
        if "expected" in boxes(found) and "greeks" in boxes(found):
            assert boxes(found)["greeks"][2] == size[0] * side // 100


async def test_zoom_gives_the_focused_panel_all_the_room() -> None:
    async with desk() as (found, pilot):
        found.go_to("expected")
        await pilot.pause()
        found.zoom()
        await pilot.pause()
        assert boxes(found) == {"expected": (0, 0, 160, 40)}
        found.go_to("greeks")
        await pilot.pause()
        assert boxes(found) == {"greeks": (0, 0, 160, 40)}, "the zoom goes along"
        found.zoom()
        await pilot.pause()
        assert set(boxes(found)) == set(ALL)
        ends: list[Callable[[], None]] = [
            lambda: found.hide("book"),
            found.next_arrangement,
            lambda: found.apply_arrangement(ALL, "stack", {}),
        ]
        for end in ends:
            found.zoom()
            end()
            await pilot.pause()
            assert len(boxes(found)) > 1


async def test_hiding_gives_the_focus_to_the_first_that_is_left() -> None:
    async with desk() as (found, pilot):
        for name, left in (
            ("watchlist", "greeks"), ("greeks", "expected"), ("expected", "book"),
            ("book", "watchlist"),
        ):  # fmt: skip
            found.hide(name)
            await pilot.pause()
            assert found.focused_panel == left
            assert name not in boxes(found)
        assert found.panels == ["watchlist"], "one is always shown"


async def test_going_to_a_hidden_panel_shows_it_in_its_place() -> None:
    async with desk(panels=["watchlist", "book"]) as (found, pilot):
        assert found.panels == ["watchlist", "book"]
        found.go_to("greeks")
        await pilot.pause()
        assert found.panels == ["watchlist", "greeks", "book"]
        assert found.greeks.board.has_focus
        assert found.focused_panel == "greeks"


async def test_without_a_focus_the_list_is_the_focused_panel() -> None:
    async with desk() as (found, pilot):
        found.screen.set_focus(None)
        await pilot.pause()
        assert found.focused_panel == "watchlist"


async def test_arrangements_follow_one_another() -> None:
    async with desk() as (found, _):
        seen = []
        for _step in range(4):
            seen.append(found.arrangement)
            found.next_arrangement()
        assert seen == [*ARRANGEMENTS, ARRANGEMENTS[0]]
        assert tuple(ARRANGEMENTS) == ("stack", "side", "rows")


@pytest.mark.parametrize(
    ("size", "arrangement", "rows"),
    [
        ((160, 48), "stack", 10),
        ((160, 48), "side", 16),
        ((200, 60), "stack", 11),
        ((200, 42), "stack", 0),
        ((159, 60), "stack", 0),
        ((100, 60), "side", 0),
    ],
)
async def test_the_small_chart_takes_its_rows_from_the_watchlist(
    size: tuple[int, int], arrangement: str, rows: int
) -> None:
    async with desk(size, arrangement=arrangement, small_chart=True) as (found, _):
        region, above = found.small_chart.region, found.watchlist.region
        assert found.small_chart.display is bool(rows)
        if rows:
            assert (region.height, region.width, region.y) == (rows, above.width, above.height)
