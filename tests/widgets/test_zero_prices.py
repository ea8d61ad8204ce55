"""A price of 0 and a time of 240000 are missing values; a calendar spread may trade at 0."""

from math import isnan
from pathlib import Path

import pytest

from specs.codes import Family, parse
from specs.frame import decode
from specs.market.depth import depth
from specs.market.instrument import Instrument
from specs.market.ticker import Freshness, Ticker, ask, bid, expected_price, price, time_of
from specs.record import FuturesTradeRecord
from specs.time_of_day import second_of_trade_date
from specs.trs.index_futures_book import IndexFuturesBook
from specs.trs.index_futures_trade import IndexFuturesTrade
from specs.trs.night_futures_trade import NightFuturesTrade
from specs.trs.stock_futures_expected import StockFuturesExpected
from widgets import cells, expected, times, watchlist

FUTURE, SPREAD = "A01612", "D0161203"


def row(code: str, **values: float) -> Ticker:
    trade = IndexFuturesTrade(code=code, time="100000", change_sign="5", **values)  # type: ignore[arg-type]
    return Ticker(Instrument(code, family=Family.INDEX_FUTURES), trade)


def shown(row: Ticker, name: str) -> str:
    column = next(c for c in (*watchlist.COLUMNS, *expected.COLUMNS) if c.id == name)
    return column.cell(row, Freshness.FRESH).text


@pytest.mark.parametrize("zero", [0.0, -0.0])
@pytest.mark.parametrize("name", ["price", "open", "high", "low", "theoretical_price"])
def test_a_future_without_a_price_shows_none(name: str, zero: float) -> None:
    found = row(FUTURE, **{name: zero})
    name = name.removesuffix("_price")
    assert shown(found, name) == cells.MISSING
    column = next(c for c in watchlist.COLUMNS if c.id == name)
    assert isnan(column.value(found))  # type: ignore[arg-type]


def test_without_a_price_there_is_no_change_from_the_close() -> None:
    found = row(FUTURE, price=0.0, change=-1080.3, change_percent=-100.0)
    assert shown(found, "change") == shown(found, "percent") == cells.MISSING


@pytest.mark.parametrize("value", [0.0, -0.0, -0.35, -12.4])
def test_a_calendar_spread_shows_zero_and_less(value: float) -> None:
    found = row(SPREAD, price=value, open=value, high=value, low=value)
    text = f"{value + 0.0:.2f}"
    assert [shown(found, name) for name in ("price", "open", "high", "low")] == [text] * 4
    assert price(found) == value


def test_an_auction_without_a_price_shows_none() -> None:
    record = StockFuturesExpected(code="A11612", time="084100", expected_price=0.0)
    found = Ticker(Instrument("A11612", family=Family.STOCK_FUTURES), expected=record)
    assert isnan(expected_price(found))
    assert shown(found, "expected_price") == cells.MISSING


def test_a_quote_of_zero_is_one_of_a_spread_with_contracts_behind_it() -> None:
    quotes = {"bid": 0.0, "ask": 0.1, "bid_size": 7.0, "ask_size": 3.0}
    spread, future = row(SPREAD, **quotes), row(FUTURE, **quotes)
    assert (bid(spread), ask(spread)) == (0.0, 0.1)
    assert isnan(bid(future))
    assert isnan(bid(row(SPREAD, **quotes | {"bid_size": 0.0})))
    assert shown(spread, "spread").strip() == "0.00×0.10"


def test_a_book_of_a_spread_has_levels_at_zero_and_below() -> None:
    levels = {
        "ask": 0.1, "ask_2": 0.2, "bid": 0.0, "bid_2": -0.1,
        "ask_size": 3.0, "ask_size_2": 4.0, "bid_size": 7.0, "bid_size_2": 8.0,
        "ask_3": 0.0, "ask_size_3": 0.0, "bid_3": 0.0, "bid_size_3": 0.0,
    }  # fmt: skip
    book = IndexFuturesBook(code=SPREAD, **levels)  # type: ignore[arg-type]
    sides = depth(book)
    assert [level.price for level in sides.bids.levels] == [0.0, -0.1]
    assert [level.price for level in sides.asks.levels] == [0.1, 0.2]
    assert [level.price for level in depth(IndexFuturesBook(FUTURE, **levels)).bids.levels] == []  # type: ignore[arg-type]


def test_240000_is_no_time() -> None:
    assert times.clock("240000") == times.MISSING
    assert isnan(second_of_trade_date("240000"))


@pytest.mark.parametrize(
    ("time", "by_day", "by_night"),
    [
        ("240000", "—", "—"),
        ("240001", "—", "00:00:01"),
        ("253000", "—", "01:30:00"),
        ("000000", "00:00:00", "00:00:00"),
        ("154459", "15:44:59", "15:44:59"),
    ],
)
def test_hours_from_24_on_are_those_of_night_trs(time: str, by_day: str, by_night: str) -> None:
    day = IndexFuturesTrade(code=FUTURE, time=time)
    night = NightFuturesTrade(code=FUTURE, time=time)
    assert times.clock(time_of(day)) == by_day
    assert times.clock(time_of(night)) == by_night


FRAMES = [
    line.split("\t")
    for line in (Path(__file__).parents[1] / "data" / "night_usd_ktb3.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
]


@pytest.mark.parametrize(("tr_id", "code", "raw"), FRAMES, ids=lambda text: text[:8])
def test_price_of_a_frame_is_shown_with_the_decimals_of_its_product(
    tr_id: str, code: str, raw: str
) -> None:
    """Currencies and bonds came out as whole won, as if they were stocks."""
    [record] = decode(raw).records
    assert isinstance(record, FuturesTradeRecord)
    assert record.code == code
    found = Ticker(Instrument(code, family=parse(code).family), record)
    written = {"A75612": "1,391.20", "A65612": "105.32", "A01612": "1,080.30"}
    written |= {"A06612": "1,407.70", "A08612": "2,222.00"}
    assert shown(found, "price") == written[code]
    assert shown(found, "spread").strip() == "1,391.20×1,391.30"
    assert shown(found, "theoretical") == cells.MISSING


def test_decimals_follow_the_product() -> None:
    def decimals(code: str, underlying_code: str = "") -> int:
        family = parse(code).family
        return Instrument(code, family=family, underlying_code=underlying_code).decimals

    found = {code: decimals(code) for code in ("A75612", "A65612", "A01612", "A11612", "D1161201")}
    assert found == {"A75612": 2, "A65612": 2, "A01612": 2, "A11612": 0, "D1161201": 0}
    assert decimals("A88612", "GLD") == 0
