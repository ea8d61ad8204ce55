"""Lots of a contract made into one position, as an account of futures and options nets them."""

from collections.abc import Iterable
from decimal import Decimal

from app.portfolio.positions import Position


def merge_lots(lots: Iterable[Position]) -> tuple[Position, ...]:
    """Return one position per code, in the order of the codes' first lots.

    Lots of one side share the average price weighted by quantity.  A lot of the other side closes
    contracts at no change of the average, and opens a position at its own price with what is left
    of it.  A code that nets to 0 is left out.
    """
    merged: dict[str, Position] = {}
    for lot in lots:
        before = merged.get(lot.code)
        merged[lot.code] = lot if before is None else _add(before, lot)
    return tuple(position for position in merged.values() if position.quantity)


def _add(before: Position, lot: Position) -> Position:
    quantity = before.quantity + lot.quantity
    if before.quantity * lot.quantity > 0:
        cost = Decimal(repr(before.average)) * before.quantity
        cost += Decimal(repr(lot.average)) * lot.quantity
        return Position(lot.code, quantity, float(round(cost / quantity, 8)))
    larger = before if abs(before.quantity) >= abs(lot.quantity) else lot
    return Position(lot.code, quantity, larger.average)
