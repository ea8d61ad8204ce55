"""Find where each field of a TR can be seen: draw a row twice, with one field changed.

A place shows a field if its text differs.  Places are the columns of the boards by their ids, the
detail of panel 2, the order book, the page of all fields, and what `snapshot` prints.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from msgspec.structs import fields, replace

from app.market.row_export import entry
from specs.catalog import CATALOG, Channel
from specs.codes import Family, Right
from specs.market.instrument import Instrument
from specs.market.ticker import Freshness, Ticker
from specs.record import BookRecord, ExpectedRecord, Record, TradeRecord
from specs.record_fields import record_fields
from specs.trs.index_option_book import IndexOptionBook
from widgets import expected, greeks_panel, ladder_lines, watchlist
from widgets.board_column import BoardColumn
from widgets.field_sheet import field_lines
from widgets.futures_detail import futures_lines
from widgets.greeks_detail import GreeksDetail

Place = Callable[[Ticker], object]
"""Returns what a place shows of a row."""

CODE = "B01612A31"
NOW = 100.0
_TODAY = date(2026, 11, 20)
_BASE: dict[str, float | str] = {
    "code": CODE, "time": "100003", "price": 1000.0, "ask": 1001.0, "bid": 999.0, "open": 998.0,
    "high": 1002.0, "low": 997.0, "dynamic_upper_limit": 1100.0, "dynamic_lower_limit": 900.0,
    "dynamic_limit_flag": "2", "theoretical_price": 1000.5, "market_basis": 8.0, "delta": 0.5,
    "gamma": 0.01, "vega": 1.0, "theta": -1.0, "rho": 0.2, "market_operation_code": "112",
    "expected_price": 1000.0,
}  # fmt: skip
"""Values that belong together; other fields have the number of their place in the TR."""


def seen_at(tr_id: str) -> dict[str, list[str]]:
    """Return the names of the places that show each field of a TR, by KIS' element name."""
    base = _record(tr_id)
    places = dict(_places(tr_id))
    before = {name: draw(_row(tr_id, base)) for name, draw in places.items()}
    found = {}
    for field in fields(type(base)):
        changed = _row(tr_id, _changed(base, field.name))
        found[field.encode_name] = [
            name for name, draw in places.items() if draw(changed) != before[name]
        ]
    return found


def _record(tr_id: str) -> Record:
    values = {
        field.name: _BASE.get(field.name, _usual(field.name, place))
        for place, field in enumerate(fields(CATALOG[tr_id].spec), 1)
    }
    return CATALOG[tr_id].spec(**values)


def _usual(name: str, place: int) -> float | str:
    if name.endswith("sign"):
        return "2"
    if name.endswith("time"):
        return "093000"
    # The levels of a book have prices of their own.
    return float(place)


def _changed(record: Record, name: str) -> Record:
    """Return the record with another value in one field."""
    value = getattr(record, name)
    texts = {"2": "5", "112": "129", "100003": "100103", "093000": "093111", CODE: "C01612A31"}
    other = texts[value] if isinstance(value, str) else value + max(1.0, abs(value) * 0.04)
    return replace(record, **{name: "1" if name.endswith("flag") else other})


def _instrument(family: Family) -> Instrument:
    is_option = family in (Family.INDEX_OPTION, Family.STOCK_OPTION)
    return Instrument(
        CODE,
        "C 202612 1,075.0",
        family,
        Right.CALL if is_option else None,
        strike=980.0,
        expiry=date(2026, 12, 10),
        ticks=((0, 0.05),),
    )


def _row(tr_id: str, record: Record) -> Ticker:
    """Return a row with one record; a trade also has a book, which shows its price and limits."""
    row = Ticker(_instrument(CATALOG[tr_id].family), source="kis")
    if isinstance(record, TradeRecord):
        return replace(row, trade=record, trade_at=NOW)
    if isinstance(record, ExpectedRecord):
        return replace(row, expected=record, expected_at=NOW)
    assert isinstance(record, BookRecord)
    return replace(row, book=record, book_at=NOW)


def _places(tr_id: str) -> Iterator[tuple[str, Place]]:
    """Yield the places that can show a TR, each with what it shows of a row."""
    channel, family = CATALOG[tr_id].channel, CATALOG[tr_id].family
    yield "fields", lambda row: field_lines(row, list(record_fields(row)), 80, NOW, live=True)
    yield "snapshot", lambda row: entry(row, NOW)
    if channel is Channel.EXPECTED:
        yield from _columns("expected", expected.COLUMNS)
        return
    yield from _columns("watchlist", watchlist.COLUMNS)
    yield "book", _book_lines
    if channel is Channel.BOOK:
        return
    if family in (Family.INDEX_OPTION, Family.STOCK_OPTION):
        yield from _columns("greeks", greeks_panel.COLUMNS)
        detail = GreeksDetail()
        yield "detail", lambda row: detail.lines(row, _TODAY, NOW, {}, "")
    else:
        yield "detail", lambda row: futures_lines(row, 80, NOW)


def _columns(board: str, columns: tuple[BoardColumn, ...]) -> Iterator[tuple[str, Place]]:
    for column in columns:
        if column.rank < 99:
            yield f"{board}.{column.id}", partial(_drawn_cell, column)


def _drawn_cell(column: BoardColumn, row: Ticker) -> object:
    return column.cell(row, Freshness.FRESH)


def _book_lines(row: Ticker) -> object:
    book = row.book or IndexOptionBook(CODE, "100003", ask=1000.5, bid=1000.0)
    return ladder_lines.lines(row, book, (80, 40), NOW, live=True)
