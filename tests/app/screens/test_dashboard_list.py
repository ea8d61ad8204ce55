"""The watched codes by the keyboard: adding, removing, undoing, moving, sorting."""

import pytest
from harness.dashboard import DashboardHarness, at, run_dashboard

from specs.market.ticker import Ticker

FEW = ("A01612", "B01612A31", "C01612A31")


@pytest.mark.parametrize(
    "typed",
    [
        "B01612A33,C01612A33",
        "b01612a33, c01612a33",
        "  Ｂ０１６１２Ａ３３　ｃ０１６１２ａ３３ ",
        "ㅠ01612ㅁ33， ㅊ01612ㅁ33",
    ],
)
async def test_codes_are_added_however_they_are_typed(typed: str) -> None:
    async with run_dashboard(FEW) as stage:
        await stage.add(typed)
        assert stage.codes == [*FEW, "B01612A33", "C01612A33"]
        assert stage.app.main.grid.watchlist.code == "B01612A33"
        await stage.wait_registered()
        assert ("H0EUCNT0", "C01612A33") in stage.simulator.registrations


async def test_keys_reach_the_field_one_by_one() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("plus", *"b01612a33", "enter")
        assert stage.codes == [*FEW, "B01612A33"]


@pytest.mark.parametrize("typed", ["KOSPY", "B01612A33, 12345", "[/]", "\x1b[31m", "B01612Z3", ","])
async def test_what_is_no_code_is_said_in_the_dialog_and_nothing_is_sent(typed: str) -> None:
    async with run_dashboard(FEW) as stage:
        before = stage.simulator.registrations
        await stage.press("a")
        await stage.fill_field(typed)
        said = stage.dialog_message
        assert "\x1b" not in stage.text
        await stage.press("enter")
        if typed != ",":
            assert "검색 결과가 없습니다" in said
            assert stage.app.screen is not stage.app.main
            await stage.press("escape")
        assert stage.codes == list(FEW)
        assert stage.app.screen is stage.app.main
        await stage.pass_time(5)
        assert stage.simulator.registrations == before


async def test_known_codes_are_named_and_not_added_twice() -> None:
    async with run_dashboard(FEW, notifications=True) as stage:
        await stage.press("a")
        await stage.fill_field("a01612, b01612a33")
        assert "이미 있음" in stage.dialog_message
        assert "C 202612 1,080.0" in stage.dialog_message
        await stage.fill_field("a01612")
        await stage.press("enter")
        assert stage.codes == list(FEW)
        assert stage.toasts == ["이미 있는 종목입니다"]


async def test_a_removed_code_comes_back_to_its_place_and_is_registered_again() -> None:
    async with run_dashboard(FEW, notifications=True) as stage:
        await stage.press("down", "d")
        assert stage.codes == ["A01612", "C01612A31"]
        assert stage.app.main.grid.watchlist.code == "C01612A31"
        assert stage.toasts == ["B01612A31 삭제 — u 실행 취소"]
        await stage.wait_registered()
        assert "B01612A31" not in {code for _, code in stage.simulator.registrations}
        await stage.press("u")
        assert stage.codes == list(FEW)
        await stage.wait_registered()
        assert ("H0EUCNT0", "B01612A31") in stage.simulator.registrations
        await stage.step_to(at(18, 1))
        assert stage.app.main.grid.watchlist._order["B01612A31"].trade is not None
        await stage.press("u")
        assert stage.toasts[-1] == "취소할 작업이 없습니다"


async def test_removing_works_until_the_list_is_empty_and_the_link_rests() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("minus", "d", "d", "d")
        assert stage.codes == []
        assert "관심종목이 없습니다" in stage.text
        await stage.add("A05612")
        await stage.wait_registered()
        assert ("H0MFCNT0", "A05612") in stage.simulator.registrations


async def test_a_row_moves_and_the_cursor_with_it() -> None:
    async with run_dashboard(FEW) as stage:
        watchlist = stage.app.main.grid.watchlist
        await stage.press("end", "alt+up")
        assert stage.codes == ["A01612", "C01612A31", "B01612A31"]
        assert watchlist.code == "C01612A31"
        await stage.press("K")
        assert stage.codes == ["C01612A31", "A01612", "B01612A31"]
        await stage.press("alt+up", "alt+down", "J")
        assert stage.codes == ["A01612", "B01612A31", "C01612A31"]
        assert watchlist.code == "C01612A31"
        assert list(stage.app.market.watchlist.codes) == stage.codes


async def sort_by(stage: DashboardHarness, place: int) -> None:
    """Choose the entry at a place of the sort dialog; 0 is the list's own order."""
    await stage.press("s", "home", *["down"] * place, "enter")


async def test_sorting_is_stable_reversible_and_keeps_the_cursor_on_its_code() -> None:
    # Both options without a trade stay last, in their own order, whichever way is sorted.
    silent = ("B01612B35", "C01612832")
    async with run_dashboard(
        (*silent, "C01612A33", "A01612", "B01612A33"), notifications=True
    ) as stage:
        await stage.press("tilde")
        assert stage.toasts == ["정렬 기준이 없습니다 (s)"]
        await stage.settle_at(at(18, 1))
        watchlist = stage.app.main.grid.watchlist
        await stage.press("down", "down", "down")
        assert watchlist.code == "A01612"
        await sort_by(stage, 3)
        assert watchlist.sort == ("price", True)
        prices = [row.trade.price for row in rows(stage) if row.trade is not None]
        assert prices == sorted(prices, reverse=True)
        assert stage.codes[0] == watchlist.code == "A01612"
        assert stage.codes[-2:] == list(silent)
        await stage.press("tilde")
        assert watchlist.sort == ("price", False)
        assert stage.codes[2] == watchlist.code == "A01612"
        assert stage.codes[-2:] == list(silent)
        await sort_by(stage, 0)
        assert watchlist.sort is None
        assert stage.codes == [*silent, "C01612A33", "A01612", "B01612A33"]


def rows(stage: DashboardHarness) -> list[Ticker]:
    """The watchlist's rows from top to bottom."""
    return [stage.app.main.grid.watchlist._order[code] for code in stage.codes]


async def test_moving_a_row_of_a_sorted_list_keeps_the_order_that_is_seen() -> None:
    async with run_dashboard(FEW) as stage:
        await sort_by(stage, 1)
        await stage.press("tilde")
        assert stage.codes == ["C01612A31", "B01612A31", "A01612"]
        await stage.press("home", "alt+down")
        assert stage.codes == ["B01612A31", "C01612A31", "A01612"]
        assert stage.app.main.grid.watchlist.sort is None
        assert list(stage.app.market.watchlist.codes) == stage.codes


async def test_a_row_without_a_trade_says_so_and_an_open_interest_of_nought_is_missing() -> None:
    async with run_dashboard(("B01612B35", "A11612", "B01612A33")) as stage:
        await stage.settle_at(at(18, 1))
        lines = stage.text.splitlines()
        [silent] = [line for line in lines if "B01612B35" in line]
        [asleep] = [line for line in lines if "A11612" in line]
        assert "체결없음" in silent.replace(" ", "")
        assert "0.00" not in silent
        assert "야간 거래 없음" in asleep


async def test_over_the_limit_a_sentence_says_that_the_last_codes_wait() -> None:
    async with run_dashboard(FEW, limit=4, start=at(18, 1), notifications=True) as stage:
        await stage.press("a")
        await stage.fill_field("A05612,B01612A33")
        assert "등록 6 → 10/4" in stage.dialog_message
        await stage.press("enter")
        assert stage.toasts[-1] == (
            "등록 한도 4건을 넘었습니다. 화면에 없는 종목은 등록을 기다립니다 (b 등록 현황)"
        )
        focus = {("H0MFCNT0", "A05612"), ("H0MFASP0", "A05612")}
        while not focus <= stage.simulator.registrations:
            await stage.pass_time(1.1)
            stage.wake_feed()
        assert len(stage.simulator.registrations) <= 4
        assert stage.simulator.oracle.most_registered == 4
        assert "등록 한도" in stage.text
