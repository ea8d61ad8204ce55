"""What the greeks panel says of one option."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from math import nan

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult

from specs.codes import Family, Right
from specs.night_option_trade import NightOptionTrade
from specs.stock_option_trade import StockOptionTrade
from widgets.greeks_detail import GreeksDetail
from widgets.own import Own
from widgets.row import Instrument, Row
from widgets.texts import t

INDEX = Instrument(
    "B01612A31", family=Family.INDEX_OPTION, right=Right.CALL, strike=1075.0,
    expiry=date(2026, 12, 10),
)  # fmt: skip
STOCK = replace(INDEX, code="B11612A01", family=Family.STOCK_OPTION, strike=160_000.0)
TRADE = NightOptionTrade(
    INDEX.code, "031200", price=24.85, delta=0.581, gamma=0.0061, vega=1.01, theta=-0.62,
    rho=-0.013, implied_volatility=14.8, theoretical_price=24.71, market_basis=-1056.5,
)  # fmt: skip
OWN = Own(
    price=24.65, volatility=14.7, delta=0.575, gamma=0.006, vega=1.0, theta=-0.6, rho=-0.012,
    forward=1082.1,
)  # fmt: skip


@asynccontextmanager
async def panel() -> AsyncIterator[GreeksDetail]:
    class Room(App[None]):
        def compose(self) -> ComposeResult:
            yield GreeksDetail()

    async with Room().run_test(size=(76, 20)) as pilot:
        yield pilot.app.query_one(GreeksDetail)


def words(detail: GreeksDetail, row: Row, basis: str = "") -> list[str]:
    return [line.plain for line in detail.lines(row, date(2026, 11, 20), 105.0, {}, basis)]


async def test_both_values_stand_side_by_side_with_age_and_ground() -> None:
    async with panel() as detail:
        lines = words(detail, Row(INDEX, TRADE, 100.0, own=OWN), "F 202612 호가중간")
        assert lines[1].split() == ["델타", "0.581", "0.575~", "1pt당"]
        assert lines[6] == "IV 14.8% 14.7%~  이론가 24.71 24.65~  KIS 5.0s 전 체결"
        assert lines[7] == "~ 선물 1,082.10 F 202612 호가중간"


async def test_what_the_boards_show_stands_in_bold() -> None:
    async with panel() as detail:
        row = Row(INDEX, TRADE, 100.0, own=OWN)
        for shown, text in ((row, "0.581"), (replace(row, stale=True), "0.575~")):
            line = detail.lines(shown, date(2026, 11, 20), 105.0, {}, "")[1]
            bold = [
                line.plain[span.start : span.end] for span in line.spans if span.style == "bold"
            ]
            assert [part.strip() for part in bold] == [text]


async def test_an_option_that_never_traded_has_our_own_alone() -> None:
    async with panel() as detail:
        lines = words(detail, Row(INDEX, own=OWN))
        assert "기초 1,082.10" in lines[0]
        assert lines[1].split() == ["델타", "—", "0.575~", "1pt당"]
        assert lines[6].split() == ["IV", "—", "14.7%~", "이론가", "—", "24.65~"]
        waiting = Row(INDEX, note="등록 대기")
        assert words(detail, waiting) == ["등록 대기"]
        first, second = words(detail, replace(waiting, own=Own(why="no_future")))
        assert first == "등록 대기"
        assert second.startswith("~ — ")


@pytest.mark.parametrize("why", ["no_future", "below_intrinsic"])
async def test_without_our_own_the_reason_is_said(why: str) -> None:
    async with panel() as detail:
        lines = words(detail, Row(INDEX, TRADE, 100.0, own=Own(why=why)))
        assert lines[1].split() == ["델타", "0.581", "—", "1pt당"]
        assert lines[7].startswith(f"~ — {t(f'theory.{why}')}: ")


async def test_a_stocks_delta_and_gamma_are_per_won() -> None:
    trade = StockOptionTrade(STOCK.code, "100000", price=1000.0, delta=0.5, gamma=0.1)
    async with panel() as detail:
        lines = words(detail, Row(STOCK, trade, 100.0))
        assert [line.split()[-1] for line in lines[1:4]] == ["1원당", "1원당", "1%p당"]


async def test_each_path_has_its_ends_beside_it_and_none_without_two_points() -> None:
    async with panel() as detail:
        paths = {"price": [24.1, nan, 25.3], "volatility": [14.0, 15.0], "delta": [0.5, nan]}
        lines = [line.plain for line in detail.paths(Row(INDEX, TRADE, 100.0), paths)]
        assert lines == ["가격  ▁ █ 24.10–25.30", "IV    ▁█ 14.00%–15.00%"]
        long = {"price": [float(at) for at in range(4320)]}
        line = detail.paths(Row(INDEX, TRADE, 100.0), long)[0]
        assert line.cell_length == 76
        assert line.plain.endswith(" 0.00–4,319.00")
