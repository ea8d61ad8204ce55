"""Which value of an option a cell shows: KIS', or our own theory's.

`auto` shows what KIS says while its trade is fresh and the values can be true, else our own, and
where we have none what KIS said last.  The greeks come from one side, so that they belong
together; volatility is chosen by itself, for KIS sends it where its greeks are nan.
"""

from math import inf, isfinite, nan
from typing import NamedTuple

from specs.codes import Right
from widgets.row import Row, volatility

GREEKS = ("delta", "gamma", "vega", "theta", "rho")

DRIFTED = 5.0
"""Delta points from which KIS' delta has drifted far: 5 contracts in 100."""


class Chosen(NamedTuple):
    """A value in the units of `widgets.own`, and whether it is our own."""

    value: float
    own: bool


def chosen(row: Row, which: str) -> Chosen:
    """A greek or the ``volatility`` that is shown for a row; nan where there is none."""
    kis, ours = kis_value(row, which), own_value(row, which)
    own = Chosen(ours, isfinite(ours))
    if row.source == "own":
        return own
    if row.source == "kis" or not own.own:
        return Chosen(kis, False)
    good = kis > 0 if which == "volatility" else is_plausible(row)
    return Chosen(kis, False) if good and not row.stale else own


def kis_value(row: Row, which: str) -> float:
    """What KIS says of a greek or the ``volatility``; five greeks of zero are missing values."""
    trade = row.option
    if trade is None:
        return nan
    if which == "volatility":
        return volatility(trade, row.scale)
    told: float = getattr(trade, which)
    return told if any(getattr(trade, name) != 0 for name in GREEKS) else nan


def own_value(row: Row, which: str) -> float:
    """What our own theory says of a greek or the ``volatility``."""
    return getattr(row.own, which, nan)


def is_plausible(row: Row) -> bool:
    """Whether KIS' greeks can be those of the option: all there, and of the right signs."""
    delta, gamma, vega, theta, rho = (kis_value(row, which) for which in GREEKS)
    if not (isfinite(theta) and isfinite(rho) and 0 <= gamma < inf and 0 <= vega < inf):
        return False
    return 0 <= delta <= 1 if row.instrument.right is Right.CALL else -1 <= delta <= 0


def drift(row: Row) -> float:
    """KIS' delta less our own in delta points, hundredths of a delta; nan without both.

    Delta and not price: KIS' theory need not meet the market even when it is new, and a delta
    point means the same at every strike.
    """
    delta = kis_value(row, "delta")
    return 100 * (delta - own_value(row, "delta")) if is_plausible(row) else nan


def has_drifted(row: Row) -> bool:
    """Whether KIS' delta is far from our own."""
    return abs(drift(row)) >= DRIFTED
