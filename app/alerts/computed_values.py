"""Present values of the quantities of a row: those of its records, and computed ones."""

from math import nan

from app.alerts.alert import Condition
from specs.catalog import Channel
from specs.market.displayed_greeks import displayed_greek
from specs.market.ticker import Ticker, expected_price, price
from specs.record import Record

GREEKS = {"iv": "volatility", **{name: name for name in ("delta", "gamma", "vega", "theta", "rho")}}
"""Quantities that are shown as greeks, by what `displayed_greek` calls them."""


def row_value(row: Ticker, condition: Condition, now: float, since: float) -> float:
    """Return the present value of a condition's quantity; nan if it is unknown or not a row's.

    `now` is monotonic.  Silence counts from the newest record or from `since`, when trading or
    the watch began; infinite outside of trading hours, which have none.
    """
    name, readers = condition.quantity, condition.spec.readers
    if readers:
        for channel in (Channel.BOOK, Channel.TRADE, Channel.EXPECTED):
            record = _records(row)[channel]
            if channel in readers and record is not None:
                return readers[channel](record)
        return nan
    if name in GREEKS:
        return displayed_greek(row, GREEKS[name]).value
    own = row.theoretical.price if row.theoretical is not None else nan
    match name:
        case "theory":
            return own
        case "edge":
            return price(row) - own
        case "expected_edge":
            return expected_price(row) - own
        case "quiet":
            newest = max(row.trade_at, row.book_at, row.expected_at, since)
            return now - newest if newest < now else nan
    return nan


def value_age(row: Ticker, condition: Condition, now: float) -> float:
    """Return the seconds since the arrival of the record that a value is from; inf for none."""
    readers = condition.spec.readers
    if Channel.EXPECTED in readers or condition.quantity == "expected_edge":
        return now - row.expected_at
    if Channel.BOOK in readers and row.book is not None:
        return now - row.book_at
    return now - row.trade_at


def _records(row: Ticker) -> dict[Channel, Record | None]:
    return {
        Channel.TRADE: row.trade,
        Channel.BOOK: row.book,
        Channel.EXPECTED: row.expected,
    }
