"""The simulated futures beyond the index' own: commodities, the V-KOSPI and calendar spreads."""

from datetime import date, datetime

import pytest

from app.simulator.hours import SimulatedHours
from app.simulator.instruments import universe
from app.simulator.market import MarketModel
from app.simulator.master_files import master_files
from app.system.clock import KST
from specs.catalog import Session
from specs.frame import decode
from specs.market.depth import depth
from specs.record import BookRecord, FuturesTradeRecord, Record

FRIDAY = date(2026, 11, 20)
DAY = SimulatedHours.containing(Session.DAY, datetime(2026, 11, 20, 10, tzinfo=KST))
NIGHT = SimulatedHours.containing(Session.NIGHT, datetime(2026, 11, 20, 20, tzinfo=KST))
SPREADS = ("D0161203", "D0561201", "D0661203", "D1161201", "D7561201", "D6561203", "D8861201")


def records(market: MarketModel, tr_id: str, code: str, seconds: float) -> list[Record]:
    """Return the decoded records of a code up to a second of the session."""
    stream = market.stream(tr_id, code)
    assert stream is not None
    return [
        record
        for event in stream.records_until(seconds)
        for record in decode(f"0|{tr_id}|001|{event.body}").records
    ]


def trades(
    market: MarketModel, tr_id: str, code: str, seconds: float = 20_000.0
) -> list[FuturesTradeRecord]:
    found = records(market, tr_id, code, seconds)
    assert found
    return [record for record in found if isinstance(record, FuturesTradeRecord)]


@pytest.mark.parametrize(
    ("code", "day", "night"),
    [
        ("A75612", "H0CFCNT0", "H0MFCNT0"),
        ("A65612", "H0CFCNT0", "H0MFCNT0"),
        ("A67612", "H0CFCNT0", "H0MFCNT0"),
        ("D7561201", "H0CFCNT0", "H0MFCNT0"),
        ("A76612", "H0CFCNT0", ""),
        ("A88612", "H0CFCNT0", ""),
        ("A04612", "H0IFCNT0", ""),
    ],
)
def test_futures_are_streamed_on_the_tr_of_their_product(code: str, day: str, night: str) -> None:
    for hours, tr_id in ((DAY, day), (NIGHT, night)):
        market = MarketModel(hours)
        for asked in ("H0CFCNT0", "H0IFCNT0", "H0MFCNT0"):
            assert (market.stream(asked, code) is not None) is (asked == tr_id), (hours, asked)


@pytest.mark.parametrize(
    ("code", "tick"), [("A75612", 0.1), ("A65612", 0.01), ("A67612", 0.01), ("A88612", 10)]
)
def test_commodity_prices_lie_on_their_grid(code: str, tick: float) -> None:
    for trade in trades(MarketModel(DAY), "H0CFCNT0", code):
        for price in (trade.price, trade.bid, trade.ask):
            assert round(price / tick) * tick == pytest.approx(price)


def test_every_kind_of_future_has_a_spread_of_its_first_two_expiries() -> None:
    listed = {instrument.code: instrument for instrument in universe(FRIDAY)}
    for code in SPREADS:
        spread = listed[code]
        assert spread.far is not None
        assert spread.far.code in listed
        assert spread.far.expiry > spread.expiry
        assert f"A{code[1:6]}" in listed


@pytest.mark.parametrize("code", SPREADS)
def test_a_spread_trades_where_its_legs_are_apart(code: str) -> None:
    market = MarketModel(DAY)
    spread = market.instruments[code]
    assert spread.far is not None
    legs = (market.instruments[f"A{code[1:6]}"], spread.far)
    last = 3.0 * spread.grid.tick_size(0) * spread.unit
    tr_id = {"0": "H0IFCNT0", "1": "H0ZFCNT0"}.get(code[1], "H0CFCNT0")
    for trade in trades(market, tr_id, code):
        fairs = [market.tape(leg).fair.value_at(0.0) * leg.unit for leg in legs]
        assert trade.price == pytest.approx(fairs[1] - fairs[0], abs=last + abs(fairs[0]) * 2e-4)


def test_a_spread_may_trade_at_zero_and_below() -> None:
    market = MarketModel(DAY)
    assert {trade.price for trade in trades(market, "H0CFCNT0", "D7561201")} <= {
        round(-n * 0.1, 1) for n in range(5, 25)
    }
    bonds = {trade.price for trade in trades(market, "H0CFCNT0", "D6761203")}
    assert 0.0 in bonds
    book = records(market, "H0CFASP0", "D6761203", 4_000.0)[-1]
    assert isinstance(book, BookRecord)
    sides = depth(book)
    assert len(sides.asks.levels) == len(sides.bids.levels) == 5
    assert sides.bids.levels[0].price < sides.asks.levels[0].price
    assert sides.bids.levels[-1].price < 0


def test_commodity_master_has_116_bytes_a_line_and_keeps_names_whole() -> None:
    names = {instrument.code: instrument.name for instrument in universe(FRIDAY)}
    lines = master_files(FRIDAY)["fo_com_code.mst"].split(b"\n")[:-1]
    assert {len(line) for line in lines} == {116}
    for line in lines:
        code = line[2:11].decode().strip()
        assert line[23:63].decode("cp949").rstrip() == names[code]
        assert line[11:17] == f"KR4{code[:3]}".encode()
    usd = next(line for line in lines if line[2:8] == b"A75612")
    assert usd[:2] == b"21"
    assert usd[63:76] == b" 00000.001USD"
    assert usd[76:].decode("cp949").rstrip() == "미국달러"
