"""The expected-execution board through an auction."""

from datetime import datetime

from harness.dashboard import DEMO_CODES, DashboardHarness, at, run_dashboard

from app.storage.settings import Settings
from app.system.clock import KST
from specs.catalog import Session
from specs.codes import Family
from specs.expected_trend import RestExpected
from specs.market.ticker import Ticker, signed


def row(stage: DashboardHarness, code: str) -> Ticker:
    return stage.app.main.grid.expected._order[code]


def percents(stage: DashboardHarness) -> list[float]:
    """Return the percentages from top to bottom."""
    found = [row(stage, code).expected for code in stage.app.main.grid.expected.codes]
    return [
        signed(expected.expected_change_percent, expected.expected_change_sign)
        for expected in found
        if expected is not None
    ]


async def test_it_has_no_row_for_a_future_and_says_why() -> None:
    async with run_dashboard() as stage:
        await stage.settle_at(at(17, 59, 30))
        board = stage.app.main.grid.expected
        assert set(board.codes) == {code for code in DEMO_CODES if not code.startswith("A")}
        assert all(row(stage, c).instrument.family is not Family.INDEX_FUTURES for c in board.codes)
        assert "지수선물은 KIS가 예상체결가를 제공하지 않습니다" in stage.text


async def test_rows_stand_in_the_order_of_the_watchlist_until_they_are_sorted() -> None:
    async with run_dashboard() as stage:
        board, watchlist = stage.app.main.grid.expected, stage.app.main.grid.watchlist
        await stage.settle_at(at(17, 58, 30))
        options = [code for code in DEMO_CODES if not code.startswith("A")]
        assert board.codes == options
        watchlist.sort_by("name", descending=True)
        await stage.step_to(at(17, 58, 40))
        assert board.codes == [code for code in watchlist.codes if code in options]
        assert board.codes != options
        board.sort_by("expected_percent", descending=True)
        await stage.settle_at(at(17, 58, 50))
        assert percents(stage) == sorted(percents(stage), reverse=True)
        board.reset_sort()
        await stage.step_to(at(17, 58, 52))
        assert board.codes == [code for code in watchlist.codes if code in options]


async def test_rows_that_a_filter_of_the_watchlist_hides_come_last() -> None:
    async with run_dashboard() as stage:
        await stage.settle_at(at(17, 59, 30))
        board, watchlist = stage.app.main.grid.expected, stage.app.main.grid.watchlist
        before = board.codes
        watchlist.set_filter("풋", lambda row: row.code.startswith("C"))
        await stage.step_to(at(17, 59, 35))
        puts = [code for code in before if code.startswith("C")]
        assert puts
        assert board.codes == puts + [code for code in before if code not in puts]


async def test_a_sorted_board_keeps_the_cursor_on_its_code() -> None:
    async with run_dashboard() as stage:
        board = stage.app.main.grid.expected
        await stage.settle_at(at(17, 58, 10))
        board.sort_by("expected_percent", descending=True)
        await stage.press("3", "down", "down", "down")
        code, place = board.code, board.cursor
        placed = set()
        for second in range(20, 60, 6):
            await stage.settle_at(at(17, 58, second))
            assert len(percents(stage)) == 11
            assert board.code == code
            placed.add(board.cursor)
        assert placed - {place}, "the row was to move in the order, and the cursor with it"


async def test_a_sorted_board_is_ordered_anew_every_five_seconds_at_the_most() -> None:
    async with run_dashboard() as stage:
        board = stage.app.main.grid.expected
        await stage.settle_at(at(17, 58, 30))
        board.sort_by("expected_percent", descending=True)
        order, before = board.codes, percents(stage)
        await stage.step_to(at(17, 58, 33))
        assert board.codes == order
        assert percents(stage) != before
        await stage.step_to(at(17, 58, 36))
        assert percents(stage) == sorted(percents(stage), reverse=True)


async def test_the_auctions_result_stays_when_trading_begins() -> None:
    async with run_dashboard() as stage:
        await stage.settle_at(at(17, 59, 50))
        before = dict.fromkeys(stage.app.main.grid.expected.codes)
        await stage.settle_at(at(18, 2))
        assert dict.fromkeys(stage.app.main.grid.expected.codes).keys() == before.keys()
        assert "시가 단일가 11/20 18:00 결과" in stage.text
        assert not [tr for tr, _ in stage.simulator.registrations if tr == "H0EUANC0"]


async def test_expected_executions_are_registered_from_two_minutes_before_an_auction() -> None:
    async with run_dashboard(DEMO_CODES[:4], start=at(5, 47)) as stage:
        expected = {code for tr, code in stage.simulator.registrations if tr == "H0EUANC0"}
        assert expected == set()
        await stage.settle_at(at(5, 47, 59), quiet=10)
        trs = {tr for tr, _ in stage.simulator.registrations}
        assert trs == {"H0MFCNT0", "H0EUCNT0", "H0MFASP0", "H0EUASP0"}
        await stage.settle_at(at(5, 48, 5), quiet=4)
        expected = {code for tr, code in stage.simulator.registrations if tr == "H0EUANC0"}
        assert expected == {code for code in DEMO_CODES[:4] if code[0] != "A"}
        assert stage.app.main.grid.expected.codes == []
        await stage.settle_at(at(5, 51))
        assert "종가 단일가 06:00 +1 체결까지 9:00" in stage.text
        assert len(stage.app.main.grid.expected.codes) == len(expected)


def by_day(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 11, 20, hour, minute, second, tzinfo=KST)


async def test_by_day_the_focused_index_product_is_asked_for_over_rest_and_marked() -> None:
    settings = Settings(first_picture=True)
    codes, start = ("A01612", "B01612A33", "A11612"), by_day(8, 40, 30)
    async with run_dashboard(codes, start=start, session=Session.DAY, settings=settings) as stage:
        board = stage.app.main.grid.expected
        for second in (32, 34, 36, 38, 40):
            await stage.step_to(by_day(8, 40, second))
        await stage.until(lambda: "A01612" in board.codes)
        assert isinstance(row(stage, "A01612").expected, RestExpected)
        await stage.step_to(by_day(8, 40, 42))
        assert "B01612A33" not in board.codes
        assert "REST" in stage.text
        assert "시가 단일가 08:45 체결까지 4:18" in stage.text


async def test_without_rest_the_panel_says_what_would_bring_index_products_by_day() -> None:
    async with run_dashboard(
        ("A01612",), start=by_day(8, 40, 30), session=Session.DAY, size=(200, 50)
    ) as stage:
        await stage.step_to(by_day(8, 40, 32))
        assert "first_picture = true" in stage.text
        assert stage.app.main.grid.expected.codes == []
