"""Positions that are assumed beside those that are held, for this run.

Those that are saved under a name are in `app.portfolio.what_if_sets`.
"""

from msgspec.structs import replace

from app.portfolio.positions import Position, Positions


class WhatIf:
    """Assumed positions, and whether sums, grid and payoff chart count them."""

    def __init__(self) -> None:
        self.legs = Positions()
        self.is_counted = True
        self._changes: list[Positions] = []
        """The held positions at the time of each change, for one order of all undoing."""

    def change(self, legs: Positions, held: Positions) -> None:
        """Replace the assumed positions; `held` are those held now."""
        if legs is not self.legs:
            self.legs = legs
            self._changes.append(held)

    def add_contracts(self, code: str, count: int, average: float, held: Positions) -> None:
        """Add contracts to an assumed position, below 0 short ones; a new one is at `average`.

        A position that would have no contracts goes on to the next number.

        Raises:
            UsageError: there are too many positions.
        """
        leg = self.legs.get(code)
        if leg is None:
            self.change(self.legs.with_position(Position(code, count, average)), held)
            return
        quantity = leg.quantity + count or count
        self.change(self.legs.with_position(replace(leg, quantity=quantity)), held)

    def undo(self, held: Positions) -> bool:
        """Undo the last change; return False if the held positions were changed after it."""
        before = self.legs.undone()
        if before is None or not self._changes or self._changes[-1] != held:
            return False
        self.legs = before
        self._changes.pop()
        return True
