"""The line of an alert that is made from a cell of a board."""

from collections.abc import Callable
from math import isfinite

from app.alerts.alert import Condition, Relation
from app.alerts.alert_parser import parse_alert
from app.alerts.quantities import BY_NAME, EXTREMES
from app.system.errors import KisTuiError

BY_COLUMN = {
    "price": "price", "change": "change", "percent": "change_percent", "spread": "spread",
    "volume": "volume", "volatility": "iv", "delta": "delta", "gamma": "gamma", "vega": "vega",
    "theta": "theta", "rho": "rho", "high": "high", "low": "low", "bid": "bid", "ask": "ask",
    "expected_price": "expected", "expected_change": "expected_change",
    "expected_edge": "expected_edge",
}  # fmt: skip
"""Quantities by the columns that show them."""

_DIGITS = 4
"""Decimals of the value that the line begins with."""


def cell_alert_text(code: str, column: str, value_of: Callable[[Condition], float]) -> str:
    """Return the line of an alert on what a column shows of a code, with its present value.

    A cell that no alert can watch, or without a value, gives the beginning of a line.
    """
    name = BY_COLUMN.get(column)
    if name is None:
        return f"{code} "
    quantity = BY_NAME[name]
    relation = Relation.NEW if name in EXTREMES else Relation.ABOVE
    condition = Condition(code, name, relation, 0.0)
    if relation is Relation.NEW:
        text = f"{code} {quantity.word} new"
    else:
        value = value_of(condition)
        if not isfinite(value):
            return f"{code} {quantity.word} > "
        # Further away than it is: above what is positive, below what is negative.
        sign = Relation.BELOW if value < 0 else Relation.ABOVE
        text = f"{code} {quantity.word} {sign} {round(value, _DIGITS) + 0.0:.12g}"
    try:
        return parse_alert(text).text
    except KisTuiError:
        # Such as the volatility of a future.
        return f"{code} "
