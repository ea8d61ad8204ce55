"""Time & sales on the dashboard: every trade of the simulator, its keys, its place."""

from array import array
from csv import reader as csv_reader
from math import isnan
from pathlib import Path

import pytest
from harness.dashboard import DashboardHarness, at, run_dashboard
from msgspec.structs import replace

from app.feed.batch import Received
from app.storage.settings import Settings, TradesSettings
from app.system.clock import ManualClock
from app.tape.tape_history import TapeHistory
from specs.market.print_filter import PrintFilter
from specs.trs.night_option_trade import NightOptionTrade

FEW = ("A01612", "B01612A34", "C01612A34")
Traded = tuple[int, float, float, int]
"""Seconds since 1970, price, size, side."""


def traded(stage: DashboardHarness, code: str, hour: int, minute: int, second: int) -> list[Traded]:
    """Return what the simulator traded of a contract up to a time, by its own books."""
    market = stage.simulator.market
    totals = market.tape(market.instruments[code])
    until = market.hours.seconds(at(hour, minute, second))
    found, bought = [], 0
    for moment in totals.trades(until):
        price = round(totals.price * totals.instrument.unit, 4)
        side = 1 if totals.bought > bought else -1
        found.append(
            (int(market.hours.moment(moment).timestamp()), price, float(totals.size), side)
        )
        bought = totals.bought
    return found


@pytest.mark.parametrize("code", FEW)
async def test_every_trade_of_the_night_is_kept_with_its_side(code: str) -> None:
    async with run_dashboard(FEW) as stage:
        await stage.step_to(at(18, 4, 0))
        expected = traded(stage, code, 18, 4, 0)
        prints = stage.app.market.memory.prints(code)
        assert [(p.time, p.price, p.size, p.side) for p in prints] == expected
        assert [p.is_auction for p in prints] == [n == 0 for n in range(len(prints))]
        assert sum(p.missed for p in prints) == 0
        bars = stage.app.market.memory.bars(code, 60)
        assert sum(bar.volume for bar in bars) == sum(size for _, _, size, _ in expected)


async def test_seven_shows_the_trades_then_goes_to_them_then_hides_them() -> None:
    async with run_dashboard(FEW) as stage:
        grid = stage.app.main.grid
        await stage.press("7")
        assert grid.trades.display
        assert grid.focused_panel == "trades"
        await stage.press("1", "7")
        assert grid.focused_panel == "trades"
        layout = stage.app.main.layouts.capture()
        assert layout.panels == ["watchlist", "greeks", "expected", "trades"]
        await stage.press("7")
        assert not grid.trades.display
        stage.app.main.open_layout(layout)
        await stage.wait_layout()
        assert grid.trades.display


@pytest.mark.parametrize(("columns", "both"), [(120, False), (200, True)])
async def test_trades_and_book_share_a_place_where_there_is_little_room(
    columns: int, both: bool
) -> None:
    async with run_dashboard(FEW, size=(columns, 40)) as stage:
        grid = stage.app.main.grid
        await stage.press("4", "7")
        assert (grid.ladder.display, grid.trades.display) == (both, True)
        await stage.press("4")
        await stage.wait_layout()
        assert (grid.ladder.display, grid.trades.display) == (True, both)


async def test_scrolled_back_the_trades_stand_still_and_count_what_comes() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("7")
        await stage.step_to(at(18, 1, 0))
        trades = stage.app.main.grid.trades
        await stage.press("pagedown")
        before, known = list(trades._lines), stage.app.market.memory.end("A01612")
        assert "멈춤 · 새 체결 0건" in str(trades.border_subtitle)
        await stage.step_to(at(18, 1, 30))
        assert trades._lines == before
        new = stage.app.market.memory.end("A01612") - known
        assert new > 0
        await stage.press("pagedown")
        assert f"멈춤 · 새 체결 {new}건" in str(trades.border_subtitle)
        await stage.press("g")
        newest = stage.app.market.memory.prints("A01612")[-1]
        assert f"{newest.price:,.2f}" in "".join(text for text, _ in trades._lines[1])
        assert str(trades.border_subtitle) == ""


async def test_the_filter_shows_only_what_was_typed_and_says_so() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("7")
        await stage.step_to(at(18, 1, 0))
        await stage.press("f")
        await stage.fill_field("매수 >=3")
        await stage.press("enter")
        trades, memory = stage.app.main.grid.trades, stage.app.market.memory
        chosen = [p for p in memory.prints("A01612") if p.side > 0 and p.size >= 3]
        shown = trades._matching(memory.end("A01612"), 10_000)
        assert chosen
        assert shown == chosen[::-1]
        assert "매수 ≥3" in str(trades.border_title)
        await stage.press("escape")
        assert trades.filter.shows_all
        assert "≥" not in str(trades.border_title)
        await stage.press("f", "enter")
        assert trades.filter == PrintFilter(side=1, least=3)
        await stage.press("f")
        await stage.fill_field("buy sell")
        await stage.press("enter")
        assert "매수와 매도" in stage.dialog_message
        await stage.press("escape")
        assert trades.filter == PrintFilter(side=1, least=3)


async def test_large_trades_are_those_above_the_percentile_of_the_settings() -> None:
    settings = Settings(trades=TradesSettings(large_percentile=80))
    async with run_dashboard(FEW, settings=settings) as stage:
        await stage.press("7")
        await stage.step_to(at(18, 4, 0))
        memory, trades = stage.app.market.memory, stage.app.main.grid.trades
        sizes = sorted(memory.sizes("A01612"))
        limit = sizes[int(len(sizes) * 0.8)]
        await stage.press("f")
        await stage.fill_field("large")
        await stage.press("enter")
        shown = trades._matching(memory.end("A01612"), 10_000)
        assert len(shown) == sum(size >= limit for size in sizes) > 0
        assert limit > sizes[len(sizes) // 2]


async def test_the_edge_is_the_price_against_own_theory_before_the_trade() -> None:
    code = "B01612A34"
    async with run_dashboard(FEW) as stage:
        await stage.step_to(at(18, 2, 0))
        await stage.press("down", "7")
        memory, market = stage.app.market.memory, stage.app.market
        row, known = market.book.row(code), memory.end(code)
        assert row is not None
        assert row.theoretical is not None
        trade = row.trade
        assert isinstance(trade, NightOptionTrade)
        own = row.theoretical.price
        volume = trade.accumulated_volume + 2
        later = replace(trade, price=trade.price + 1, last_volume=2, accumulated_volume=volume)
        values = (at(18, 2).timestamp(), later.price, 2, volume, 1, 20, 0.4, 4)
        assert stage.app.batch is not None
        batch = replace(
            stage.app.batch,
            received=(Received("H0EUCNT0", later, stage.clock.monotonic()),),
            trades={code: array("d", values)},
            rest_events=(),
        )
        market.apply(batch, lambda: (code,))
        [one] = memory.prints(code, known)
        assert one.edge == pytest.approx(later.price - own, rel=1e-6)
        stage.app.main.grid.trades.rewrite()
        assert f"{one.edge:+.2f}~" in stage.text
        # Futures have no theory of our own.
        assert all(isnan(p.edge) for p in memory.prints("A01612"))
        await stage.press("1", "up")
        assert "괴리~" not in stage.text.split("미결")[-1]


async def test_export_writes_every_trade_of_the_contract() -> None:
    async with run_dashboard(FEW) as stage:
        await stage.press("7")
        await stage.step_to(at(18, 1, 0))
        await stage.press("E")
        [path] = stage.app.program.exports.glob("trades-*.csv")
        heading, *lines = csv_reader(path.read_text(encoding="utf-8-sig").splitlines())
        expected = traded(stage, "A01612", 18, 1, 0)
        assert heading[:6] == ["code", "date", "time", "price", "size", "side"]
        sides = {1: "buy", -1: "sell"}
        assert [(float(x[3]), float(x[4]), x[5]) for x in lines] == [
            (price, size, sides[side]) for _, price, size, side in expected
        ]


async def test_a_restart_knows_what_was_recorded_and_says_what_it_missed(tmp_path: Path) -> None:
    code, tape = "A01612", tmp_path / "20261123-night.ktape"
    async with run_dashboard((code,), record=tape) as stage:
        await stage.press("R")
        await stage.until(lambda: stage.app.recording.on)
        await stage.step_to(at(18, 1, 0))
        await stage.press("R")
        await stage.until(lambda: not stage.app.recording.on)
        before = traded(stage, code, 18, 1, 0)
    start = at(18, 2, 0)
    history = TapeHistory(tmp_path, ManualClock(start))
    async with run_dashboard((code,), start=start, history=history) as stage:
        memory = stage.app.market.memory
        await stage.step_to(at(18, 2, 30))
        await stage.until(lambda: memory.first(code) < 0)
        prints = memory.prints(code)
        known = [(p.time, p.price, p.size, p.side) for p in prints]
        assert known[: len(before)] == before
        after = len(prints) - len(before)
        expected = traded(stage, code, 18, 2, 30)
        # The side of the first trade after the gap is not known unless one side alone was traded.
        assert [k[:3] for k in known[-after:]] == [e[:3] for e in expected[-after:]]
        lost = expected[len(before) : -after]
        assert prints[len(before)].missed == sum(size for _, _, size, _ in lost) > 0
        assert sum(p.missed for p in prints) == prints[len(before)].missed
