"""Trades that the owner of a session keeps for programs that join later."""

from array import array

import msgspec
import pytest

from app.feed.trade_lane import INDICATION_FIELDS, LaneRecords
from app.hub import trade_memory
from app.hub.quote_memory import QuoteMemory
from app.hub.trade_memory import MOST_OF_A_CODE, Recalled, TradeMemory, read_memory
from specs.market.trade_print import FIELDS

CODES = ("A01612", "A05612")


def trades(*times: float) -> "array[float]":
    return array("d", [value for time in times for value in (time, *[1.0] * (FIELDS - 1))])


def test_what_came_is_read_back_in_its_order() -> None:
    memory = TradeMemory()
    indications = array("d", [5.0, 1.0, 2.0])
    memory.apply(LaneRecords({"A01612": trades(1.0)}, {}))
    memory.apply(
        LaneRecords({"A01612": trades(2.0), "A05612": trades(3.0)}, {"A01612": indications})
    )
    found = read_memory("A01612", memory.encode("A01612"))
    assert found == Recalled(LaneRecords({"A01612": trades(1.0, 2.0)}, {"A01612": indications}))
    assert read_memory("A06612", memory.encode("A06612")) == Recalled()
    memory.clear()
    assert read_memory("A01612", memory.encode("A01612")) == Recalled()


def test_the_older_trades_of_a_busy_contract_make_room() -> None:
    memory = TradeMemory()
    memory.apply(LaneRecords({"A01612": trades(*range(MOST_OF_A_CODE + 1))}, {}))
    found = read_memory("A01612", memory.encode("A01612"))
    assert found is not None
    times = found.records.trades["A01612"][::FIELDS]
    assert len(times) == MOST_OF_A_CODE // 2
    assert times[-1] == MOST_OF_A_CODE


def test_all_contracts_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trade_memory, "MOST", 10)
    memory = TradeMemory()
    memory.apply(LaneRecords({"A01612": trades(*range(8)), "A05612": trades(*range(3))}, {}))
    kept = [read_memory(code, memory.encode(code)) for code in CODES]
    times = [
        list(one.records.trades[code][::FIELDS])
        for one, code in zip(kept, CODES, strict=True)
        if one
    ]
    assert times == [[4, 5, 6, 7], [0, 1, 2]]


def test_what_is_no_memory_is_refused() -> None:
    broken = [b"", b"\xff", b"[]", msgspec.msgpack.encode({"trades": b"12345678"})]
    broken.append(msgspec.msgpack.encode({"indications": b"0" * 8 * (INDICATION_FIELDS + 1)}))
    broken.append(msgspec.msgpack.encode({"trades": b"123"}))
    assert [read_memory("A01612", body) for body in broken] == [None] * len(broken)


def test_what_another_program_knows_comes_before_and_nothing_twice() -> None:
    memory = TradeMemory()
    memory.apply(LaneRecords({"A01612": trades(3.0, 4.0)}, {}))
    # The other program had the first of them, too.
    known = LaneRecords({"A01612": trades(1.0, 2.0, 3.0), "A05612": trades(1.0)}, {})
    for _ in range(2):
        memory.prepend(known)
        found = [read_memory(code, memory.encode(code)) for code in CODES]
        kept = [one.records.trades[code] for one, code in zip(found, CODES, strict=True) if one]
        assert kept == [trades(1.0, 2.0, 3.0, 4.0), trades(1.0)]


def test_quotes_of_another_program_fill_the_slots_before_the_first() -> None:
    memory = QuoteMemory()
    memory.prepend({"A01612": array("d", [60.0, 1.0, 2.0, 91.0, 3.0, 4.0])})
    memory.prepend({"A01612": array("d", [30.5, 5.0, 6.0, 89.0, 7.0, 8.0])})
    assert list(memory.find("A01612")[::3]) == [30.5, 60.0, 91.0]
