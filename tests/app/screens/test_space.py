"""The room of a large terminal is used."""

import pytest
from harness.dashboard import at, run_dashboard
from rich.cells import cell_len

LARGE = (200, 50)
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
