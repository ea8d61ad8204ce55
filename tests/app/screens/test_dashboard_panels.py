"""Panels by the keyboard: focus, show and hide, size, arrangement, zoom, columns."""

import itertools

import pytest
from harness.dashboard import DashboardHarness, at, run_dashboard

FEW = ("A01612", "B01612A31", "C01612A31")


async def test_digits_and_tab_go_from_panel_to_panel() -> None:
    async with run_dashboard(FEW) as stage:
        desk = stage.app.main.grid
        assert desk.focused_panel == "watchlist"
        for key, panel in (
            ("2", "greeks"), ("3", "expected"), ("1", "watchlist"),
            ("tab", "greeks"), ("tab", "expected"), ("tab", "watchlist"),
            ("shift+tab", "expected"),
        ):  # fmt: skip
            await stage.press(key)
            assert desk.focused_panel == panel, key


async def test_panels_are_hidden_and_come_back_by_their_key() -> None:
    async with run_dashboard(FEW) as stage:
        desk = stage.app.main.grid
        await stage.press("v", "down", "space", "enter")
        assert desk.panels == ["watchlist", "expected"]
        assert not desk.greeks.display
        assert desk.expected.display
        await stage.press("2")
        assert desk.panels == ["watchlist", "greeks", "expected"]
        assert desk.focused_panel == "greeks"
        assert desk.greeks.display
        await stage.press("v", "space", "down", "space", "down", "space", "enter")
        assert desk.panels, "the last panel cannot be hidden"


async def test_braces_make_the_focused_panel_smaller_and_larger() -> None:
    async with run_dashboard(FEW) as stage:
        watchlist = stage.app.main.grid.watchlist
        before = watchlist.size.height
        await stage.press("right_curly_bracket", "right_curly_bracket")
        await stage.wait_layout()
        larger = watchlist.size.height
        assert larger > before
        await stage.press(*["left_curly_bracket"] * 40)
        await stage.wait_layout()
        assert 0 < watchlist.size.height < before
        assert stage.app.main.grid.sizes["main"] == 20
        await stage.press("3", "right_curly_bracket")
        await stage.wait_layout()
        assert stage.app.main.grid.expected.size.width > stage.app.main.grid.greeks.size.width


async def test_nought_goes_round_the_arrangements() -> None:
    async with run_dashboard(FEW, notifications=True) as stage:
        desk = stage.app.main.grid
        for arrangement in ("side", "rows", "stack"):
            await stage.press("0")
            await stage.wait_layout()
            assert desk.arrangement == arrangement
            assert [toast.partition(":")[0] for toast in stage.toasts] == ["배치"]
            beside = desk.greeks.region.y == desk.watchlist.region.y
            assert beside == (arrangement == "side")


@pytest.mark.parametrize("key", ["z", "m"])
async def test_a_panel_takes_all_the_room_and_gives_it_back(key: str) -> None:
    async with run_dashboard(FEW) as stage:
        desk = stage.app.main.grid
        await stage.press("3", key)
        assert [desk.watchlist.display, desk.greeks.display, desk.expected.display] == [
            False, False, True,
        ]  # fmt: skip
        await stage.press("2")
        assert desk.greeks.display
        assert not desk.expected.display
        await stage.press(key)
        assert desk.watchlist.display
        assert desk.expected.display


async def test_columns_are_chosen_and_give_way_in_their_order_when_room_is_short() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("c", "down", "down", "space", "enter")
        await stage.wait_layout()
        assert "price" not in stage.app.main.grid.watchlist.requested_columns
        assert "현재가" not in heading(stage)
        await stage.press("c", "down", "down", "space", "enter")
        assert stage.app.main.grid.watchlist.shows_usual
        seen = []
        for width in (200, 120, 100, 80, 60):
            await stage.resize((width, 24))
            await stage.wait_layout()
            seen.append(set(heading(stage)))
        assert seen == sorted(seen, key=len, reverse=True)
        assert all(narrower <= wider for wider, narrower in itertools.pairwise(seen))
        assert {"현재가", "대비", "%"} <= seen[-1]


def heading(stage: DashboardHarness) -> list[str]:
    """The titles of the watchlist's columns that are seen."""
    return stage.text.splitlines()[2].strip("│ ").split()


async def test_esc_leaves_every_dialog_with_nothing_changed() -> None:
    async with run_dashboard(FEW) as stage:
        before = stage.app.main.layouts.capture()
        for key in ("a", "s", "c", "v", "w", "question_mark", "f1", "ctrl+p", "colon"):
            await stage.press(key)
            assert stage.app.screen is not stage.app.main, key
            await stage.press("escape")
            assert stage.app.screen is stage.app.main, key
        assert stage.app.main.layouts.capture() == before


async def test_help_finds_what_is_typed() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("question_mark")
        await stage.fill_field("레이아웃 저장")
        assert "레이아웃 저장" in stage.text
        assert "종목 삭제" not in stage.text
        await stage.fill_field("없는 말")
        await stage.wait_layout()
        assert "검색 결과가 없습니다" in stage.text


async def test_the_palette_runs_what_no_key_is_bound_to() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("colon")
        await stage.fill_field("색 바꾸기")
        await stage.until(lambda: "상승·하락 색 바꾸기" in stage.text)
        await stage.press("enter")
        await stage.until(lambda: stage.app.main.layouts.updown == "us")
        assert stage.app.theme_variables["up"] == stage.app.theme_variables["green"]


async def test_a_window_that_is_too_small_says_so_and_recovers() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.resize((59, 24))
        await stage.wait_layout()
        assert "창이 작습니다" in stage.text
        assert "A01612" not in stage.text
        await stage.resize((60, 14))
        await stage.wait_layout()
        assert "A01612" in stage.text


async def test_the_greeks_follow_the_cursor_of_the_board_that_has_the_focus() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.settle_at(at(18, 1))
        await stage.press("down")
        assert "2 그릭스 ─ C 202612 1,075.0" in stage.text
        await stage.press("down")
        assert "2 그릭스 ─ P 202612 1,075.0" in stage.text
        selected = stage.app.main.grid.greeks.selected
        assert selected is not None
        assert selected.theoretical is not None
        assert f"{selected.theoretical.delta:.3f}" in stage.text
