"""Record structs to the text of a data frame, in the specs' own field order.

Index products and stock options have two decimals, stock futures none; counts are whole numbers.
Greeks have two decimals too: a gamma of 0.007 comes as 0.01.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from math import copysign, isnan

from msgspec.structs import fields

from specs.catalog import CATALOG
from specs.codes import Family
from specs.record import Quantity, Record

_WHOLE = frozenset(
    (
        "open_interest_change",
        "open_interest_last_change",
        "net_buy_trade_count",
        "total_ask_size_change",
        "total_bid_size_change",
    )
)
_RATIOS = frozenset(
    (
        "change_percent",
        "expected_change_percent",
        "disparity_percent",
        "buy_ratio",
        "trade_strength",
        "volume_change_percent",
        "implied_volatility",
        "historical_volatility",
        "average_volatility",
    )
)


def encode_record(tr_id: str, values: Mapping[str, str | float], appended: int = 0) -> str:
    """One record of a TR; fields that `values` lacks are 0, `appended` undocumented ones follow."""
    get = values.get
    parts = [_text(get(name, 0.0), form, zero) for name, form, zero in _formats(tr_id)]
    return "^".join(parts) + "^0" * appended


def encode(tr_id: str, record: Record) -> str:
    """A record struct as KIS writes it."""
    return "^".join(
        _text(getattr(record, name), form, zero) for name, form, zero in _formats(tr_id)
    )


def _text(value: str | float, form: str, zero: str) -> str:
    if isinstance(value, str):
        return value
    if not value:
        return zero
    if isnan(value):
        return "-nan" if copysign(1.0, value) < 0 else "nan"
    written = form % value
    # Rounding leaves a minus on zero, which no frame of KIS has.
    return zero if written[0] == "-" and float(written) == 0 else written


def frame(tr_id: str, bodies: Iterable[str]) -> str:
    """A data frame of records of one TR."""
    joined = list(bodies)
    return f"0|{tr_id}|{len(joined):03}|{'^'.join(joined)}"


@cache
def _formats(tr_id: str) -> tuple[tuple[str, str, str], ...]:
    """Return each field's name, number format and zero."""
    entry = CATALOG[tr_id]
    whole = entry.family is Family.STOCK_FUTURES
    found = []
    for field in fields(entry.spec):
        name = field.name
        if name in _RATIOS:
            decimals = 2
        elif name in _WHOLE or field.type == Quantity:
            decimals = 0
        else:
            decimals = 0 if whole else 2
        found.append((name, f"%.{decimals}f", f"{0:.{decimals}f}"))
    return tuple(found)
