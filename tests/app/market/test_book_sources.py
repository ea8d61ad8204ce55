"""When the book looks at registrations again, and what a row that fails costs the others."""

from collections.abc import Iterator, Mapping

import pytest
from msgspec.structs import replace

from app.feed.batch import Batch, Counters, LinkState
from app.feed.phase import LinkPhase
from app.feed.registration_state import RegistrationKey, RegistrationState, RegistrationStatus
from app.market.book import Book
from specs.catalog import Absent, Channel
from specs.item_errors import listen_to_item_errors, stop_listening
from specs.market.instrument import Instrument
from specs.user_message import Elapsed, MessageList, UserMessage

CODE, OTHER, TRADES = "B01612A18", "A01612", "H0EUCNT0"
MISSED: Mapping[str, float] = {}
ACTIVE = RegistrationStatus(RegistrationState.ACTIVE, since=100.0)
REFUSED = RegistrationStatus(RegistrationState.REFUSED, "OPSP8992")


def batch(
    status: RegistrationStatus,
    phase: LinkPhase = LinkPhase.LIVE,
    asleep: Mapping[str, Absent] | None = None,
) -> Batch:
    """Return a batch without records that misses nothing new."""
    places = {RegistrationKey(TRADES, CODE): status}
    return Batch((), LinkState(phase), Counters(), places, (), dict(asleep or {}), missed=MISSED)


@pytest.fixture
def book() -> Book:
    made = Book(lambda code: Instrument(code, listed=code != OTHER))
    made.watch([CODE, OTHER])
    return made


def notes(book: Book) -> list[object]:
    return [row.note for row in book.rows]


def test_a_row_follows_its_registration_though_nothing_else_changed(book: Book) -> None:
    for status, asleep, key in (
        (ACTIVE, {}, "row.closed"),
        (REFUSED, {}, "row.refused"),
        (ACTIVE, {}, "row.closed"),
        (ACTIVE, {CODE: Absent.NOT_AT_NIGHT}, "absent.not_at_night"),
    ):
        [row] = book.apply(batch(status, asleep=asleep))
        # What is not known of a code stands behind its refusal.
        first = row.note.parts[0] if isinstance(row.note, MessageList) else row.note
        assert isinstance(first, UserMessage)
        assert (row.code, first.key) == (CODE, key)
    assert book.is_wanted(CODE, Channel.TRADE)
    assert not book.is_wanted(CODE, Channel.BOOK)


def test_a_row_follows_the_connection_though_no_registration_changed(book: Book) -> None:
    keys = []
    for phase in (LinkPhase.LIVE, LinkPhase.BACKOFF, LinkPhase.DEGRADED):
        book.apply(batch(ACTIVE, phase))
        keys.append(book.rows[0].note)
    assert keys == [
        UserMessage("row.closed"),
        UserMessage("row.waiting"),
        UserMessage("row.closed"),
    ]


def test_the_same_batch_again_changes_no_row(book: Book) -> None:
    book.apply(batch(ACTIVE))
    rows = book.rows
    assert book.apply(batch(ACTIVE)) == []
    assert all(one is other for one, other in zip(book.rows, rows, strict=True))


@pytest.mark.parametrize(
    ("now", "note"),
    [
        (159.0, UserMessage("row.no_trade")),
        (160.0, UserMessage("row.silent", span=Elapsed(60))),
        (225.9, UserMessage("row.silent", span=Elapsed(120))),
    ],
)
def test_a_listed_row_is_silent_after_a_minute(book: Book, now: float, note: UserMessage) -> None:
    book.apply(batch(ACTIVE))
    book.tick(now, expired={}, open_since=0.0)
    assert book.rows[0].note == note


def test_an_unlisted_row_is_silent_after_ten_seconds_and_says_that_it_is_unlisted() -> None:
    book = Book(lambda code: Instrument(code), named=True)
    book.watch([CODE])
    book.apply(batch(ACTIVE))
    book.tick(109.9, expired={}, open_since=0.0)
    assert notes(book) == [UserMessage("row.no_trade")]
    book.tick(110.0, expired={}, open_since=0.0)
    silent = UserMessage("row.silent", span=Elapsed(10))
    assert notes(book) == [MessageList((silent, UserMessage("row.unlisted")), " — ")]


@pytest.fixture
def reported() -> Iterator[list[Exception]]:
    found: list[Exception] = []
    listen_to_item_errors(found.append)
    yield found
    stop_listening(found.append)


def test_a_row_that_fails_costs_no_other(
    book: Book, reported: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = book._noted

    def fail(row: object) -> object:
        if getattr(row, "code", "") == CODE:
            raise ValueError("row")
        return replace(noted(row), missed=5.0)  # type: ignore[arg-type]

    monkeypatch.setattr(book, "_noted", fail)
    changed = book.apply(batch(REFUSED))
    assert [str(error) for error in reported] == ["row"]
    assert [row.code for row in changed] == [OTHER]
    assert [row.missed for row in book.rows] == [0.0, 5.0]
