"""The page of an auction: registrations, expected prices, smile, parity, and the result."""

import csv
from datetime import timedelta
from math import isfinite

import pytest
from harness.dashboard import DashboardHarness, at, run_dashboard

from app.screens.auction_screen import AuctionScreen
from app.system.files import ProgramFolders
from specs.codes import Right

CODES = ("A01612", "B01612A33", "C01612A33")


async def open_page(stage: DashboardHarness) -> AuctionScreen:
    """Open the page, and wait for its registrations."""
    await stage.press("down", "9")
    page = stage.app.front
    assert isinstance(page, AuctionScreen)
    for _ in range(90):
        stage.app.tick()
        stage.wake_feed()
        await stage.step_to(stage.clock.now() + timedelta(seconds=0.5))
        if stage.simulator.registrations == stage.wanted_registrations:
            break
    return page


def exported() -> list[list[str]]:
    """Return the lines of the file that was exported."""
    [path] = [one for one in ProgramFolders.find().data.rglob("*.csv") if "auction" in one.name]
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.reader(file))


def indicated(stage: DashboardHarness, page: AuctionScreen) -> set[str]:
    """Return the codes of the chain that have an expected price."""
    assert page._chain is not None
    return {row.code for row in page._rows(page._chain)}


async def test_page_registers_expected_prices_as_far_as_they_reach() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.step_to(at(17, 58, 5))
        page = await open_page(stage)
        registered = stage.simulator.registrations
        expected = {code for tr, code in registered if tr == "H0EUANC0"}
        assert len(registered) == 41
        assert len(expected) >= 30
        # Watched contracts keep trades and expected prices for the uncross.
        assert {("H0EUCNT0", code) for code in CODES[1:]} <= registered
        assert set(CODES[1:]) <= expected
        await stage.step_to(at(17, 59, 20))
        # Of contracts that hardly trade, no expected price may come.
        assert len(indicated(stage, page)) >= len(expected) * 3 // 4
        assert indicated(stage, page) <= expected


async def test_parity_is_near_the_simulators_future_and_names_its_pairs() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.step_to(at(17, 58, 5))
        page = await open_page(stage)
        await stage.step_to(at(17, 59, 57))
        await stage.pass_time(1)
        parity, book = page.parity, stage.app.market.book
        assert len(parity.strikes) >= 5
        future = book.row("A01612")
        assert future is not None
        assert future.book is not None
        assert parity.forward == pytest.approx((future.book.bid + future.book.ask) / 2, abs=1.5)
        assert 0 <= parity.dispersion < 3
        low, high = parity.strikes[0], parity.strikes[-1]
        assert f"{len(parity.strikes)}쌍 {low:,.1f}–{high:,.1f}" in stage.text
        assert f"{parity.forward:,.2f}~" in stage.text
        assert "체결까지" in stage.text
        assert isfinite(page.curve.money)
        strikes = [point.strike for point in page.curve.points]
        assert strikes == sorted(strikes)
        assert len(strikes) >= 5


async def test_result_stays_with_the_price_that_ended_the_auction_and_names_the_next() -> None:
    async with run_dashboard(CODES, size=(200, 50)) as stage:
        await stage.step_to(at(17, 58, 10))
        await open_page(stage)
        await stage.step_to(at(17, 59, 59))
        await stage.step_to(at(18, 0, 32))
        await stage.pass_time(2)
        assert "체결가" in stage.text
        assert "시가 단일가 11/20 18:00 결과" in stage.text
        assert "다음 예상체결: 야간 종가 단일가 11/21(토) 05:50" in stage.text
        row = stage.app.market.book.row("B01612A33")
        assert row is not None
        assert row.indication is not None
        assert f"{row.indication.uncross:,.2f}" in stage.text


async def test_page_without_an_auction_says_when_the_next_begins() -> None:
    async with run_dashboard(CODES, start=at(19, 0)) as stage:
        await open_page(stage)
        assert "다음 예상체결" in stage.text
        assert not indicated(stage, stage.app.front)  # type: ignore[arg-type]
        await stage.press("right_square_bracket")
        assert isinstance(stage.app.front, AuctionScreen)


async def test_page_is_left_adds_and_exports_like_the_chain() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.step_to(at(17, 58, 5))
        page = await open_page(stage)
        await stage.step_to(at(17, 59, 20))
        await stage.press("up", "right")
        code = page.board.code
        assert stage.app.market.instrument(code).right is Right.PUT
        await stage.press("enter")
        assert code in stage.app.market.watchlist.codes
        await stage.press("x")
        lines = exported()
        assert any("expected_price" in name for name in lines[0])
        assert len(lines) > 20
        await stage.press("escape")
        assert stage.app.front is stage.app.main
