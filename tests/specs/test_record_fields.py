"""All fields of a row's records, against the table of the portal's fields."""

import csv
from pathlib import Path

import pytest
from msgspec.structs import replace

from specs.catalog import CATALOG, Channel
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.record import Record
from specs.record_fields import record_fields
from specs.trs.index_futures_trade import IndexFuturesTrade
from specs.trs.night_option_book import NightOptionBook
from specs.trs.night_option_expected import NightOptionExpected
from specs.trs.night_option_trade import NightOptionTrade

TABLE = Path(__file__).parents[1] / "data" / "fields.tsv"
_SLOTS = {Channel.TRADE: "trade", Channel.BOOK: "book", Channel.EXPECTED: "expected"}


def documented(tr_id: str) -> list[tuple[str, str]]:
    """Return KIS' element name and the program's name of each field of a TR, in wire order."""
    with TABLE.open(encoding="utf-8") as lines:
        found = [row for row in csv.DictReader(lines, delimiter="\t") if row["tr_id"] == tr_id]
    return [(row["element"], row["english"]) for row in found]


def of(record: Record, slot: str) -> Ticker:
    return replace(Ticker(Instrument("A01612")), **{slot: record, f"{slot}_at": 5.0})


@pytest.mark.parametrize("tr_id", CATALOG)
def test_record_fields_names_every_documented_field_in_wire_order(tr_id: str) -> None:
    entry = CATALOG[tr_id]
    (found,) = record_fields(of(entry.spec(), _SLOTS[entry.channel]))
    assert (found.tr_id, found.at) == (tr_id, 5.0)
    assert [(field.element, field.name) for field in found.fields] == documented(tr_id)
    assert {field.value for field in found.fields} == {None}


def test_record_fields_gives_the_values_as_sent() -> None:
    record = NightOptionExpected("B01612A31", "175000", 24.0, -1.5, "5", -5.88, "311", 12.0)
    (found,) = record_fields(of(record, "expected"))
    assert [field.value for field in found.fields] == [
        *("B01612A31", "175000", 24.0, -1.5, "5", -5.88, "311", 12.0)
    ]


def test_record_fields_come_in_the_order_trade_expected_book() -> None:
    row = Ticker(
        Instrument("B01612A31"),
        NightOptionTrade("B01612A31"),
        expected=NightOptionExpected("B01612A31"),
        book=NightOptionBook("B01612A31"),
    )
    assert [one.tr_id for one in record_fields(row)] == ["H0EUCNT0", "H0EUANC0", "H0EUASP0"]
    assert list(record_fields(Ticker(Instrument("B01612A31")))) == []


@pytest.mark.parametrize(
    ("flag", "shown"), [("2", (1091.1, 1069.5, "2")), ("1069.50", (None, None, None))]
)
def test_limits_beside_a_flag_that_is_a_price_are_missing(
    flag: str, shown: tuple[float | str | None, ...]
) -> None:
    """Source: the order of the three differs between H0EUCNT0 and the other TRs."""
    trade = IndexFuturesTrade(
        dynamic_upper_limit=1091.1, dynamic_lower_limit=1069.5, dynamic_limit_flag=flag
    )
    (found,) = record_fields(of(trade, "trade"))
    assert tuple(field.value for field in found.fields[-3:]) == shown
