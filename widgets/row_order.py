"""A board's rows in order: sorted by a value, or as they were inserted, and those that match."""

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
        self._all: list[str] = []
        self._matches: Callable[[Ticker], bool] | None = None
        self.is_stale = False
        """Whether a row that was updated has to come or go."""
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

    @property
    def all_codes(self) -> list[str]:
        """The codes of all rows in order, shown or not."""
        return list(self._all)

    def index_of(self, code: str) -> int | None:
        """Return the index of a code, or None if it is not held."""
        return self._places.get(code)

    def code_at(self, place: int) -> str:
        """Return the code at an index; empty beyond the end."""
        return self._order[place] if 0 <= place < len(self._order) else ""

    def show(self, rows: Iterable[Ticker]) -> None:
        """Replace all rows."""
        self._rows = {row.code: row for row in rows}
        self.arrange()

    def update(self, row: Ticker) -> bool:
        """Replace a row; return False if its code is not held."""
        if row.code not in self._rows:
            return False
        self._rows[row.code] = row
        if self._matches is not None and self._is_match(row) is not (row.code in self._places):
            self.is_stale = True
        return True

    def sort_by(self, value: Callable[[Ticker], Value] | None, *, descending: bool) -> None:
        """Sort by a value, or by insertion if it is None."""
        self._value, self._descending = value, descending
        self.arrange()

    def filter_by(self, matches: Callable[[Ticker], bool] | None) -> None:
        """Show the rows that match, or with None all of them."""
        self._matches = matches
        self.arrange()

    def arrange(self) -> bool:
        """Sort the rows, stably and with missing values last; return whether the order changed.

        Rows that do not match are left out.
        """
        self.is_stale = False
        order = list(self._rows)
        if self._value is not None:
            values = {code: self._value_of(row) for code, row in self._rows.items()}
            there = [code for code in order if values[code] == values[code] and values[code] != ""]
            missing = set(order).difference(there)
            there.sort(key=lambda code: values[code], reverse=self._descending)
            order = there + [code for code in order if code in missing]
        self._all = order
        if self._matches is not None:
            order = [code for code in order if self._is_match(self._rows[code])]
        if order == self._order:
            return False
        self._order = order
        self._places = {code: place for place, code in enumerate(order)}
        return True

    def _is_match(self, row: Ticker) -> bool:
        """Return whether a row is to be shown; it is on an error."""
        assert self._matches is not None
        try:
            return self._matches(row)
        except Exception as error:
            report_item_error(error)
            return True

    def _value_of(self, row: Ticker) -> Value:
        """Return the sort value of a row; an empty text, which counts as missing, on an error."""
        assert self._value is not None
        try:
            return self._value(row)
        except Exception as error:
            report_item_error(error)
            return ""
