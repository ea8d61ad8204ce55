"""The numbers of a future in panel 2 at the usual size of a terminal."""

from datetime import datetime

import pytest
from harness.dashboard import run_dashboard

from app.system.clock import KST
from specs.catalog import Session
from widgets.texts import speaking, t

WITHOUT_SCROLLING = (
    "basis", "theoretical_basis", "disparity", "disparity_percent", "near_month", "far_month",
    "spread", "open_interest_change", "strength", "buy_ratio", "sell_count", "buy_count",
    "negotiated", "upper_limit", "lower_limit", "turnover", "open", "high", "low",
    "from_open", "from_high", "from_low",
)  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_panel_of_a_future_shows_its_main_numbers_without_scrolling(language: str) -> None:
    start = datetime(2026, 11, 20, 10, 0, tzinfo=KST)
    with speaking(language):
        async with run_dashboard(
            ("A01612", "B01612A33"), session=Session.DAY, start=start, size=(120, 40)
        ) as stage:
            await stage.step_to(start.replace(second=30))
            panel = stage.app.main.grid.greeks
            left, width = panel.region.x, panel.region.width
            shown = [
                line[left : left + width] for line in stage.text.splitlines()[panel.region.y :]
            ]
            labels = {key: t(f"futures.{key}") for key in WITHOUT_SCROLLING}
            missing = [key for key, name in labels.items() if not any(name in one for one in shown)]
            assert missing == []
