"""A note on a row, and what its change is measured from."""

import pytest
from harness.dashboard import at, run_dashboard
from textual.widgets import Input

from app.storage.settings import Settings

FEW = ("A01612", "B01612A31", "C01612A31")


async def test_a_note_stands_behind_the_name_is_found_and_kept() -> None:
    async with run_dashboard(FEW, size=(160, 40)) as stage:
        await stage.press("down", "e", *"roll thu", "enter")
        line = next(line for line in stage.text.splitlines() if "B01612A31" in line)
        assert "C 202612 1,075.0 roll thu" in line
        await stage.press("home", "slash", *"thu", "enter")
        assert stage.app.main.grid.watchlist.code == "B01612A31"
        await stage.press("f", *"thu", "enter")
        assert stage.codes == ["B01612A31"]
        await stage.press("escape", "w", *"noted", "enter")
        assert stage.app.main.layouts.store.load("noted").notes == {"B01612A31": "roll thu"}
        await stage.press("q")
    async with run_dashboard(None, size=(160, 40)) as stage:
        assert "C 202612 1,075.0 roll thu" in stage.text
        await stage.press("down", "e")
        stage.app.screen.query_one(Input).value = ""
        await stage.press("enter")
        assert "roll thu" not in stage.text
        assert stage.app.main.layouts.capture().notes == {}


async def test_a_changed_and_a_removed_note_are_undone_in_one_order_with_the_list() -> None:
    async with run_dashboard(FEW, size=(160, 40), notifications=True) as stage:
        remarks = stage.app.market.row_views
        await stage.press("down", "e", *"roll thu", "enter")
        await stage.press("d", "u")
        assert stage.codes == list(FEW)
        await stage.press("home", "down", "e")
        stage.app.screen.query_one(Input).value = ""
        await stage.press("enter")
        assert "roll thu" not in stage.text
        assert stage.toasts[-1] == "C 202612 1,075.0 메모 삭제 — u 실행 취소"
        await stage.press("u")
        assert "C 202612 1,075.0 roll thu" in stage.text
        assert stage.app.main.layouts.capture().notes == {"B01612A31": "roll thu"}
        await stage.press("u")
        assert remarks.remarks == {}
        await stage.press("u")
        assert stage.toasts[-1] == "취소할 작업이 없습니다"


async def test_a_note_gives_way_to_the_columns_of_a_narrow_room() -> None:
    async with run_dashboard(FEW, size=(80, 24)) as stage:
        await stage.press("down", "e", *"roll thu", "enter")
        assert "1,075.0" in stage.text
        assert "매수×매도" in stage.text


async def test_change_is_measured_from_open_and_from_the_prices_of_now() -> None:
    async with run_dashboard(FEW, notifications=True) as stage:
        await stage.settle_at(at(18, 2))
        rows = stage.app.market.book.by_code
        await stage.press("equals_sign")
        assert "종가대비" in stage.text
        await stage.press("equals_sign")
        assert stage.toasts[-1] == "대비: 이 세션의 시가 대비"
        assert "시가대비" in stage.text
        trade = rows["A01612"].trade
        assert trade is not None
        assert f"{abs(trade.price - trade.open):.2f}" in first_line(stage.text)
        await stage.press("equals_sign")
        assert "기준 18:02" in stage.text
        assert "0.00   0.00" in first_line(stage.text)
        await stage.settle_at(at(18, 6))
        moved = rows["A01612"].trade
        assert moved is not None
        assert moved.price != trade.price
        assert f"{abs(moved.price - trade.price):.2f}" in first_line(stage.text)
        left = stage.app.main.layouts.capture().baseline
        assert (left.kind, left.at, left.prices["A01612"]) == ("mark", "18:02", trade.price)
        await stage.press("q")
    async with run_dashboard(None, start=at(18, 7)) as stage:
        assert "표시대비" in stage.text
        assert "기준 18:02" in stage.text
        await stage.press("equals_sign")
        assert "표시대비" not in stage.text
        assert stage.app.main.layouts.capture().baseline.prices == {}


def first_line(text: str) -> str:
    return next(line for line in text.splitlines() if "A01612" in line and "F 202612" in line)


async def test_change_is_measured_from_the_close_that_kis_states() -> None:
    async with run_dashboard(FEW, start=at(18, 1), settings=Settings(first_picture=True)) as stage:
        await stage.press("equals_sign")
        rows = stage.app.market.book.by_code
        await stage.until(lambda: all(rows[code].trade for code in FEW))
        await stage.pass_time(1)
        row = rows["A01612"]
        # The simulator's 대비 is measured from the close of the day.
        assert row.trade is not None
        assert row.view.base == pytest.approx(row.trade.price - row.trade.change, abs=0.005)
        assert f"{abs(row.trade.change):.2f}" in first_line(stage.text)


async def test_another_baseline_ends_the_freeze_so_that_headings_and_values_agree() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.settle_at(at(18, 2))
        await stage.press("space", "equals_sign", "equals_sign")
        assert stage.app.frozen_at is None
        trade = stage.app.market.book.by_code["A01612"].trade
        assert trade is not None
        assert f"{abs(trade.price - trade.open):.2f}" in first_line(stage.text)
