"""The roster: a board's rows and the order they stand in, sorted or as they came."""

from collections.abc import Callable, Iterable

from specs.item_errors import report_item_error
from specs.market.ticker import Ticker

Value = float | str


class RowOrder:
    """Rows by code, in order."""

    def __init__(self) -> None:
        self._rows: dict[str, Ticker] = {}
        self._order: list[str] = []
        self._places: dict[str, int] = {}
        self._value: Callable[[Ticker], Value] | None = None
        self._descending = False

    def __len__(self) -> int:
        return len(self._order)

    def __contains__(self, code: str) -> bool:
        return code in self._rows

    def __getitem__(self, code: str) -> Ticker:
        return self._rows[code]

    @property
    def codes(self) -> list[str]:
        """The codes from top to bottom."""
        return list(self._order)

    def index_of(self, code: str) -> int | None:
        """Where a code stands, counted from 0."""
        return self._places.get(code)

    def code_at(self, place: int) -> str:
        """The code at a place; empty beyond the end."""
        return self._order[place] if 0 <= place < len(self._order) else ""

    def show(self, rows: Iterable[Ticker]) -> None:
        """Hold these rows and no others."""
        self._rows = {row.code: row for row in rows}
        self.arrange()

    def update(self, row: Ticker) -> bool:
        """Take a row that changed; False if it is not held."""
        if row.code not in self._rows:
            return False
        self._rows[row.code] = row
        return True

    def sort_by(self, value: Callable[[Ticker], Value] | None, *, descending: bool) -> None:
        """Order by a value, or as the rows came."""
        self._value, self._descending = value, descending
        self.arrange()

    def arrange(self) -> bool:
        """Put the rows in order; False if they were.  Equal rows keep theirs, missing go last."""
        order = list(self._rows)
        if self._value is not None:
            values = {code: self._value_of(row) for code, row in self._rows.items()}
            there = [code for code in order if values[code] == values[code] and values[code] != ""]
            missing = set(order).difference(there)
            there.sort(key=lambda code: values[code], reverse=self._descending)
            order = there + [code for code in order if code in missing]
        if order == self._order:
            return False
        self._order = order
        self._places = {code: place for place, code in enumerate(order)}
        return True

    def _value_of(self, row: Ticker) -> Value:
        """Return what a row is ordered by; an empty text, which is missing, if that fails."""
        assert self._value is not None
        try:
            return self._value(row)
        except Exception as error:
            report_item_error(error)
            return ""
