"""An auction on the dashboard: the watchlist's prices, the board's place, path and uncross."""

from datetime import datetime

import pytest
from harness.dashboard import DashboardHarness, at, run_dashboard

from app.market.panel_export import table
from app.storage.layouts import Layout
from app.system.clock import KST
from specs.catalog import Session
from specs.market.indication import SLOT, Indication
from specs.market.ticker import Ticker

CODES = ("A01612", "B01612A33", "B01612A34", "C01612A33", "C01612A34")
OPTIONS = CODES[1:]


def row(stage: DashboardHarness, code: str) -> Ticker:
    found = stage.app.market.book.row(code)
    assert found is not None
    return found


def indication(stage: DashboardHarness, code: str) -> Indication:
    found = row(stage, code).indication
    assert found is not None
    return found


def indicated(stage: DashboardHarness, code: str, *, closing: bool) -> list[tuple[int, float]]:
    """Return moment and price of every expected execution by the simulator's own books."""
    market = stage.simulator.market
    instrument = market.instruments[code]
    auction = market.auctions(instrument)[-1 if closing else 0]
    return [
        (
            int(market.hours.moment(one.second).timestamp()),
            round(one.price * instrument.unit, 4),
        )
        for one in auction.expected()
    ]


def opened_at(stage: DashboardHarness, code: str) -> float:
    """Return the price of the first trade of the night by the simulator's own books."""
    market = stage.simulator.market
    totals = market.tape(market.instruments[code])
    next(iter(totals.trades(market.hours.seconds(at(18, 5)))))
    return round(totals.price * totals.instrument.unit, 4)


def shown(stage: DashboardHarness) -> set[str]:
    grid = stage.app.main.grid
    names = ("watchlist", "greeks", "expected", "book", "trades")
    return {name for name in names if grid.panel(name).display}


async def test_expected_prices_stand_on_the_watchlist_from_the_first_one_to_the_uncross() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.step_to(at(17, 58, 30))
        for code in OPTIONS:
            expected = row(stage, code).expected
            assert expected is not None
            assert f"예{expected.expected_price:,.2f}" in stage.text
        await stage.step_to(at(18, 0, 3))
        for code in OPTIONS:
            trade = row(stage, code).trade
            assert trade is not None
            assert f" {trade.price:,.2f}" in stage.text
        assert "예2" not in stage.text


async def test_first_last_extremes_path_and_uncross_are_the_simulators() -> None:
    async with run_dashboard(CODES, start=at(17, 48, 30)) as stage:
        await stage.step_to(at(17, 52))
        assert indication(stage, OPTIONS[0]).is_running
        await stage.step_to(at(18, 0, 5))
        for code in OPTIONS:
            expected = indicated(stage, code, closing=False)
            found = indication(stage, code)
            assert (found.first, found.last) == (expected[0][0], expected[-1][0])
            assert found.count == len(expected)
            assert found.high == max(price for _, price in expected)
            assert found.low == min(price for _, price in expected)
            first = expected[0][0] // SLOT
            by_slot = {moment // SLOT - first: price for moment, price in expected}
            assert {at: found.path[at] for at in by_slot} == by_slot
            assert len(found.path) == max(by_slot) + 1
            assert found.uncross == opened_at(stage, code) == expected[-1][1]
            assert found.uncrossed_at >= at(18, 0).timestamp()
            assert not found.is_running


async def test_after_the_uncross_the_board_is_frozen_with_the_last_times() -> None:
    async with run_dashboard(CODES, size=(200, 50)) as stage:
        await stage.step_to(at(17, 59, 59))
        values = {code: indication(stage, code).values for code in OPTIONS}
        await stage.step_to(at(18, 0, 5))
        board = stage.app.main.grid.expected
        before = [indication(stage, code) for code in OPTIONS]
        for code, one in zip(OPTIONS, before, strict=True):
            expected = row(stage, code).expected
            assert expected is not None
            assert expected.time >= "175958"
            assert one.uncross == expected.expected_price
            assert one.values.volatility == pytest.approx(values[code].volatility, abs=2.0)
        assert "체결−예상" in stage.text
        assert sum("17:59:59" in line for line in stage.text.splitlines()) >= 1
        await stage.step_to(at(18, 1, 30))
        assert [indication(stage, code).path for code in OPTIONS] == [one.path for one in before]
        assert [indication(stage, code).values for code in OPTIONS] == [o.values for o in before]
        assert board.stage == "opened"


async def test_a_closing_auction_is_measured_against_the_last_trade_before_it() -> None:
    async with run_dashboard(CODES, start=at(5, 47)) as stage:
        await stage.step_to(at(5, 49, 59))
        lasts = {code: trade for code in OPTIONS if (trade := row(stage, code).trade)}
        assert lasts
        await stage.step_to(at(5, 50, 1))
        await stage.wait_registered()
        await stage.step_to(at(5, 51))
        stages = [stage.app.main.grid.expected.stage]
        for code, last in lasts.items():
            assert indication(stage, code).before == last.price
        await stage.step_to(at(6, 0, 4))
        assert [*stages, stage.app.main.grid.expected.stage] == ["closing", "closed"]
        for code in OPTIONS:
            assert indication(stage, code).uncross == indicated(stage, code, closing=True)[-1][1]
        for code, last in lasts.items():
            assert indication(stage, code).before == last.price


async def test_the_board_takes_the_shared_place_of_a_narrow_screen_and_gives_it_back() -> None:
    async with run_dashboard(CODES, size=(80, 24)) as stage:
        await stage.press("7", "1")
        await stage.step_to(at(17, 58, 30))
        assert shown(stage) == {"watchlist", "expected"}
        assert "체결까지" in stage.text
        await stage.step_to(at(18, 2, 50))
        assert shown(stage) == {"watchlist", "expected"}
        assert "결과" in stage.text
        await stage.step_to(at(18, 3, 10))
        assert shown(stage) == {"watchlist", "trades"}


async def test_a_panel_that_the_user_opens_during_an_auction_stays() -> None:
    async with run_dashboard(CODES, size=(80, 24)) as stage:
        await stage.step_to(at(17, 58, 10))
        assert shown(stage) == {"watchlist", "expected"}
        await stage.press("4")
        await stage.step_to(at(17, 58, 40))
        assert shown(stage) == {"watchlist", "book"}
        assert stage.app.main.grid.focused_panel == "book"
        await stage.step_to(at(18, 4))
        assert shown(stage) == {"watchlist", "book"}


@pytest.mark.parametrize("panel", ["book", "trades"])
async def test_the_board_takes_the_place_beside_the_list_and_gives_it_back(panel: str) -> None:
    layout = Layout(codes=list(CODES), panels=["watchlist", "greeks", panel])
    async with run_dashboard(CODES, layout=layout, start=at(17, 48, 30)) as stage:
        assert shown(stage) == {"watchlist", "greeks", panel}
        await stage.step_to(at(17, 50, 30))
        assert shown(stage) == {"watchlist", "greeks", "expected"}
        assert stage.app.main.layouts.capture().panels == layout.panels
        await stage.step_to(at(18, 3, 10))
        assert shown(stage) == {"watchlist", "greeks", panel}
        assert stage.app.main.layouts.capture().panels == layout.panels


async def test_the_focus_leaves_a_panel_whose_place_the_board_takes() -> None:
    async with run_dashboard(CODES, size=(80, 24), start=at(17, 48, 30)) as stage:
        await stage.press("7")
        await stage.step_to(at(17, 50, 30))
        assert stage.app.main.grid.focused_panel == "watchlist"
        await stage.press("3")
        assert stage.app.main.grid.focused_panel == "expected"
        await stage.step_to(at(18, 3, 10))
        assert stage.app.main.grid.focused_panel == "watchlist"
        assert shown(stage) == {"watchlist", "trades"}


async def test_the_expected_price_is_valued_where_the_theory_is() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.step_to(at(17, 59, 20))
        for code in OPTIONS:
            one = row(stage, code)
            values, own, expected = indication(stage, code).values, one.theoretical, one.expected
            assert own is not None
            assert expected is not None
            assert values.theory == own.price
            assert values.at <= one.expected_at
            # A price above the theoretical one implies a higher volatility than the theory's.
            if abs(expected.expected_price - own.price) > 0.02:
                above = expected.expected_price > own.price
                assert (values.volatility > own.volatility) is above


async def test_the_path_and_the_result_are_there_after_a_restart() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.step_to(at(17, 59, 30))
        await stage.step_to(at(18, 0, 30))
        before = {code: indication(stage, code) for code in OPTIONS}
        await stage.press("q")
    async with run_dashboard(None, start=at(18, 5)) as stage:
        for code in OPTIONS:
            after = indication(stage, code)
            assert after.path == before[code].path
            assert (after.uncross, after.last) == (before[code].uncross, before[code].last)
            assert after.values.volatility == before[code].values.volatility


@pytest.mark.parametrize(
    ("start", "during", "title"),
    [
        ((8, 39, 30), (8, 41, 0), "시가 단일가 08:45 체결까지 4:00"),
        ((15, 34, 0), (15, 36, 0), "종가 단일가 15:45 체결까지 9:00"),
    ],
)
async def test_by_day_stock_products_show_expected_prices_too(
    start: tuple[int, int, int], during: tuple[int, int, int], title: str
) -> None:
    codes, day = ("A01612", "A11612"), (2026, 11, 20)
    moment = datetime(*day, *start, tzinfo=KST)
    async with run_dashboard(codes, session=Session.DAY, start=moment, size=(80, 24)) as stage:
        assert "예7" not in stage.text
        await stage.step_to(datetime(*day, *during, tzinfo=KST))
        expected = row(stage, "A11612").expected
        assert expected is not None
        assert f"예{expected.expected_price:,.0f}" in stage.text
        assert title in stage.text
        assert shown(stage) == {"watchlist", "expected"}


async def test_an_export_says_which_prices_are_expected() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.step_to(at(17, 58, 30))
        board, now = stage.app.main.grid.watchlist, stage.clock.now()
        rows = [row(stage, code) for code in CODES]
        heading, *lines = table(rows, board.columns, now)
        price, mark = heading.index("price"), heading.index("price_is_expected")
        assert [line[mark] for line in lines] == [0, 1, 1, 1, 1]
        expected = rows[1].expected
        assert expected is not None
        assert lines[1][price] == expected.expected_price
        time = str(lines[1][heading.index("time")])
        assert time.replace(":", "") == expected.time
        await stage.step_to(at(18, 0, 10))
        assert (
            "price_is_expected"
            not in table([row(stage, code) for code in CODES], board.columns, now)[0]
        )
