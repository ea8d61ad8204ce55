"""The simulated V-KOSPI is what the simulated options imply."""

from datetime import datetime

import pytest

from app.simulator.encode import frame
from app.simulator.hours import SimulatedHours
from app.simulator.instrument import VOLATILITY
from app.simulator.market import MarketModel
from app.system.clock import KST
from specs.catalog import Session
from specs.frame import decode
from specs.trs.index_option_trade import IndexOptionTrade

DAY = SimulatedHours.containing(Session.DAY, datetime(2026, 11, 20, 9, 0, tzinfo=KST))
AT_THE_MONEY = "B01612A33"


@pytest.mark.parametrize("seed", range(1, 6))
def test_v_kospi_stands_near_the_volatility_at_the_money(seed: int) -> None:
    market = MarketModel(DAY, seed)
    stream = market.stream("H0IOCNT0", AT_THE_MONEY)
    assert stream is not None
    event = next(iter(stream.records_until(1e6)))
    [record] = decode(frame(event.tr_id, [event.body])).records
    assert isinstance(record, IndexOptionTrade)
    level, _ = market.spot(VOLATILITY, event.second)
    assert level == pytest.approx(record.average_volatility, rel=0.25)
