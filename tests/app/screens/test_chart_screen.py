"""The page of a chart: its bars, its keys, and what a replay keeps of them."""

from array import array
from datetime import timedelta
from itertools import pairwise

import pytest
from harness.dashboard import DEMO_CODES, DashboardHarness, at, demo_contracts, run_dashboard
from harness.replay_harness import run_replay
from msgspec.structs import replace

from app.screens.chart_screen import ChartScreen
from specs.market.ticker import Ticker
from specs.preferences import ChartSetup
from specs.record import OptionTradeRecord
from widgets.chart import ChartPicture

CODES = ("A01612", "B01612A31", "C01612A31")


def page(app: object) -> ChartScreen:
    found = getattr(app, "page", None)
    assert isinstance(found, ChartScreen)
    return found


def row(stage: DashboardHarness, code: str) -> Ticker:
    found = stage.app.market.book.row(code)
    assert found is not None
    assert found.trade is not None
    return found


async def test_bars_are_those_of_the_session_and_end_with_the_last_trade() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.settle_at(at(17, 59, 50))
        await stage.press("8")
        await stage.settle_at(at(18, 4))
        shown = page(stage.app).picture
        trade = row(stage, "A01612").trade
        assert trade is not None
        assert [bar.start % 3600 // 60 for bar in shown.bars] == [0, 1, 2, 3]
        assert shown.bars[-1].close == trade.price
        assert shown.bars[0].open == trade.open
        assert max(bar.high for bar in shown.bars) == trade.high
        assert min(bar.low for bar in shown.bars) == trade.low
        assert sum(bar.volume for bar in shown.bars) == trade.accumulated_volume
        levels = {level.key: level.value for level in shown.levels}
        assert levels["previous"] == round(trade.price - trade.change, 2)
        assert levels["night_open"] == trade.open
        assert (levels["high"], levels["low"]) == (trade.high, trade.low)
        assert "day_close" not in levels
        begin, end = shown.auctions[0]
        assert (end, end - begin) == (shown.bars[0].start, 600)
        for word in ("1분봉", "VWAP", "전일", "야간시가", "거래량", "18:00"):
            assert word in stage.text
        assert "IV" not in stage.text.split("1분봉")[1]


async def test_keys_change_bars_style_contract_and_crosshair() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.settle_at(at(17, 59, 50))
        await stage.press("8")
        await stage.settle_at(at(18, 4))
        chart = page(stage.app)
        await stage.press("left_square_bracket")
        assert chart.layouts.chart.seconds == 1
        assert "1초봉" in stage.text
        assert len(chart.picture.bars) > 4
        await stage.press("left_square_bracket")
        assert chart.layouts.chart.seconds == 1
        await stage.press("left", "left")
        assert chart.marked_bar == chart.picture.bars[-2]
        second = chart.crosshair
        assert second is not None
        await stage.press("right_square_bracket")
        assert chart.marked_bar is not None
        assert chart.marked_bar.start == second - second % 60
        await stage.press("left", "left", "left", "left", "left")
        assert chart.marked_bar == chart.picture.bars[0]
        assert f"{chart.picture.bars[0].high:,.2f}" in stage.text
        await stage.press("end")
        assert chart.marked_bar is None
        await stage.press("c")
        assert chart.picture.as_line
        await stage.press("down")
        assert chart.code == CODES[1]
        assert "IV" in stage.text.split("1분봉")[1]
        await stage.press("up", "up")
        assert chart.code == CODES[2]
        await stage.press("escape")
        assert stage.app.page is None


async def test_another_contract_is_laid_over_by_percent() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.settle_at(at(17, 59, 50))
        await stage.press("down", "8")
        await stage.settle_at(at(18, 4))
        chart = page(stage.app)
        await stage.press("o", "down", "enter")
        await stage.pilot.pause()
        assert chart.overlay_code == "A01612"
        own = {bar.start: bar.close for bar in chart.picture.bars}
        other = stage.app.market.memory.bars("A01612", 60)
        first = next(bar for bar in other if bar.start in own)
        for (start, value), bar in zip(chart.picture.overlay, other, strict=True):
            assert start == bar.start
            assert value / own[first.start] == pytest.approx(bar.close / first.close)
        change = 100 * (other[-1].close / first.close - 1)
        assert f"A01612 {change:+.2f}%" in stage.text
        await stage.press("o", "up", "enter")
        await stage.pilot.pause()
        assert chart.picture.overlay == ()


async def test_a_contract_without_trades_says_so() -> None:
    async with run_dashboard(CODES, live=False) as stage:
        await stage.press("8", "left", "end", "right_square_bracket")
        assert "받은 체결이 없습니다" in stage.text


async def test_a_replay_steps_the_tape_and_offers_the_crosshair_in_the_palette() -> None:
    async with run_replay(master=demo_contracts().master) as one:
        await one.press_and_settle("space")
        await one.seek_to(18, 30)
        await one.press_and_settle("8")
        chart = page(one.app)
        before = one.app.tape_clock.position
        await one.press_and_settle("right")
        assert one.app.tape_clock.position > before
        assert chart.crosshair is None
        commands = {command.id: command.keys for command in chart.screen_commands}
        assert commands["crosshair_left"] == commands["crosshair_right"] == ()
        assert commands["shorter_bars"] == ("left_square_bracket",)
        titles = {command.title for command in chart.palette_commands()}
        assert "이전 봉의 값" in titles
        assert chart.code in DEMO_CODES


async def test_the_pane_below_shows_volatility_delta_or_nothing() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.settle_at(at(17, 59, 50))
        await stage.press("down", "8")
        await stage.settle_at(at(18, 4))
        chart, trade = page(stage.app), row(stage, CODES[1]).trade
        assert isinstance(trade, OptionTradeRecord)
        assert chart.picture.bars[-1].delta == pytest.approx(trade.delta)
        assert "├" in stage.text
        assert " IV ─" in stage.text
        await stage.press("p")
        assert " 델타 ─" in stage.text
        assert " IV ─" not in stage.text
        await stage.press("p")
        assert chart.picture.pane == "none"
        assert " 델타 ─" not in stage.text
        await stage.press("p")
        assert " IV ─" in stage.text


async def test_bars_form_and_pane_are_kept_in_the_layout() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.press("8", "right_square_bracket", "c", "p", "escape")
        kept = stage.app.main.layouts.capture()
        assert kept.chart == ChartSetup(300, "line", "delta")
        await stage.press("8")
        assert "5분봉  선" in stage.text
        await stage.press("escape")
        stage.app.main.open_layout(replace(kept, chart=ChartSetup()))
        await stage.press("8")
        assert "1분봉" in stage.text


async def test_a_chart_is_drawn_at_most_four_times_a_second() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.settle_at(at(17, 59, 50))
        await stage.press("8")
        await stage.settle_at(at(18, 0, 10))
        chart = page(stage.app)
        drawn: list[float] = []
        show = chart.chart.show

        def count(picture: ChartPicture) -> None:
            drawn.append(stage.clock.monotonic())
            show(picture)

        chart.chart.show = count  # type: ignore[method-assign]
        begun, memory = stage.clock.now(), stage.app.market.memory
        for step in range(1, 41):
            stage.clock.move_to(begun + timedelta(seconds=step / 20))
            volume = 1e6 + step
            memory.apply({chart.code: array("d", (begun.timestamp(), 1, 1, volume, 1, 0, 0, 4))})
            chart.refresh_rows(live=True)
        assert 6 <= len(drawn) <= 9
        gaps = [later - earlier for earlier, later in pairwise(drawn)]
        assert min(gaps) >= 0.25 - 1e-6
