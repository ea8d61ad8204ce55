"""A record of every TR reaches the row of its code, in the place of its channel."""

import pytest
from harness.sample_frames import frame, record

from app.feed.batch import Batch, Counters, LinkState, Received
from app.market.book import Book
from specs.catalog import CATALOG, Channel
from specs.frame import decode
from specs.market.instrument import Instrument
from specs.record import Record

CODE = "B01612A18"


def book_and_batch(one: Record, tr_id: str) -> tuple[Book, Batch]:
    book = Book(Instrument)
    book.watch([CODE])
    return book, Batch((Received(tr_id, one, 1.0),), LinkState(), Counters(), {}, (), {})


@pytest.mark.parametrize("tr_id", CATALOG)
def test_book_shows_a_record_of_every_tr(tr_id: str) -> None:
    [decoded] = decode(frame(tr_id, record(tr_id, CODE))).records
    book, batch = book_and_batch(decoded, tr_id)
    [row] = book.apply(batch)
    shown = {
        Channel.TRADE: row.trade,
        Channel.BOOK: row.book,
        Channel.EXPECTED: row.expected,
    }
    assert [channel for channel, found in shown.items() if found is not None] == [
        CATALOG[tr_id].channel
    ]


def test_apply_reports_a_record_that_has_no_place_on_a_row() -> None:
    class Unmarked(Record, frozen=True):
        code: str = CODE

    book, batch = book_and_batch(Unmarked(), "H0EUCNT0")
    with pytest.raises(TypeError, match="Unmarked"):
        book.apply(batch)
