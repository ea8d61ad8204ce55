"""Order books of all TRs in the one shape that the screen draws."""

import csv
from math import isnan
from pathlib import Path

import pytest
from msgspec.structs import fields

from specs.catalog import CATALOG, Channel
from specs.frame import decode
from specs.market.depth import Level, depth
from specs.record import BookRecord

FRAMES = Path(__file__).parents[1] / "data" / "frames.tsv"
BOOKS = sorted(entry.tr_id for entry in CATALOG.values() if entry.channel is Channel.BOOK)


def captured(name: str) -> BookRecord:
    with FRAMES.open(encoding="utf-8") as file:
        [raw] = [
            row["frame"] for row in csv.DictReader(file, delimiter="\t") if row["name"] == name
        ]
    record = decode(raw).records[0]
    assert isinstance(record, BookRecord)
    return record


def numbered(tr_id: str) -> BookRecord:
    """A book in which every number is its own position on the wire."""
    spec = CATALOG[tr_id].spec
    values = [str(place) for place in range(1, len(fields(spec)) + 1)]
    body = "^".join(["B01612A18", "190159", *values[2:]])
    record = decode(f"0|{tr_id}|001|{body}").records[0]
    assert isinstance(record, BookRecord)
    return record


def test_the_portal_example_of_a_night_option_reads_as_its_book() -> None:
    book = depth(captured("night-option-book-2024"))
    assert book.level_count == 5
    assert book.asks.levels == (Level(2.98, 1, 0), Level(2.99, 3, 0), Level(3.0, 12, 0))
    assert book.bids.levels == (Level(2.97, 9, 0), Level(2.96, 21, 0), Level(2.95, 16, 0))
    assert (book.asks.size, book.bids.size) == (16, 46)
    assert book.imbalance == pytest.approx(46 / 62)


def test_a_frame_with_appended_fields_and_blanks_loses_nothing_of_its_levels() -> None:
    book = depth(captured("night-future-book-2024"))
    assert [level.price for level in book.asks.levels] == [367.35, 367.40, 367.45]
    assert [level.size for level in book.bids.levels] == [2, 28, 20]
    assert isnan(book.asks.size_change)


def test_a_book_without_anybody_has_no_imbalance() -> None:
    spec = CATALOG["H0EUASP0"].spec
    empty = spec(code="B01612A18", time="030000")
    assert isinstance(empty, BookRecord)
    book = depth(empty)
    assert book.asks.levels == book.bids.levels == ()
    assert isnan(book.imbalance)


@pytest.mark.parametrize("tr_id", BOOKS)
def test_every_level_takes_price_count_and_size_from_its_own_place(tr_id: str) -> None:
    book, record = depth(numbered(tr_id)), numbered(tr_id)
    names = {field.encode_name: place for place, field in enumerate(fields(type(record)), 1)}
    prefix = next((p for p in ("OPTN_", "FUTS_") if f"{p}ASKP1" in names), "")
    assert len(book.asks.levels) == len(book.bids.levels) == book.level_count
    for side, element in ((book.asks, "ASKP"), (book.bids, "BIDP")):
        for nth, level in enumerate(side.levels, 1):
            assert level.price == names[f"{prefix}{element}{nth}"]
            assert level.count == names[f"{element}_CSNU{nth}"]
            assert level.size == names[f"{element}_RSQN{nth}"]
        assert side.size == names[f"TOTAL_{element}_RSQN"]
        assert side.count == names[f"TOTAL_{element}_CSNU"]
        assert side.size_change == names[f"TOTAL_{element}_RSQN_ICDC"]


def test_index_products_have_five_levels_and_stocks_ten() -> None:
    found = {tr_id: depth(numbered(tr_id)).level_count for tr_id in BOOKS}
    assert {tr_id for tr_id, places in found.items() if places == 10} == {"H0ZFASP0", "H0ZOASP0"}
    assert set(found.values()) == {5, 10}
