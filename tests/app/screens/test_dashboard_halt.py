"""An auction that is on no calendar: the re-opening after a circuit breaker, on the dashboard."""

from datetime import datetime

from harness.dashboard import DashboardHarness, run_dashboard

from app.market.auction_file import SINGLE_PRICE
from app.system.clock import KST
from specs.catalog import Session
from widgets.texts import t

STOCKS = ("A11612", "C11612040", "B16612041")
CODES = ("A01612", "B01612A33", *STOCKS)
EXPECTED_TRS = ("H0ZFANC0", "H0ZOANC0")


def at_day(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 11, 20, hour, minute, second, tzinfo=KST)


def expecting(stage: DashboardHarness) -> set[str]:
    return {code for tr, code in stage.simulator.registrations if tr in EXPECTED_TRS}


async def test_reopening_auction_is_shown_while_it_speaks_and_its_result_afterwards() -> None:
    async with run_dashboard(
        CODES, session=Session.DAY, start=at_day(10, 0), halt=at_day(10, 0, 30), size=(200, 50)
    ) as stage:
        board = stage.app.main.grid.expected
        assert expecting(stage) == set(STOCKS)
        await stage.step_to(at_day(10, 20))
        assert board.codes == []
        await stage.step_to(at_day(10, 22))
        assert set(board.codes) == set(STOCKS)
        auction = stage.app.market.auctions.auction
        assert auction is not None
        assert auction.phase == SINGLE_PRICE
        unscheduled = t("expected.unscheduled", name=t(f"phase.{SINGLE_PRICE}"))
        assert unscheduled in stage.text
        prices = {code: row.expected for code in STOCKS if (row := stage.app.market.book.row(code))}
        await stage.step_to(at_day(10, 29))
        assert unscheduled in stage.text
        assert set(board.codes) == set(STOCKS)
        assert all(
            stage.app.market.book.row(code).expected != expected  # type: ignore[union-attr]
            for code, expected in prices.items()
        )
        await stage.step_to(at_day(10, 30, 40))
        await stage.step_to(at_day(10, 33))
        assert unscheduled not in stage.text
        result = t("expected.result", name=t(f"phase.{SINGLE_PRICE}"), when="11/20 10:30")
        assert result in stage.text
        row = stage.app.market.book.row("A11612")
        assert row is not None
        assert row.trade is not None
        assert row.trade.time >= "103000"


async def test_expected_executions_give_way_where_slots_are_short() -> None:
    async with run_dashboard(
        CODES, session=Session.DAY, start=at_day(10, 0), halt=at_day(10, 0, 30), limit=11
    ) as stage:
        await stage.press("down", "down")
        await stage.step_to(at_day(10, 0, 20))
        await stage.wait_registered()
        # Ten trades and books, and one slot for the contract under the cursor.
        assert expecting(stage) == {stage.app.main.grid.watchlist.code} == {"A11612"}
        await stage.step_to(at_day(10, 22))
        assert stage.app.main.grid.expected.codes == ["A11612"]


async def test_board_comes_up_for_the_auction_and_gives_its_place_back() -> None:
    async with run_dashboard(
        STOCKS[:2], session=Session.DAY, start=at_day(10, 20), halt=at_day(10, 0), size=(80, 24)
    ) as stage:
        grid = stage.app.main.grid
        assert not grid.expected.display
        await stage.step_to(at_day(10, 20, 30))
        assert grid.expected.display
        row = stage.app.market.book.row("A11612")
        assert row is not None
        assert row.expected is not None
        await stage.step_to(at_day(10, 30, 10))
        assert grid.expected.display
        await stage.step_to(at_day(10, 34))
        assert not grid.expected.display
        assert grid.greeks.display
