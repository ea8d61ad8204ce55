"""Price, volatility and delta of each watched contract over a session, in bounded memory.

One point each ten seconds by the one clock: 4,320 in twelve hours, twelve bytes a contract each.
"""

from array import array
from collections.abc import Iterable, Sequence
from datetime import date
from math import isfinite, nan

from specs.market.displayed_greeks import displayed_greek
from specs.market.ticker import Ticker, price

EVERY = 10.0
"""Seconds between two points."""

MOST = 4_320
"""Points of a contract that are kept at least, twelve hours; what is older goes by eighths."""

PATHS = ("price", "volatility", "delta")
_NOTHING = array("f")


class History:
    """The paths of contracts by code; the last point of each is of the same moment."""

    def __init__(self) -> None:
        self._paths: dict[str, tuple[array[float], ...]] = {}
        self._due: float | None = None
        self._trade_date: date | None = None

    def path(self, code: str, which: str) -> Sequence[float]:
        """The points of a contract, oldest first; nan where nothing was known."""
        return self._paths[code][PATHS.index(which)] if code in self._paths else _NOTHING

    def clear(self) -> None:
        """Discard all points."""
        self._paths.clear()
        self._due = None

    def sample(self, rows: Iterable[Ticker], now: float, trade_date: date) -> bool:
        """Append a point if one is due, and return whether it was.

        `now` is in monotonic seconds.  All points are discarded at a new trade date, and after a
        jump of the clock backwards or far forwards.  Missed points are nan.
        """
        due = now if self._due is None else self._due
        missed = int((now - due) / EVERY)
        if trade_date != self._trade_date or now < due - EVERY or missed >= MOST:
            self.clear()
            self._trade_date, due, missed = trade_date, now, 0
        if now < due:
            return False
        self._due = due + (missed + 1) * EVERY
        before, self._paths = self._paths, {}
        for row in rows:
            paths = before.get(row.code) or tuple(array("f") for _ in PATHS)
            self._paths[row.code] = paths
            values = (
                price(row),
                displayed_greek(row, "volatility").value,
                displayed_greek(row, "delta").value,
            )
            for path, value in zip(paths, values, strict=True):
                _append(path, value, missed)
        return True


def _append(path: "array[float]", value: float, missed: int) -> None:
    if not path and not isfinite(value):
        return
    if path and missed:
        path.extend([nan] * missed)
    path.append(value)
    if len(path) >= MOST + MOST // 8:
        del path[: len(path) - MOST]
