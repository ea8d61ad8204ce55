"""The room of a terminal is used: no row lacks its name, no figure that matters gives way."""

import pytest
from harness.dashboard import at, run_dashboard
from rich.cells import cell_len

from app.storage.layout_combinations import PlacedCombination
from app.storage.layouts import Layout
from widgets.panel_grid import ARRANGEMENTS

LARGE = (200, 50)
FEW = ("A01612", "B01612A31", "C01612A31")
LINES = "│─╭╮╰╯"


@pytest.mark.parametrize("panel", ["", "4", "7"])
async def test_a_large_terminal_has_ink_in_a_third_of_its_cells(panel: str) -> None:
    async with run_dashboard(size=LARGE) as stage:
        await stage.settle_at(at(18, 5))
        if panel:
            await stage.press(panel)
            await stage.wait_layout()
        inked = sum(cell_len(c) for c in stage.text if not c.isspace() and c not in LINES)
        assert inked / (LARGE[0] * LARGE[1]) >= 0.35


async def test_a_chain_of_80_columns_keeps_the_quotes_and_drops_the_volume() -> None:
    async with run_dashboard(FEW, size=(80, 24)) as stage:
        await stage.settle_at(at(18, 1))
        await stage.press("down", "5")
        await stage.pass_time(1)
        await stage.wait_layout()
        head = next(line for line in stage.text.splitlines() if "행사가" in line)
        for title in ("매수×매도", "현재가", "IV", "델타"):
            assert head.count(title) == 2
        assert "거래량" not in head
        assert "…" not in head


async def test_no_row_lacks_its_name_at_any_width_and_arrangement() -> None:
    layout = Layout(codes=list(FEW), combinations=[PlacedCombination("B01612A31+C01612A31", 1)])
    names = ("F 2", "1,075", "스트")
    async with run_dashboard(None, layout=layout, size=(60, 24)) as stage:
        watchlist = stage.app.main.grid.watchlist
        for arrangement in ARRANGEMENTS:
            assert stage.app.main.grid.arrangement == arrangement
            for width in (60, 79, 80, 99, 100, 119, 120, 139, 140, 159, 160, 200, 240, 300):
                await stage.resize((width, 40 if width > 80 else 24))
                await stage.pilot.pause()
                shown = {column.id for column, _ in watchlist._widths}
                assert "name" in shown, (arrangement, width)
                assert "code" in shown or width < 120, (arrangement, width)
                assert all(name in stage.text for name in names), (arrangement, width)
            await stage.press("0")


async def test_hints_of_positions_name_files_and_steps_at_80_columns() -> None:
    async with run_dashboard(FEW, size=(80, 24)) as stage:
        await stage.press("P")
        words = stage.text.splitlines()[-1].split()
        assert [words[at] for at in (0, 2)] == ["Esc", "?"]
        assert {"i", "x", "{", "}"} <= set(words)
