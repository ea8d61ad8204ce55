"""The contracts that a trader holds: quantity and average price by code, as typed or imported."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from math import isfinite

from msgspec import Struct

from app.system.errors import UsageError
from specs.clean import clean
from specs.codes import is_spread
from specs.user_message import UserMessage

MOST_POSITIONS = 100
MOST_CONTRACTS = 1_000_000
HIGHEST_PRICE = 100_000_000.0
LONGEST_UNDO = 50

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<rest>\.[0-9]+)?"
)
# Full-width forms; NFKC would make 22 of 2² as well.
_PLAIN = {0x3000: " ", 0x2212: "-", 0x2013: "-"} | {n + 0xFEE0: chr(n) for n in range(0x21, 0x7F)}


class Position(Struct, frozen=True, gc=False):
    """Contracts of one code: long above 0, short below, at an average price in its own points."""

    code: str
    quantity: int
    average: float


class ClosedLot(Struct, frozen=True, gc=False):
    """Contracts that were held, long above 0, short below, at an average, and closed at a price."""

    code: str
    quantity: int
    average: float
    price: float
    day: date

    @property
    def points(self) -> float:
        """The profit in points or won per unit of the contract."""
        return self.quantity * (self.price - self.average)


Earlier = tuple[tuple[Position, ...], tuple[ClosedLot, ...]]
"""Positions and closed lots before a change."""


class Positions(Mapping[str, Position]):
    """Positions by code, in the order they were taken up; a change makes another object.

    `closed` are the lots that trades have closed.  Each object knows what it was made from, up to
    `LONGEST_UNDO` steps back.
    """

    __slots__ = ("_held", "_past", "closed")

    def __init__(
        self,
        held: Iterable[Position] = (),
        past: tuple[Earlier, ...] = (),
        closed: tuple[ClosedLot, ...] = (),
    ) -> None:
        self._held = {position.code: position for position in held}
        self._past = past[-LONGEST_UNDO:]
        self.closed = closed

    def __getitem__(self, code: str) -> Position:
        return self._held[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def with_position(self, position: Position) -> "Positions":
        """With this position, in the place of the one of its code if there is one.

        Raises:
            UsageError: there are `MOST_POSITIONS` already.
        """
        return self.replace_all({**self._held, position.code: position}.values())

    def drop(self, code: str) -> "Positions":
        """Without a code's position."""
        return self.replace_all(held for held in self.values() if held.code != code)

    def replace_all(
        self, held: Iterable[Position], closed: tuple[ClosedLot, ...] | None = None
    ) -> "Positions":
        """These positions instead of all; None for the closed lots of before.

        Raises:
            UsageError: there are more than `MOST_POSITIONS`.
        """
        before = tuple(self.values())
        following = tuple(held)
        lots = self.closed if closed is None else closed
        if len(following) > MOST_POSITIONS:
            raise UsageError("positions.too_many", count=len(following), most=MOST_POSITIONS)
        if (following, lots) == (before, self.closed):
            return self
        return Positions(following, (*self._past, (before, self.closed)), lots)

    def undone(self) -> "Positions | None":
        """Return the positions before the last change, or None if there was no change."""
        if not self._past:
            return None
        held, closed = self._past[-1]
        return Positions(held, self._past[:-1], closed)


def read_quantity(text: str) -> int:
    """Read a signed number of contracts as people write it: -2, +10, 1,200, (3).

    Raises:
        UsageError: it is not a whole number, is 0, or is beyond `MOST_CONTRACTS`.
    """
    return check_quantity(_number(text, "positions.bad_quantity"), text)


def read_number(text: str, shown: str) -> float:
    """Read a number of contracts that may be 0; `shown` is what a message shows of it.

    Raises:
        UsageError: it is not a number.
    """
    try:
        return _number(text, "positions.bad_quantity")
    except UsageError:
        raise UsageError("positions.bad_quantity", text=clean(shown.strip(), 24)) from None


def read_average(text: str, code: str) -> float:
    """Read an average price; only a spread may have one below 0.

    Raises:
        UsageError: it is not a number, or not a possible price of this code.
    """
    return check_average(_number(text, "positions.bad_average"), code, text)


def written(average: float) -> str:
    """Return an average price as plain digits that read back as the same number."""
    return f"{Decimal(repr(average)):f}".removesuffix(".0")


def check_quantity(value: float, text: str | UserMessage) -> int:
    """Return a valid quantity of a position; `text` is the quantity as it was typed.

    Raises:
        UsageError: a position cannot have it.
    """
    if abs(value) > MOST_CONTRACTS:
        most = f"{MOST_CONTRACTS:,}"
        raise UsageError("positions.large_quantity", text=_shown(text), most=most)
    if value != value or value != int(value):
        raise UsageError("positions.bad_quantity", text=_shown(text))
    if value == 0:
        raise UsageError("positions.nought")
    return int(value)


def check_average(value: float, code: str, text: str | UserMessage) -> float:
    """The average price, if a position of this code may have it; `text` is how it was written.

    Raises:
        UsageError: it may not.
    """
    if not isfinite(value) or abs(value) > HIGHEST_PRICE:
        raise UsageError("positions.bad_average", text=_shown(text))
    if value < 0 and not is_spread(code):
        raise UsageError("positions.negative_average", text=_shown(text))
    return float(value)


def _shown(text: str | UserMessage) -> str | UserMessage:
    return clean(text, 24) if isinstance(text, str) else text


def _number(text: str, problem: str) -> float:
    """A number with or without thousands separators; brackets make it negative, as in ledgers."""
    plain = text.translate(_PLAIN).strip()
    bracketed = plain.startswith("(") and plain.endswith(")")
    found = _NUMBER.fullmatch(plain[1:-1] if bracketed else plain)
    if found is None or (bracketed and found["sign"]):
        raise UsageError(problem, text=clean(text.strip(), 24))
    value = float(found["whole"].replace(",", "") + (found["rest"] or ""))
    return -value if bracketed or found["sign"] == "-" else value


def merge_lots(lots: Iterable[Position]) -> tuple[Position, ...]:
    """Return one position per code, in the order of the codes' first lots.

    Lots of one side share the average price weighted by quantity.  A lot of the other side closes
    contracts at no change of the average, and opens a position at its own price with what is left
    of it.  A code that nets to 0 is left out.
    """
    merged: dict[str, Position] = {}
    for lot in lots:
        before = merged.get(lot.code)
        merged[lot.code] = lot if before is None else add_lot(before, lot)
    return tuple(position for position in merged.values() if position.quantity)


def add_lot(before: Position, lot: Position) -> Position:
    """Return a position with another lot of its contract, as `merge_lots` adds them up."""
    quantity = before.quantity + lot.quantity
    if before.quantity * lot.quantity > 0:
        cost = Decimal(repr(before.average)) * before.quantity
        cost += Decimal(repr(lot.average)) * lot.quantity
        return Position(lot.code, quantity, float(round(cost / quantity, 8)))
    larger = before if abs(before.quantity) >= abs(lot.quantity) else lot
    return Position(lot.code, quantity, larger.average)
