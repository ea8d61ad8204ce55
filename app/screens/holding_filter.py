"""The filter of the table of positions; sums, curve and grid stay those of all positions."""

from collections.abc import Callable, Sequence

from app.screens.board_filters import SEPARATOR
from app.screens.row_filters import ask_filter, column_names, holding_names
from app.screens.textual_compat import SafeApp
from specs.market.holding import Holding
from widgets.texts import t


def _exposure(name: str) -> Callable[[Holding], float]:
    return lambda held: getattr(held.exposure, name)


_COLUMNS: tuple[tuple[str, Callable[[Holding], float]], ...] = (
    ("quantity", lambda held: held.quantity),
    ("average", lambda held: held.average),
    ("price", lambda held: held.price),
    *((name, _exposure(name)) for name in ("profit", "futures", "delta", "delta_won")),
    *((name, _exposure(name)) for name in ("gamma", "theta", "vega")),
)
"""The values that can be compared, by the ids of their columns; amounts in won."""


class HoldingFilter:
    """Filters positions by an expression; `changed` is called when one was chosen or cleared."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._names = holding_names(_COLUMNS)
        self._matches: Callable[[Holding], bool] | None = None
        self._cleared = ""
        self.text = ""
        """The expression, as it was typed; empty without one."""

    def shown(self, holdings: Sequence[Holding]) -> Sequence[Holding]:
        """Return the positions that match; all of them without a filter."""
        if self._matches is None:
            return holdings
        return tuple(filter(self._matches, holdings))

    def mark(self, shown: int, total: int) -> str:
        """Return the filter and how many positions it shows, for a title; empty without one."""
        if not self.text:
            return ""
        return SEPARATOR + t("filter.mark", text=self.text, shown=shown, total=total)

    def ask(self, app: SafeApp, rows: Callable[[], Sequence[Holding]]) -> None:
        """Ask for an expression; what was cleared last is offered again."""
        hints = [column_names(name, "positions.column_")[0] for name, _ in _COLUMNS]
        ask_filter(app, self._names, hints, self.text or self._cleared, rows, self._choose)

    def clear(self) -> bool:
        """Show all positions again; return False if they were shown."""
        if not self.text:
            return False
        self._cleared = self.text
        self._choose("", None)
        return True

    def _choose(self, text: str, matches: Callable[[Holding], bool] | None) -> None:
        self.text, self._matches = text, matches
        self._changed()
