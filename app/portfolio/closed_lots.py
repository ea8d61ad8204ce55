"""Contracts that a trade has closed, and the profit that it realised.

The convention is the average price (이동평균): closing contracts does not change the average of the
others, and the profit is their number times the difference of price and average.  Day is the trade
date, so what is closed in a night session counts to the next day.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from app.portfolio.positions import ClosedLot, Position, Positions, add_lot
from app.system.errors import UsageError

MOST_CLOSED = 1_000
"""Closed lots that are kept; lots of one contract, side and day are merged."""


def trade(held: Position | None, traded: Position, day: date) -> tuple[Position, ClosedLot | None]:
    """Return a position after a trade, at its price, and what the trade closed of it.

    A trade of the other side closes contracts first; what is left of it opens a position at its
    own price.  The position has a quantity of 0 if all of it was closed.
    """
    if held is None:
        return traded, None
    after = add_lot(held, traded)
    if held.quantity * traded.quantity > 0:
        return after, None
    count = min(abs(held.quantity), abs(traded.quantity))
    closed = count if held.quantity > 0 else -count
    return after, ClosedLot(held.code, closed, held.average, traded.average, day)


def with_trade(positions: Positions, traded: Position, day: date) -> Positions:
    """Return positions after a trade at its price; what it closes is among the closed lots.

    Raises:
        UsageError: there are too many positions or closed lots.
    """
    after, lot = trade(positions.get(traded.code), traded, day)
    held = {code: one for code, one in positions.items() if after.quantity or code != after.code}
    if after.quantity:
        held[after.code] = after
    closed = positions.closed if lot is None else with_lot(positions.closed, lot)
    return positions.replace_all(held.values(), closed)


def without_lots(positions: Positions, code: str) -> Positions:
    """Return positions without the closed lots of a contract."""
    closed = tuple(lot for lot in positions.closed if lot.code != code)
    return positions.replace_all(positions.values(), closed)


def with_lot(lots: Iterable[ClosedLot], lot: ClosedLot) -> tuple[ClosedLot, ...]:
    """Return closed lots with another one; it becomes one with the lot of its code, side and day.

    Raises:
        UsageError: there are `MOST_CLOSED` already.
    """
    found = list(lots)
    for at, other in enumerate(found):
        if (other.code, other.day) == (lot.code, lot.day) and other.quantity * lot.quantity > 0:
            found[at] = _merged(other, lot)
            return tuple(found)
    if len(found) >= MOST_CLOSED:
        raise UsageError("closed.too_many", most=MOST_CLOSED)
    return (*found, lot)


def _merged(one: ClosedLot, other: ClosedLot) -> ClosedLot:
    """Return two lots as one, with the averages of their prices by quantity."""
    quantity = one.quantity + other.quantity

    def mean(name: str) -> float:
        total = sum(Decimal(repr(getattr(lot, name))) * lot.quantity for lot in (one, other))
        return float(round(Decimal(total) / quantity, 8))

    return ClosedLot(one.code, quantity, mean("average"), mean("price"), one.day)
