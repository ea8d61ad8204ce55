"""A row as data: the values of a contract under the names of the specs, without formatting.

Differences carry their sign, percentages and implied volatility are in percent, and what is not
known is none.
"""

from collections.abc import Iterable
from math import isfinite, nan
from typing import Any

from app.storage.csv_text import Value, whole
from specs.catalog import CATALOG
from specs.market.ticker import (
    Ticker,
    ask,
    bid,
    expected_price,
    open_interest,
    price,
    signed,
    theoretical_price,
    volatility,
)
from specs.record import TradeRecord
from specs.record_fields import record_fields
from specs.time_of_day import clock_text
from specs.user_message import UserMessage, UserText

_SESSIONS = {entry.spec: entry.session for entry in CATALOG.values()}
_COUNTS = frozenset(
    ("volume", "missed", "open_interest", "bid_size", "ask_size", "expected_volume")
)
_GREEKS = ("delta", "gamma", "vega", "theta", "rho")


def entry(row: Ticker, now: float) -> dict[str, Value]:
    """Return all values of a row at `now` (monotonic seconds)."""
    known, trade = row.instrument, row.trade
    values: dict[str, Any] = {
        "code": row.code,
        "name": known.name,
        "family": known.family,
        "right": known.right,
        "strike": known.strike,
        "expiry": known.expiry and str(known.expiry),
        "session": trade and _SESSIONS[type(trade)],
        "price": price(row) if row.combination is None else row.combination.middle,
        **_change(trade),
        **_quotes(row),
        "volume": getattr(trade, "accumulated_volume", nan),
        "missed": row.missed,
        "open_interest": open_interest(trade) if trade else nan,
        **{greek: _greek(row, greek) for greek in _GREEKS},
        "implied_volatility": _volatility(row),
        "theoretical_price": theoretical_price(row),
        **_expected(row),
        "time": trade and trade.time,
        "age": round(now - row.trade_at, 3) if isfinite(row.trade_at) else nan,
    }
    return {name: _known(name, value) for name, value in values.items()}


def all_fields(row: Ticker) -> dict[str, dict[str, Value]]:
    """Return every field of a row's newest records, by TR and KIS' element name, as KIS sent it."""
    return {
        record.tr_id: {field.element: field.value for field in record.fields}
        for record in record_fields(row)
    }


def flat_fields(row: Ticker) -> dict[str, Value]:
    """Return the same under the names ``TR.ELEMENT``, as the columns of a table."""
    return {
        f"{tr_id}.{element}": value
        for tr_id, fields in all_fields(row).items()
        for element, value in fields.items()
    }


def field_table(rows: Iterable[Ticker]) -> list[list[Value]]:
    """Return a heading and a line for each row with a record; columns of other TRs are blank."""
    lines = [
        {"code": row.code, "name": row.instrument.name, **fields}
        for row in rows
        if (fields := flat_fields(row))
    ]
    columns = list(dict.fromkeys(name for line in lines for name in line))
    return [list(columns), *([line.get(name) for name in columns] for line in lines)]


def _greek(row: Ticker, name: str) -> float:
    """Return a greek that KIS sent, or the sum of a combination's legs."""
    source = row.trade if row.combination is None else row.theoretical
    found: float = getattr(source, name, nan)
    return found


def _volatility(row: Ticker) -> float:
    """Return the volatility that KIS sent, or the mean of a combination's legs."""
    if row.combination is not None and row.theoretical is not None:
        return row.theoretical.volatility
    return volatility(row.option) if row.option else nan


def _change(trade: TradeRecord | None) -> dict[str, float]:
    return {
        name: signed(getattr(trade, name), trade.change_sign) if trade else nan
        for name in ("change", "change_percent")
    }


def _quotes(row: Ticker) -> dict[str, float]:
    """The best quotes and what waits there; no size without a price."""
    best = {"bid": bid(row), "ask": ask(row)}
    source = row.book or row.trade
    sizes = {
        f"{side}_size": getattr(source, f"{side}_size", nan) if isfinite(value) else nan
        for side, value in best.items()
    }
    return best | sizes


def _expected(row: Ticker) -> dict[str, Any]:
    expected = row.expected
    changes = {
        name: signed(getattr(expected, name), expected.expected_change_sign) if expected else nan
        for name in ("expected_change", "expected_change_percent")
    }
    return {
        "expected_price": expected_price(row),
        **changes,
        "expected_volume": getattr(expected, "expected_volume", nan),
        "expected_time": expected and expected.time,
    }


def note(row: Ticker) -> UserText | None:
    """Return why a price is missing, or a remark on the price."""
    if row.asked_at:
        return UserMessage("snapshot.asked", at=clock_text(row.asked_at) or "—")
    is_quoted = row.trade is not None or row.combination is not None
    nothing = None if is_quoted else UserMessage("row.no_trade")
    return row.note or row.badge or nothing


def _known(name: str, value: Any) -> Value:
    missing = value == "" or (isinstance(value, float) and not isfinite(value))
    found: Value = None if missing else whole(value) if name in _COUNTS else value
    return found
