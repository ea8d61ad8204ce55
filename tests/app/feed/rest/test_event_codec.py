"""Results of REST as bytes between programs: each comes back as it was, whatever it holds."""

from datetime import date
from math import nan

import msgspec
import pytest

from app.feed.rest.event_codec import decode_event, encode_event
from app.feed.rest.rest_events import (
    RestBars,
    RestEvent,
    RestExpectedPrice,
    RestPrice,
    RestRefusal,
    RestTrouble,
)
from specs.catalog import CATALOG, Channel
from specs.expected_trend import RestExpected
from specs.market.bars import Bar
from specs.record import TradeRecord
from specs.user_message import MessageList, UserMessage

CODE = "A01612"
REASON = UserMessage("picture.refused", told="OPSQ2001 조회할 자료가 없습니다")
CAUSE = UserMessage("why.refused", "connection refused")
EVENTS: list[RestEvent] = [
    RestExpectedPrice(RestExpected(CODE, "084512", 1331.5, nan, "2", 0.25)),
    RestBars(CODE, (Bar(1795683600, 1.0, 2.0, 0.5, 1.5, 7.0, 1.2), Bar(0, *[nan] * 6))),
    RestRefusal(CODE, REASON),
    RestTrouble(UserMessage("picture.unreachable", why=CAUSE), over=False),
    RestTrouble(MessageList([UserMessage("picture.over"), REASON]), over=True),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_a_result_comes_back_as_it_was(event: RestEvent) -> None:
    # Equality fails on nan; the text of both says the same.
    assert repr(decode_event(encode_event(event))) == repr(event)


@pytest.mark.parametrize("tr_id", [k for k, e in CATALOG.items() if e.channel is Channel.TRADE])
def test_a_price_of_every_trade_tr_comes_back_with_what_it_lacks(tr_id: str) -> None:
    fields = msgspec.structs.fields(CATALOG[tr_id].spec)
    record = CATALOG[tr_id].spec(*(CODE if f.type is str else nan for f in fields))
    assert isinstance(record, TradeRecord)
    for ends in (None, date(2026, 12, 10)):
        event = RestPrice(tr_id, record, "180102", ends, nan)
        assert repr(decode_event(encode_event(event))) == repr(event)


def test_what_is_no_result_is_refused() -> None:
    book = next(tr_id for tr_id, entry in CATALOG.items() if entry.channel is Channel.BOOK)
    price = {"type": "price", "record": [CODE], "at": "", "last_trading_day": None}
    broken: list[object] = [{}, [], "x", {"type": "bars", "code": 1, "bars": []}]
    broken += [price | {"tr_id": tr_id, "previous_close": 1.0} for tr_id in (book, "X")]
    broken += [{"type": "refusal", "code": CODE, "reason": one} for one in (1, {}, {"key": 1})]
    encoded = [b"", b"\xff", *map(msgspec.msgpack.encode, broken)]
    assert [decode_event(raw) for raw in encoded] == [None] * len(encoded)
