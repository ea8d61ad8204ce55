"""The market: which rows a batch and a tick change, and what an error in one part leaves."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from math import inf

import pytest
from harness.dashboard import demo_contracts
from harness.sample_frames import frame, record
from msgspec.structs import replace

from app.feed.batch import Batch, Counters, LinkState, Received
from app.feed.demand import GRACE
from app.feed.rest.rest_events import RestPrice
from app.krx.calendar import KRX
from app.market.auction_tracker import AuctionTracker
from app.market.book import Book
from app.market.market import Market
from app.system.clock import KST, ManualClock
from specs.catalog import Session
from specs.frame import decode
from specs.item_errors import listen_to_item_errors, stop_listening
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker
from specs.record import ExpectedRecord, TradeRecord

CODE, OTHER, PAGE = "B01612A31", "A01612", "C01612A31"
NIGHT = datetime(2026, 11, 23, 20, 0, tzinfo=KST)


class Valuation:
    """Gives every code that is to be valued values of its own."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.error: Exception | None = None
        self.seen: list[tuple[str, ...]] = []

    def apply(self, batch: Batch, valued: Collection[str], /) -> list[Ticker]:
        self.seen.append(tuple(valued))
        if self.error is not None:
            raise self.error
        values = TheoreticalValues(forward=1.0)
        return self.book.apply_theoretical(dict.fromkeys(valued, values))

    def tick(self, watched: Sequence[Ticker], valued: Collection[str], /) -> list[Ticker]:
        return self.apply(batch(), [*valued, *(row.code for row in watched)])


def batch(*received: Received, **fields: object) -> Batch:
    made = Batch(received, LinkState(), Counters(), {}, (), {})
    return replace(made, **fields)


def received(tr_id: str, code: str, at: float = 0.0) -> Received:
    return Received(tr_id, decode(frame(tr_id, record(tr_id, code))).records[0], at)


def market_at(moment: datetime, *codes: str) -> tuple[Market, Valuation, ManualClock]:
    contracts, clock = demo_contracts(), ManualClock(moment)
    book = Book(contracts.instrument, named=contracts.named)
    valuation = Valuation(book)
    market = Market(book, valuation, AuctionTracker(None), contracts, clock, KRX, codes)
    market.watch()
    return market, valuation, clock


def test_apply_returns_a_row_once_when_trade_and_values_change_it() -> None:
    market, _, _ = market_at(NIGHT, CODE, OTHER)
    [row] = market.apply(batch(received("H0EUCNT0", CODE)), lambda: (CODE,))
    assert row is market.book.row(CODE)
    assert row.trade is not None
    assert row.theoretical is not None


def test_apply_asks_what_to_value_when_the_batch_is_in_the_book() -> None:
    market, valuation, _ = market_at(NIGHT, CODE)

    def traded() -> list[str]:
        return [row.code for row in market.rows if row.trade is not None]

    market.apply(batch(received("H0EUCNT0", CODE)), traded)
    assert valuation.seen == [(CODE,)]


def test_apply_keeps_rows_of_the_book_after_an_error_of_the_values() -> None:
    market, valuation, _ = market_at(NIGHT, CODE)
    valuation.error = ValueError("values")
    errors: list[Exception] = []
    listen_to_item_errors(errors.append)
    try:
        [row] = market.apply(batch(received("H0EUCNT0", CODE)), lambda: (CODE,))
    finally:
        stop_listening(errors.append)
    assert row.trade is not None
    assert errors == [valuation.error]


def test_apply_raises_an_error_of_the_values_without_a_listener() -> None:
    market, valuation, _ = market_at(NIGHT, CODE)
    valuation.error = ValueError("values")
    with pytest.raises(ValueError, match="values"):
        market.apply(batch(received("H0EUCNT0", CODE)), tuple)


def test_apply_takes_a_rest_price_only_before_a_streamed_trade() -> None:
    market, _, _ = market_at(NIGHT, CODE)
    price = received("H0EUCNT0", CODE).record
    assert isinstance(price, TradeRecord)
    event = RestPrice("H0EUCNT0", price, "195900")
    [row] = market.apply(batch(rest_events=(event,)), tuple)
    assert row.asked_at == "195900"
    [row] = market.apply(batch(received("H0EUCNT0", CODE)), tuple)
    assert row.asked_at == ""
    assert market.apply(batch(rest_events=(event,)), tuple) == []


def test_apply_discards_expected_executions_when_another_auction_begins() -> None:
    market, _, clock = market_at(NIGHT.replace(hour=17, minute=55), CODE, OTHER)
    market.apply(batch(received("H0EUANC0", CODE)), tuple)
    first = market.book.row(CODE)
    assert first is not None
    assert isinstance(first.expected, ExpectedRecord)
    clock.move_to(NIGHT.replace(hour=5, minute=55) + timedelta(days=1))
    market.apply(batch(received("H0EUANC0", OTHER)), tuple)
    later = market.book.row(CODE)
    assert later is not None
    assert later.expected is None


def test_apply_of_a_reset_discards_every_record_that_the_batch_lacks() -> None:
    market, _, _ = market_at(NIGHT, CODE, OTHER)
    market.tick(KRX.state_at(NIGHT), tuple)
    assert market.open_since < inf
    market.apply(batch(received("H0EUCNT0", CODE)), tuple)
    market.apply(batch(received("H0EUCNT0", OTHER), is_reset=True), tuple)
    row = market.book.row(CODE)
    assert row is not None
    assert row.trade is None
    assert market.open_since == inf


def test_tick_notes_expired_codes_and_whether_they_roll() -> None:
    market, _, clock = market_at(NIGHT, CODE, OTHER)
    market.tick(KRX.state_at(NIGHT), tuple)
    assert market.expired == {}
    later = NIGHT + timedelta(days=60)
    clock.move_to(later)
    market.tick(KRX.state_at(later), tuple)
    assert set(market.expired) == {CODE, OTHER}


def test_unexpired_leaves_out_what_no_print_can_come_of() -> None:
    end = datetime(2026, 12, 10, 15, 20, tzinfo=KST)
    market, _, clock = market_at(end, CODE, OTHER, "A01703")
    wanted = (CODE, OTHER, "A01703", PAGE)
    assert market.unexpired(wanted) == wanted
    clock.move_to(end + GRACE)
    assert market.unexpired(wanted) == ("A01703",)
    assert [market.registrations_of(code) for code in (OTHER, "A01703")] == [0, 2]


def test_tick_counts_since_the_opening_and_not_since_the_start() -> None:
    market, _, clock = market_at(NIGHT, CODE)
    market.tick(KRX.state_at(NIGHT), tuple)
    assert clock.monotonic() - market.open_since == pytest.approx(7200)


def test_watch_holds_the_codes_of_a_page_behind_the_watched_ones() -> None:
    market, _, _ = market_at(NIGHT, CODE)
    market.page_codes = (PAGE, CODE)
    market.watch()
    assert [row.code for row in market.book.rows] == [CODE, PAGE]
    assert [row.code for row in market.rows] == [CODE]


def test_registrations_of_a_code_are_counted_in_the_session_that_is_on() -> None:
    market, _, clock = market_at(NIGHT, CODE)
    stock_future = "A11612"
    assert market.registrations_of(CODE) == 2
    assert market.registrations_of(stock_future) == 0
    clock.move_to(NIGHT.replace(hour=10) + timedelta(days=1))
    assert market.registrations_of(stock_future) > 0


def test_find_names_the_contracts_near_the_price_of_a_watched_trade() -> None:
    market, _, _ = market_at(NIGHT, OTHER)
    assert OTHER in [hit.instrument.code for hit in market.find("200 선물")]


def test_correction_names_a_session_that_the_calendar_has_closed() -> None:
    holiday = datetime(2026, 12, 25, 20, 0, tzinfo=KST)
    market, _, clock = market_at(holiday, CODE)
    assert market.correction(holiday) is None
    assert batch(received("H0EUCNT0", CODE)).sessions == {Session.NIGHT}
    for _ in range(60):
        market.apply(batch(received("H0EUCNT0", CODE, clock.monotonic())), tuple)
        clock.move_to(clock.now() + timedelta(seconds=10))
    assert market.correction(clock.now()) is not None


def test_first_end_is_the_earliest_of_todays_last_trading_days() -> None:
    expiry = datetime(2026, 12, 10, 10, 0, tzinfo=KST)
    market, _, _ = market_at(expiry, "A01612", "B01612A31", "A01703")
    market.watch()
    assert market.first_end(expiry) == expiry.replace(hour=15, minute=20)
    assert market.first_end(expiry.replace(hour=15, minute=20)) is None
    assert market.first_end(expiry - timedelta(days=1)) is None
