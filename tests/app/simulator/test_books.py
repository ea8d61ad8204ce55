"""The simulated order books: around the trades of the same seed, and found from any moment."""

from datetime import datetime

import pytest

from app.simulator.encode import frame
from app.simulator.hours import SimulatedHours
from app.simulator.market import MarketModel
from app.simulator.streams import SimulatedRecord, TradeStream
from app.system.clock import KST
from specs.catalog import CATALOG, CatalogEntry, Channel, Session, choose
from specs.frame import decode
from specs.market.depth import Depth, depth
from specs.record import BookRecord, TradeRecord

NIGHT = MarketModel(
    SimulatedHours.containing(Session.NIGHT, datetime(2026, 11, 20, 18, tzinfo=KST))
)
DAY = MarketModel(SimulatedHours.containing(Session.DAY, datetime(2026, 11, 20, 9, tzinfo=KST)))
PAIRS = [
    (NIGHT, "A01612"),
    (NIGHT, "A06612"),
    (NIGHT, "B01612A33"),
    (NIGHT, "B01612B35"),
    (DAY, "A05612"),
    (DAY, "C01612A20"),
    (DAY, "A11612"),
    (DAY, "B16612041"),
]


def events(market: MarketModel, code: str, since: float, until: float) -> list[SimulatedRecord]:
    entry = choose(market.instruments[code].family, market.hours.session, Channel.BOOK)
    assert isinstance(entry, CatalogEntry)
    stream = market.stream(entry.tr_id, code)
    assert stream is not None
    stream.skip(since)
    return list(stream.records_until(until))


def books(
    market: MarketModel, code: str, since: float, until: float
) -> list[tuple[BookRecord, Depth]]:
    found = []
    for event in events(market, code, since, until):
        [record] = decode(frame(event.tr_id, [event.body])).records
        assert isinstance(record, BookRecord)
        found.append((record, depth(record)))
    return found


@pytest.mark.parametrize(("market", "code"), PAIRS)
def test_best_bid_stands_below_best_ask_and_levels_lead_away_on_the_grid(
    market: MarketModel, code: str
) -> None:
    instrument = market.instruments[code]
    end = market.hours.end
    for since, until in ((0, 300), (2000, 2120), (end - 300, end)):
        for record, book in books(market, code, since, until):
            bids = [round(level.price / instrument.unit) for level in book.bids.levels]
            asks = [round(level.price / instrument.unit) for level in book.asks.levels]
            assert asks == sorted(set(asks))
            assert bids == sorted(set(bids), reverse=True)
            assert not bids or bids[0] < asks[0]
            assert all(price % instrument.grid.tick_size(price) == 0 for price in (*bids, *asks))
            assert all(level.size >= level.count > 0 for level in book.asks.levels)
            assert record.code == code


@pytest.mark.parametrize(("market", "code"), PAIRS)
def test_totals_go_beyond_the_levels_and_tell_how_they_changed(
    market: MarketModel, code: str
) -> None:
    before = None
    for _, book in books(market, code, 2000, 2200):
        for side in (book.asks, book.bids):
            assert side.size >= sum(level.size for level in side.levels)
            assert side.count >= sum(level.count for level in side.levels)
        if before is not None:
            assert book.asks.size - before.asks.size == book.asks.size_change
            assert book.bids.size - before.bids.size == book.bids.size_change
        before = book


@pytest.mark.parametrize(("market", "code"), PAIRS)
def test_books_depend_on_the_moment_not_on_who_asked_when(market: MarketModel, code: str) -> None:
    whole = events(market, code, 0, 900)
    late = events(market, code, 500, 900)
    assert late == [event for event in whole if event.second > 500]
    entry = CATALOG[whole[0].tr_id]
    stream = market.stream(entry.tr_id, code)
    assert stream is not None
    assert [e for second in range(0, 901, 30) for e in stream.records_until(second)] == whole


@pytest.mark.parametrize(
    ("code", "least", "most"),
    [("A01612", 2.0, 5.0), ("B01612A33", 0.7, 1.5), ("B01612B35", 1 / 60, 1 / 10)],
)
def test_books_come_oftener_where_more_is_traded(code: str, least: float, most: float) -> None:
    assert least <= len(events(NIGHT, code, 600, 1800)) / 1200 <= most


@pytest.mark.parametrize(("market", "code"), [pair for pair in PAIRS if pair[1] != "B01612B35"])
def test_a_trades_own_bid_and_ask_are_near_the_books(market: MarketModel, code: str) -> None:
    entry = choose(market.instruments[code].family, market.hours.session, Channel.TRADE)
    assert isinstance(entry, CatalogEntry)
    stream = market.stream(entry.tr_id, code)
    assert isinstance(stream, TradeStream)
    stream.skip(2000)
    trades = list(stream.records_until(3000))
    shown = events(market, code, 2000, 3000)
    for trade in trades:
        at_hand = [event for event in shown if abs(event.second - trade.second) < 0.2]
        for event in at_hand:
            [traded] = decode(frame(trade.tr_id, [trade.body])).records
            [record] = decode(frame(event.tr_id, [event.body])).records
            assert isinstance(record, BookRecord)
            assert isinstance(traded, TradeRecord)
            instrument = market.instruments[code]
            ticks = 4 * instrument.grid.tick_size(record.ask / instrument.unit) * instrument.unit
            assert abs(record.ask - traded.ask) <= ticks + 1e-6


def test_no_level_stands_at_nothing_and_none_waits_without_a_price() -> None:
    for record, book in books(NIGHT, "B01612B35", 0, 4000):
        assert record.bid == record.bid_size == record.total_bid_size == 0
        assert 1 <= len(book.asks.levels) <= 5


def test_an_expiring_contract_has_no_book_after_its_last_trade() -> None:
    market = MarketModel(
        SimulatedHours.containing(Session.DAY, datetime(2026, 12, 10, 9, tzinfo=KST))
    )
    last = events(market, "A01612", market.hours.close - 1800, 1e6)[-1]
    assert market.time(last.second)[:4] == "1519"


def test_stock_products_have_ten_levels_and_futures_on_stocks_no_decimals() -> None:
    [(_, book), *_] = books(DAY, "A11612", 2000, 2100)
    assert (book.level_count, len(book.asks.levels), len(book.bids.levels)) == (10, 10, 10)
    fields = events(DAY, "A11612", 2000, 2100)[0].body.split("^")
    assert not any("." in field for field in fields)
    fields = events(NIGHT, "A01612", 2000, 2100)[0].body.split("^")
    assert [("." in field) for field in fields] == [False] * 2 + [True] * 10 + [False] * 26
