"""The trades of options on their expiry day, whose theory goes to 0."""

from datetime import datetime
from math import isnan

from app.simulator.encode import frame
from app.simulator.hours import SimulatedHours
from app.simulator.market import MarketModel
from app.system.clock import KST
from specs.catalog import CatalogEntry, Channel, Session, choose
from specs.frame import decode
from specs.record import TradeRecord

LARGEST = 9999.99
"""KIS' 괴리율 of a new listing [C]: the largest that was seen."""


def test_every_option_trade_of_an_expiry_day_is_read_whole() -> None:
    hours = SimulatedHours.containing(Session.DAY, datetime(2026, 12, 10, 9, 0, tzinfo=KST))
    market = MarketModel(hours)
    ending = [i for i in market.instruments.values() if i.expiry == hours.day and i.right]
    assert len(ending) > 40
    for instrument in ending[:: len(ending) // 40]:
        entry = choose(instrument.family, hours.session, Channel.TRADE)
        assert isinstance(entry, CatalogEntry)
        stream = market.stream(entry.tr_id, instrument.code)
        assert stream is not None
        for event in list(stream.records_until(1e6))[-20:]:
            decoded = decode(frame(event.tr_id, [event.body]))
            assert (decoded.unreadable, decoded.dropped) == ((), ())
            [trade] = decoded.records
            assert isinstance(trade, TradeRecord)
            percent = trade.disparity_percent
            assert isnan(percent) or abs(percent) <= LARGEST
