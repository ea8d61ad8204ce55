"""All fields of the newest records of a contract, in wire order, under KIS' element names."""

from collections.abc import Iterator
from typing import NamedTuple

from specs.catalog import CATALOG
from specs.market.dynamic_limits import LIMIT_FIELDS, has_shifted_limits
from specs.market.ticker import Ticker
from specs.record import Record, elements

_TR_IDS = {entry.spec: entry.tr_id for entry in CATALOG.values()}


class FieldValue(NamedTuple):
    """A field: KIS' element name, the program's name, and the value as KIS sent it.

    The value is None if it is missing, or if it may be that of another field.
    """

    element: str
    name: str
    value: float | str | None


class RecordFields(NamedTuple):
    """The fields of one record, the TR that sent it, and when it arrived (monotonic seconds)."""

    tr_id: str
    record: Record
    at: float
    fields: tuple[FieldValue, ...]


def record_fields(row: Ticker) -> Iterator[RecordFields]:
    """Yield the records of a row with their fields: trade, expected execution, order book."""
    for record, at in (
        (row.trade, row.trade_at),
        (row.expected, row.expected_at),
        (row.book, row.book_at),
    ):
        if record is not None:
            yield RecordFields(_TR_IDS[type(record)], record, at, tuple(_fields(record)))


def _fields(record: Record) -> Iterator[FieldValue]:
    spec = type(record)
    shifted = has_shifted_limits(record)
    for element, name in zip(elements(spec), spec.__struct_fields__, strict=True):
        value = getattr(record, name)
        missing = value == "" or value != value or (shifted and name in LIMIT_FIELDS)
        yield FieldValue(element, name, None if missing else value)
