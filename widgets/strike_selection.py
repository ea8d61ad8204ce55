"""The strikes of a chain that a filter leaves, and the values from which a strike is drawn."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from specs.market.instrument import Strike
from specs.market.ticker import RowAge, Ticker


class StrikeSource(NamedTuple):
    """The values from which a strike's strip was drawn."""

    rows: tuple[Ticker | None, Ticker | None]
    ages: tuple[RowAge, RowAge]
    inside: tuple[bool, bool]
    cursor: str
    marked: bool
    live: bool
    unmatched: tuple[bool, bool] = (False, False)


class StrikeSelection:
    """All strikes of a chain, and those that are shown."""

    def __init__(self, row: Callable[[str], Ticker | None]) -> None:
        """`row` returns the ticker of a code, or None."""
        self._row = row
        self._matches: Callable[[Ticker], bool] | None = None
        self.text = ""
        """The expression that filters the strikes, as it was typed; empty without one."""
        self.all: tuple[Strike, ...] = ()
        self.shown: tuple[Strike, ...] = ()
        self._unmatched: dict[Strike, tuple[bool, bool]] = {}

    def replace(self, strikes: Sequence[Strike]) -> None:
        """Select among other strikes."""
        self.all = tuple(strikes)
        self.update()

    def filter_by(self, text: str, matches: Callable[[Ticker], bool] | None) -> None:
        """Select the strikes of which a contract matches, or with None all of them."""
        self.text, self._matches = text, matches

    def update(self) -> bool:
        """Select anew and return whether other strikes are shown."""
        before = self.shown
        matched = {} if self._matches is None else {one: self._sides(one) for one in self.all}
        self.shown = tuple(one for one in self.all if any(matched.get(one, (True,))))
        self._unmatched = {one: (not call, not put) for one, (call, put) in matched.items()}
        return self.shown != before

    def unmatched(self, strike: Strike) -> tuple[bool, bool]:
        """Return whether call and put of a strike do not match, as of the last `update`."""
        return self._unmatched.get(strike, (False, False))

    def shown_index(self, place: int | None) -> int | None:
        """Return where a strike is shown from its index among all; None if it is not."""
        if place is None or self._matches is None:
            return place
        strike = self.all[place] if place < len(self.all) else None
        return self.shown.index(strike) if strike in self.shown else None

    def _sides(self, strike: Strike) -> tuple[bool, bool]:
        call, put = map(self._is_match, strike.codes)
        return call, put

    def _is_match(self, code: str) -> bool:
        row = self._row(code) if code else None
        return row is not None and self._matches is not None and self._matches(row)
