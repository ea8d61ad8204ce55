"""The greeks panel of one option."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from math import isnan, nan
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult

from specs.codes import Family, Right
from specs.frame import decode
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker, underlying
from specs.trs.index_option_trade import IndexOptionTrade
from specs.trs.night_option_trade import NightOptionTrade
from specs.trs.stock_option_book import StockOptionBook
from specs.trs.stock_option_trade import StockOptionTrade
from specs.user_message import UserMessage
from widgets.greeks_detail import GreeksDetail
from widgets.texts import t

DATA = Path(__file__).parents[1] / "data"
INDEX = Instrument(
    "B01612A31", family=Family.INDEX_OPTION, right=Right.CALL, strike=1075.0,
    expiry=date(2026, 12, 10),
)  # fmt: skip
STOCK = replace(INDEX, code="B11612A01", family=Family.STOCK_OPTION, strike=160_000.0)
TRADE = NightOptionTrade(
    INDEX.code, "031200", price=24.85, delta=0.581, gamma=0.0061, vega=1.01, theta=-0.62,
    rho=-0.013, implied_volatility=14.8, theoretical_price=24.71, market_basis=-1056.5,
)  # fmt: skip
OWN = TheoreticalValues(
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


def words(detail: GreeksDetail, row: Ticker, basis: str = "") -> list[str]:
    return [line.plain for line in detail.lines(row, date(2026, 11, 20), 105.0, {}, basis)]


async def test_both_sides_are_shown_with_their_conventions() -> None:
    async with panel() as detail:
        lines = words(detail, Ticker(INDEX, TRADE, 100.0, theoretical=OWN), "F 202612 중간호가")
        assert lines[1].split() == ["델타", "0.581", "0.575~", "1pt당"]
        assert lines[6] == "IV 14.8% 14.7%~  이론가 24.71 24.65~  "
        assert lines[8] == "KIS 체결 5.0초 전 · 종가 1,081.35 · 일 단위·CD91"
        told = "~ 선물 1,082.10 F 202612 중간호가·초단위"
        assert lines[9] == told


async def test_moneyness_rests_on_the_forward_at_night_and_the_index_is_its_close() -> None:
    """Source: kis-protocol section 5; the index stands still at night."""
    async with panel() as detail:
        row = Ticker(INDEX, TRADE, 100.0, theoretical=OWN)
        lines = [
            line.plain for line in detail.lines(row, date(2026, 11, 20), 105.0, {}, "", "15:30")
        ]
        assert lines[0].split("  ")[:3] == ["기초(F) 1,082.10", "행사가 1,075.0", "ITM 7.10"]
        assert " · 종가 1,081.35 15:30 · " in lines[8]
        assert lines[7].startswith("내재가치 7.10  시간가치 17.55")


async def test_underlying_of_a_basis_of_zero_is_not_shown() -> None:
    """Source: the H0IOCNT0 frames of tests/data/greeks_two_decimals.tsv."""
    async with panel() as detail:
        for line in (DATA / "greeks_two_decimals.tsv").read_text().splitlines():
            tr_id, code, text = line.split("\t")
            [record] = decode(text).records
            if tr_id != "H0IOCNT0":
                continue
            assert isinstance(record, IndexOptionTrade)
            row = Ticker(replace(INDEX, code=code), record, 100.0)
            assert isnan(underlying(record))
            lines = words(detail, row)
            assert lines[0].startswith("기초자산 —  행사가 1,075.0  잔존")
            assert " · 현물 · " in lines[8]


async def test_index_of_an_older_day_trade_has_its_time() -> None:
    trade = IndexOptionTrade(INDEX.code, "153412", price=24.85, market_basis=-1056.5)
    async with panel() as detail:
        row = Ticker(INDEX, trade, 100.0, theoretical=OWN)
        fresh, old = (
            detail.lines(row, date(2026, 11, 20), now, {}, "")[8].plain for now in (105.0, 200.0)
        )
        assert " · 지수 1,081.35 · " in fresh
        assert " · 지수 1,081.35 15:34 · " in old


async def test_values_that_the_boards_show_are_bold_and_coarse_ones_dim() -> None:
    async with panel() as detail:
        row = Ticker(INDEX, replace(TRADE, gamma=0.01), 100.0, theoretical=OWN)
        for shown, text in ((row, "0.575~"), (replace(row, source="kis"), "0.581")):
            delta, gamma = detail.lines(shown, date(2026, 11, 20), 105.0, {}, "")[1:3]
            bold = [
                delta.plain[span.start : span.end] for span in delta.spans if span.style == "bold"
            ]
            assert [part.strip() for part in bold] == [text]
            dim = [
                gamma.plain[span.start : span.end].strip()
                for span in gamma.spans
                if span.style == "$text-label"
            ]
            assert "0.01" in dim


async def test_an_option_that_never_traded_has_our_own_alone() -> None:
    async with panel() as detail:
        lines = words(detail, Ticker(INDEX, theoretical=OWN))
        assert "기초(F) 1,082.10" in lines[0]
        assert lines[1].split() == ["델타", "—", "0.575~", "1pt당"]
        assert lines[6].split() == ["IV", "—", "14.7%~", "이론가", "—", "24.65~"]
        waiting = Ticker(INDEX, note=UserMessage("row.waiting"))
        assert words(detail, waiting) == ["등록 대기"]
        first, second = words(
            detail, replace(waiting, theoretical=TheoreticalValues(why="no_future"))
        )
        assert first == "등록 대기"
        assert second.startswith("~ — ")


@pytest.mark.parametrize("why", ["no_future", "below_intrinsic"])
async def test_without_our_own_the_reason_is_said(why: str) -> None:
    async with panel() as detail:
        lines = words(detail, Ticker(INDEX, TRADE, 100.0, theoretical=TheoreticalValues(why=why)))
        assert lines[1].split() == ["델타", "0.581", "—", "1pt당"]
        assert lines[9].startswith(f"~ — {t(f'theory.{why}')}: ")


def stock_book(*asks: float) -> StockOptionBook:
    names = ("ask", *(f"ask_{n}" for n in range(2, 11)))
    return StockOptionBook(STOCK.code, "100000", **dict(zip(names, asks, strict=False)))


async def test_stock_option_has_its_delta_in_shares_and_won_and_its_tick_from_the_book() -> None:
    trade = StockOptionTrade(
        STOCK.code, "100000", price=1000.0, delta=0.5, gamma=0.0001, market_basis=-161_000.0
    )
    stock = replace(STOCK, multiplier=10.0)
    own = replace(OWN, delta=0.581, gamma=0.00002, spot=162_300.0, forward=162_900.0)
    async with panel() as detail:
        lines = words(detail, Ticker(stock, trade, 100.0, theoretical=own))
        assert lines[1].split() == ["델타", "5.00주", "5.81주~", "계약당"]
        assert lines[2].split() == ["감마", "1.62주", "0.32주~", "1%당"]
        units = [line.split(maxsplit=3)[-1].strip() for line in lines[3:6]]
        assert units == ["원, 1%p당", "원, 하루당", "원, 1%p당"]
        assert lines[8] == "델타금액 942,963  호가단위 알 수 없음  "
        for asks, tick in (
            ((1000.0, 1020.0, 1040.0, 1080.0), "20원(호가에서 추정)"),
            ((1000.0, 1020.0, 1060.0), "알 수 없음"),
            ((1000.0, 1021.0, 1042.0), "알 수 없음"),
        ):
            row = Ticker(stock, trade, 100.0, theoretical=own, book=stock_book(*asks))
            assert words(detail, row)[8].strip().endswith(f"호가단위 {tick}")


async def test_stock_option_of_unknown_size_has_greeks_per_won() -> None:
    trade = StockOptionTrade(STOCK.code, "100000", price=1000.0, delta=0.5, gamma=0.1)
    async with panel() as detail:
        lines = words(detail, Ticker(STOCK, trade, 100.0))
        assert [line.split()[-1] for line in lines[1:4]] == ["1원당", "1원당", "1%p당"]
        assert lines[8].startswith("델타금액 —")


async def test_each_path_has_its_ends_beside_it_and_none_without_two_points() -> None:
    async with panel() as detail:
        paths = {"price": [24.1, nan, 25.3], "volatility": [14.0, 15.0], "delta": [0.5, nan]}
        lines = [line.plain for line in detail.paths(Ticker(INDEX, TRADE, 100.0), paths)]
        assert lines == ["가격  ▁ █ 24.10–25.30", "IV    ▁█ 14.00%–15.00%"]
        long = {"price": [float(at) for at in range(4320)]}
        line = detail.paths(Ticker(INDEX, TRADE, 100.0), long)[0]
        assert line.cell_length == 76
        assert line.plain.endswith(" 0.00–4,319.00")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("signs", "부호"), ("theory", "이론가가 현재가와 크게 다름"),
        ("gamma_vega", "감마·베가가 0"), ("delta", "0.05"),
    ],
)  # fmt: skip
async def test_kis_greeks_that_are_not_used_are_marked_with_the_reason(
    fault: str, reason: str
) -> None:
    async with panel() as detail:
        lines = detail.lines(
            replace(Ticker(INDEX, TRADE, 100.0), kis_fault=fault), date(2026, 11, 21), 101.0, {}, ""
        )
        [marked] = [line for line in lines if reason in line.plain]
        assert marked.plain.startswith("⚠ KIS 그릭스 제외: ")
        delta = next(line for line in lines if line.plain.startswith(t("column.delta")))
        assert any(str(span.style) == "$warning" for span in delta.spans)


@pytest.mark.parametrize(
    ("today", "left", "words"),
    [
        (date(2026, 11, 20), 1_780_000.0, "잔존 20일"),
        (date(2026, 12, 10), 19_220.0, "잔존 5시간20분"),
        (date(2026, 12, 10), 2_280.0, "잔존 0시간38분"),
        (date(2026, 12, 10), 37.2, "잔존 38초"),
        (date(2026, 12, 10), 0.0, "잔존 만기"),
        (date(2026, 12, 11), -60_000.0, "잔존 만기"),
    ],
)
async def test_time_left_is_in_hours_and_minutes_on_the_last_day(
    today: date, left: float, words: str
) -> None:
    async with panel() as detail:
        row = Ticker(INDEX, TRADE, 100.0, theoretical=OWN)
        [facts, *_] = detail.lines(row, today, 105.0, {}, "", left=left)
        assert words in facts.plain


async def test_expired_option_has_no_greeks_of_either_side() -> None:
    over = TheoreticalValues(years=0.0, why="expired")
    async with panel() as detail:
        for source in ("auto", "kis", "own"):
            row = Ticker(INDEX, TRADE, 100.0, theoretical=over, source=source)
            lines = detail.lines(row, date(2026, 12, 11), 105.0, {}, "", left=-1.0)
            assert [line.plain.split()[1:3] for line in lines[1:6]] == [["—", "—"]] * 5
            assert lines[6].plain.startswith("IV — —")
