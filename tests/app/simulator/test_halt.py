"""A circuit breaker of the simulator: no trades, an auction that is on no calendar, trades again.

Twenty minutes without trading and a call auction of ten are the rule of KRX.
"""

from datetime import datetime

import pytest

from app.simulator.encode import frame
from app.simulator.hours import SimulatedHours
from app.simulator.market import MarketModel
from app.system.clock import KST
from app.system.errors import UsageError
from specs.catalog import Channel, Session, choose
from specs.frame import decode
from specs.record import ExpectedRecord, Record, TradeRecord

MORNING = datetime(2026, 11, 20, 10, 0, tzinfo=KST)
DAY = SimulatedHours.containing(Session.DAY, MORNING)
HALTED = DAY.halted_at(MORNING)
CODES = ("A11612", "C11612040", "A01612", "B01612A33")


def records(hours: SimulatedHours, code: str, channel: Channel) -> list[tuple[float, Record]]:
    market = MarketModel(hours)
    entry = choose(market.instruments[code].family, Session.DAY, channel)
    stream = market.stream(entry.tr_id, code)  # type: ignore[union-attr]
    assert stream is not None
    stream.skip(hours.seconds(MORNING) - 1800)
    found = []
    for event in stream.records_until(hours.seconds(MORNING) + 7200):
        [record] = decode(frame(event.tr_id, [event.body])).records
        found.append((event.second, record))
    return found


@pytest.mark.parametrize("code", CODES)
def test_halt_leaves_no_trade_until_the_price_of_its_auction(code: str) -> None:
    halt = HALTED.halt
    assert halt is not None
    assert (halt.auction - halt.begin, halt.end - halt.auction) == (1200, 600)
    found = records(HALTED, code, Channel.TRADE)
    before = [one for second, one in found if second < halt.begin]
    assert before == [
        one for second, one in records(DAY, code, Channel.TRADE) if second < halt.begin
    ]
    [reopened, *others] = [(second, one) for second, one in found if second >= halt.begin]
    assert reopened[0] == halt.end
    assert others
    assert all(second > halt.end for second, _ in others)
    volumes = [one.accumulated_volume for _, one in found if isinstance(one, TradeRecord)]
    sizes = [one.last_volume for _, one in found if isinstance(one, TradeRecord)]
    assert [late - size for late, size in zip(volumes[1:], sizes[1:], strict=True)] == volumes[:-1]


@pytest.mark.parametrize("code", CODES[:2])
def test_halt_ends_with_an_auction_of_stock_products(code: str) -> None:
    halt = HALTED.halt
    assert halt is not None
    expected = records(HALTED, code, Channel.EXPECTED)
    assert all(halt.auction < second < halt.end for second, _ in expected)
    assert len(expected) > 100
    last = expected[-1][1]
    [crossed] = [one for second, one in records(HALTED, code, Channel.TRADE) if second == halt.end]
    assert isinstance(last, ExpectedRecord)
    assert isinstance(crossed, TradeRecord)
    assert last.expected_price == crossed.price
    assert last.time[:4] == "1029"
    assert records(DAY, code, Channel.EXPECTED) == []


def test_books_stand_still_in_a_halt_and_move_in_its_auction() -> None:
    halt = HALTED.halt
    assert halt is not None
    books = [second for second, _ in records(HALTED, "A11612", Channel.BOOK)]
    assert not [second for second in books if halt.begin <= second < halt.auction]
    assert [second for second in books if halt.auction <= second < halt.end]


@pytest.mark.parametrize("time", [(8, 44), (15, 5), (18, 0)])
def test_halt_is_refused_where_trading_does_not_go_on_after_it(time: tuple[int, int]) -> None:
    with pytest.raises(UsageError):
        DAY.halted_at(MORNING.replace(hour=time[0], minute=time[1]))
