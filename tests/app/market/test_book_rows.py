"""Rows of the book: what changes them, and the words of a row without data."""

from collections.abc import Mapping
from datetime import date
from math import inf

import pytest
from harness.sample_frames import frame, record
from msgspec.structs import replace

from app.feed.batch import Batch, Counters, LinkState, Received
from app.feed.phase import LinkPhase
from app.feed.registration_state import RegistrationKey, RegistrationState, RegistrationStatus
from app.market.book import Book
from specs.catalog import Absent, Channel
from specs.codes import Right
from specs.frame import decode
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.record import ExpectedRecord, Record, TradeRecord
from specs.user_message import UserMessage
from widgets.message_text import message_text
from widgets.texts import t

CODE, OTHER = "B01612A18", "A01612"
TRADE, BOOK, EXPECTED = "H0EUCNT0", "H0EUASP0", "H0EUANC0"


def decoded(tr_id: str, code: str = CODE, **fields: str) -> Record:
    return decode(frame(tr_id, record(tr_id, code, **fields))).records[0]


def trade(code: str = CODE, **fields: str) -> TradeRecord:
    made = decoded(TRADE, code, **fields)
    assert isinstance(made, TradeRecord)
    return made


def expected(code: str = CODE) -> ExpectedRecord:
    made = decoded(EXPECTED, code)
    assert isinstance(made, ExpectedRecord)
    return made


def batch(
    *received: Received,
    phase: LinkPhase = LinkPhase.LIVE,
    states: Mapping[str, RegistrationStatus] | None = None,
    asleep: Mapping[str, Absent] | None = None,
    missed: Mapping[str, float] | None = None,
) -> Batch:
    """A batch with the states of CODE's registrations by TR."""
    states = {TRADE: RegistrationStatus(RegistrationState.ACTIVE)} if states is None else states
    registrations = {RegistrationKey(tr_id, CODE): status for tr_id, status in states.items()}
    link = LinkState(phase)
    asleep, missed = dict(asleep or {}), missed or {}
    return Batch(received, link, Counters(), registrations, (), asleep, missed=missed)


def book_of(*codes: str, named: bool = True, **known: object) -> Book:
    book = Book(lambda code: Instrument(code, **known), named=named)  # type: ignore[arg-type]
    book.watch(codes or (CODE,))
    return book


def note_of(book: Book) -> str:
    row = book.row(CODE)
    assert row is not None
    return message_text(row.note)


@pytest.mark.parametrize(
    ("state", "key"),
    [
        (RegistrationState.SENT, "row.sent"),
        (RegistrationState.UNCONFIRMED, "row.unconfirmed"),
        (RegistrationState.RELEASING, "row.releasing"),
        (RegistrationState.STUCK, "row.stuck"),
        (RegistrationState.NONE, "row.waiting"),
        (RegistrationState.NOT_ON_TAPE, "row.not_on_tape"),
        (RegistrationState.ACTIVE, "row.closed"),
    ],
)
def test_a_row_without_data_names_the_state_of_its_registration(
    state: RegistrationState, key: str
) -> None:
    book = book_of(listed=True)
    book.apply(batch(states={TRADE: RegistrationStatus(state)}))
    assert note_of(book) == t(key, code="")


@pytest.mark.parametrize("state", [RegistrationState.NO_SLOT, RegistrationState.REFUSED])
@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("named", [True, False])
def test_a_refused_row_says_what_is_not_known_of_its_code(
    state: RegistrationState, listed: bool, named: bool
) -> None:
    book = book_of(named=named, listed=listed)
    book.apply(batch(states={TRADE: RegistrationStatus(state, "OPSP0017", detail="no")}))
    words = t(f"row.{state}", code="OPSP0017 no")
    assert note_of(book).startswith(words)
    assert (" · " in note_of(book)) is not listed
    assert note_of(book).endswith(t("row.unlisted")) is (named and not listed)


@pytest.mark.parametrize("phase", [LinkPhase.DIAL, LinkPhase.BACKOFF, LinkPhase.PROBE])
def test_a_row_waits_while_the_connection_is_not_settled(phase: LinkPhase) -> None:
    book = book_of(listed=True)
    book.apply(batch(phase=phase))
    assert note_of(book) == t("row.waiting")


@pytest.mark.parametrize(
    ("listed", "open_since", "now", "silent"),
    [
        (True, 0.0, 159.9, False), (True, 0.0, 160.0, True),
        (False, 0.0, 109.9, False), (False, 0.0, 110.0, True),
        (True, 130.0, 189.9, False), (True, 130.0, 190.0, True),
    ],
)  # fmt: skip
def test_silence_counts_from_registration_or_opening_whichever_is_later(
    listed: bool, open_since: float, now: float, silent: bool
) -> None:
    """60 s for a code of a master, 10 s for another; registered at 100 s."""
    book = book_of(named=False, listed=listed)
    status = RegistrationStatus(RegistrationState.ACTIVE, since=100.0)
    book.apply(batch(states={TRADE: status}))
    book.tick(now, expired={}, open_since=open_since)
    assert (note_of(book) != t("row.no_trade")) is silent


def test_a_row_with_data_has_no_note_and_expiry_goes_before_all() -> None:
    book = book_of(listed=True, expiry=date(2026, 12, 10))
    book.apply(batch())
    book.tick(1000.0, expired={CODE: False}, open_since=inf)
    assert note_of(book) == t("row.expired", day="26/12/10")
    [row] = book.tick(1000.0, expired={CODE: True}, open_since=inf)
    assert (row.note, row.badge) == (
        UserMessage("row.expired_rolls", day="26/12/10"),
        UserMessage("badge.expired"),
    )
    [row] = book.apply(batch(Received(TRADE, trade(), 5.0)))
    assert (row.note, row.badge, book.has_expired(CODE)) == (
        None,
        UserMessage("badge.expired"),
        True,
    )
    [row] = book.tick(1000.0, expired={}, open_since=inf)
    assert (row.badge, book.has_expired(CODE)) == (None, False)


@pytest.mark.parametrize("reason", list(Absent))
def test_a_code_without_a_tr_says_why_and_has_a_badge_beside_data(reason: Absent) -> None:
    book = book_of(listed=True)
    day_only = reason in (Absent.STOCK_AT_NIGHT, Absent.NOT_AT_NIGHT)
    book.apply(batch(asleep={CODE: reason}))
    assert (book.asleep(CODE), book.is_day_only(CODE)) == (reason, day_only)
    assert note_of(book) == t(f"absent.{reason}")
    [row] = book.apply(batch(Received(TRADE, trade(), 5.0), asleep={CODE: reason}))
    assert (row.note, row.badge) == (None, UserMessage("badge.asleep") if day_only else None)


@pytest.mark.parametrize("state", list(RegistrationState))
def test_a_book_disappears_where_its_registration_is_given_up(state: RegistrationState) -> None:
    book = book_of()
    book.apply(batch(Received(BOOK, decoded(BOOK), 5.0)))
    book.apply(batch(states={BOOK: RegistrationStatus(state)}))
    row = book.row(CODE)
    assert row is not None
    gone = state in (
        RegistrationState.NO_SLOT, RegistrationState.REFUSED, RegistrationState.RELEASING,
    )  # fmt: skip
    assert (row.book is None) is gone
    assert book.registration_status(CODE, Channel.BOOK).state is state
    assert book.is_wanted(CODE, Channel.BOOK)
    assert not book.is_wanted(CODE, Channel.TRADE)


def test_apply_returns_the_rows_that_changed_and_no_others() -> None:
    book = book_of(CODE, OTHER)
    book.apply(batch())
    status = batch()
    same = replace(status, received=(Received(TRADE, trade(), 5.0),))
    book.apply(status)
    assert [row.code for row in book.apply(same)] == [CODE]
    assert book.apply(replace(status, received=(Received(TRADE, trade("A05612"), 5.0),))) == []
    assert book.apply(status) == []
    missed = {CODE: 3.0}
    [row] = book.apply(replace(status, missed=missed))
    assert row.missed == 3.0
    assert book.apply(replace(status, missed=missed)) == []
    [row] = book.apply(replace(status, missed={}))
    assert row.missed == 0.0


def test_a_trade_of_rest_shows_until_one_is_streamed() -> None:
    book = book_of()
    assert book.apply_rest_trade(trade("A05612"), "190000") == []
    assert book.apply_rest_trade(trade(price="nan"), "190000") == []
    [row] = book.apply_rest_trade(trade(price="1.5"), "190000")
    assert (row.trade and row.trade.price, row.asked_at, row.note) == (1.5, "190000", None)
    [row] = book.apply_rest_trade(trade(price="1.6"), "190100")
    assert (row.trade and row.trade.price, row.asked_at) == (1.6, "190100")
    [row] = book.apply(batch(Received(TRADE, trade(price="1.7"), 5.0)))
    assert (row.trade and row.trade.price, row.asked_at, row.trade_at) == (1.7, "", 5.0)
    assert book.apply_rest_trade(trade(price="1.8"), "190200") == []


def test_expected_prices_are_restored_where_none_is_newer_and_end_with_an_auction() -> None:
    book = book_of(CODE, OTHER)
    kept = expected()
    book.restore([kept, expected("A05612")])
    assert [row.expected for row in book.rows] == [kept, None]
    newer = expected()
    book.apply(batch(Received(EXPECTED, newer, 5.0)))
    book.restore([kept])
    row = book.row(CODE)
    assert row is not None
    assert row.expected is newer
    assert row.expected_at == 5.0
    book.clear_expected()
    assert [row.expected for row in book.rows] == [None, None]


def test_a_row_that_comes_back_has_its_last_trade_and_clear_empties_all() -> None:
    book = book_of(CODE, OTHER)
    book.apply(batch(Received(TRADE, trade(), 5.0)))
    book.watch([OTHER])
    assert book.row(CODE) is None
    book.watch([OTHER, CODE, OTHER])
    assert [row.code for row in book.rows] == [OTHER, CODE] == list(book.by_code)
    assert book.rows[1].trade is not None
    book.watch([OTHER])
    book.clear()
    book.watch([CODE])
    assert book.rows[0].trade is None
    book.apply(batch(Received(TRADE, trade(), 5.0)))
    book.clear()
    assert book.rows[0].trade is None


def test_a_thousand_dropped_rows_are_remembered() -> None:
    book = book_of(CODE)
    book.apply(batch(Received(TRADE, trade(), 5.0)))
    others = [f"A{n:05}" for n in range(1000)]
    book.watch(others[:999])
    book.watch([])
    book.watch([CODE])
    assert book.rows[0].trade is not None
    book.watch(others)
    book.watch([])
    book.watch([CODE])
    assert book.rows[0].trade is None


def test_renewed_instruments_are_reported_once() -> None:
    known = {CODE: Instrument(CODE), OTHER: Instrument(OTHER)}
    book = Book(lambda code: known[code])
    book.watch([CODE, OTHER])
    known[CODE] = Instrument(CODE, name="콜", listed=True)
    book.renew_instruments()
    [row] = book.tick(1.0, expired={}, open_since=inf)
    assert row.instrument.name == "콜"
    assert book.tick(1.0, expired={}, open_since=inf) == []
    book.watch([OTHER])
    known[CODE] = Instrument(CODE, name="풋")
    book.renew_instruments()
    assert book.tick(1.0, expired={}, open_since=inf) == []
    book.watch([CODE])
    assert book.rows[0].instrument.name == "풋"


def test_theoretical_values_and_scales_change_the_rows_of_options() -> None:
    book = book_of(CODE, OTHER)
    values = TheoreticalValues()
    [row] = book.apply_theoretical({CODE: values, "A05612": values})
    assert row.theoretical is values
    assert book.apply_theoretical({CODE: values}) == []
    assert book.choose("own") == []
    [row] = book.apply(batch(Received(TRADE, trade(), 5.0)))
    assert (row.source, row.scale) == ("own", None)
    [row] = book.choose("kis", {type(row.trade): 100.0})
    assert (row.source, row.scale) == ("kis", 100.0)
    [row] = book.choose("auto")
    assert (row.source, row.scale) == ("auto", 100.0)
    assert book.choose("auto") == []


def test_apply_judges_kis_greeks_and_keeps_the_verdict_of_most_trades() -> None:
    book = book_of(right=Right.CALL, strike=1080.0)
    good = {"price": "24.85", "theoretical_price": "24.71", "delta": "0.58"}
    bad = {**good, "theoretical_price": "35464"}
    verdicts = []
    for fields in (bad, good, good, bad, good, good, good, good, bad):
        [row] = book.apply(batch(Received(TRADE, trade(**fields), 1.0)))
        verdicts.append(row.kis_fault)
    assert verdicts == ["theory"] * 6 + [""] * 3
