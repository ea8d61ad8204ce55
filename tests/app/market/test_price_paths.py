"""The paths of prices on the watchlist: their parts, their levels, and how often they change."""

from array import array
from datetime import timedelta
from math import nan

import pytest
from harness.dashboard import DashboardHarness, at, run_dashboard
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import OptionList

from app.market.session_memory import SessionMemory
from app.screens.panel_lines import export_lines
from specs.market.price_path import (
    NO_TRADE,
    PATH_CELLS,
    PATH_LEVELS,
    path_edges,
    path_levels,
)
from specs.market.ticker import Ticker
from widgets.sparkline import path_text

OPEN = int(at(18, 0).timestamp())


@pytest.mark.parametrize(
    ("elapsed", "parts", "step"),
    [(0, 1, 60), (60, 1, 60), (61, 2, 60), (720, 12, 60), (721, 7, 120), (43_200, 12, 3600)],
)
def test_parts_are_of_a_round_length_and_cover_the_session(
    elapsed: int, parts: int, step: int
) -> None:
    edges = path_edges(OPEN, OPEN + elapsed)
    assert (len(edges) - 1, edges.step, edges[0]) == (parts, step, OPEN)
    assert edges[-1] >= OPEN + elapsed
    assert parts <= PATH_CELLS


@given(st.lists(st.one_of(st.just(nan), st.floats(-1e6, 1e6)), max_size=PATH_CELLS))
def test_levels_are_in_range_and_in_the_order_of_prices(closes: list[float]) -> None:
    path = path_levels(closes)
    known = [(close, level) for close, level in zip(closes, path, strict=False) if close == close]
    assert len(path) == (len(closes) if known else 0)
    assert all(0 <= level < PATH_LEVELS for _, level in known)
    assert all(a[1] <= b[1] for a in known for b in known if a[0] <= b[0])
    assert all(
        level == NO_TRADE for close, level in zip(closes, path, strict=False) if close != close
    )


def test_a_price_that_never_changed_is_in_the_middle_of_eight_levels() -> None:
    assert path_levels([5.0, nan, 5.0]) == (3, NO_TRADE, 3)


def test_a_part_without_a_trade_is_blank() -> None:
    memory = SessionMemory()
    trades = [(0, 10.0), (61, 12.0), (65, 11.0), (200, 14.0)]
    values = [v for n, (s, p) in enumerate(trades) for v in (OPEN + s, p, 1, n + 1, 1, 0, 0, 4)]
    memory.apply({"A": array("d", values)})
    closes = memory.closes("A", path_edges(OPEN, OPEN + 240))
    assert str(closes) == str([10.0, 11.0, nan, 14.0])
    assert path_text(path_levels(closes)) == "▁▃ █"
    assert memory.closes("X", path_edges(OPEN, OPEN + 240)) == []


def rows(stage: DashboardHarness) -> dict[str, Ticker]:
    return {row.code: row for row in stage.app.market.rows}


async def test_paths_change_once_a_minute_and_only_where_they_look_different() -> None:
    codes = ("A01612", "B01612A31", "B01612B35")
    async with run_dashboard(codes) as stage:
        await stage.step_to(at(18, 3, 0))
        await stage.press("c")
        await stage.pilot.pause()
        await stage.press("escape")
        grid = stage.app.main.grid
        grid.watchlist.set_columns([*grid.watchlist.requested_columns, "path"])
        await stage.pilot.pause()
        known = rows(stage)
        assert known["A01612"].path
        memory = stage.app.market.memory
        bars = memory.bars("A01612", 60)
        assert len(known["A01612"].path) == 3
        assert known["A01612"].path == path_levels([bar.close for bar in bars[:3]])
        assert path_text(known["A01612"].path) in stage.text
        changed = []
        apply_paths = stage.app.market.book.apply_paths

        def count(paths: dict[str, tuple[int, ...]]) -> list[Ticker]:
            found = apply_paths(paths)
            changed.append([row.code for row in found])
            return found

        stage.app.market.book.apply_paths = count  # type: ignore[method-assign, assignment]
        for _ in range(4):
            stage.clock.move_to(stage.clock.now() + timedelta(seconds=10))
            stage.app.tick()
        assert changed == []
        untouched = rows(stage)["B01612B35"]
        stage.clock.move_to(stage.clock.now() + timedelta(seconds=21))
        stage.app.tick()
        [first] = changed
        assert "B01612B35" not in first
        assert rows(stage)["B01612B35"].path == untouched.path == ()
        stage.app.tick()
        assert len(changed) == 1


async def test_the_path_is_neither_sorted_by_nor_exported() -> None:
    async with run_dashboard(("A01612",)) as stage:
        await stage.step_to(at(18, 2))
        grid = stage.app.main.grid
        grid.watchlist.set_columns(["code", "price", "path"])
        heading, *_ = export_lines(grid, grid.watchlist)
        assert "path" not in heading
        assert "price" in heading
        await stage.press("s")
        options = stage.app.screen.query_one(OptionList)
        ids = {options.get_option_at_index(at).id for at in range(options.option_count)}
        assert "price" in ids
        assert "path" not in ids
