"""Which value of an option a cell shows: KIS', or our own theory's.

The two are different quantities: KIS' rest on the spot and on whole days, come with two decimals
and with trades only; our own rest on the forward and live with it.  `auto` shows our own, and KIS'
for an option that our own theory has had no value of in this session.  So a cell changes sides once
a session at most, and all greeks of an option come from one side.
"""

from math import inf, isfinite, nan
from typing import NamedTuple

from specs.codes import Right
from specs.market.theoretical import DAYS_PER_YEAR
from specs.market.ticker import Ticker, volatility

GREEKS = ("delta", "gamma", "vega", "theta", "rho")

LAST_DAYS = 3
"""Days of life below which KIS' values, which count whole days, are not shown in `auto`: those of
the expiry day and of the two days before it."""

DECIMALS = 2
"""Decimals of KIS' greeks on the websocket."""

COARSEST = 0.05
"""Resolution of KIS' greeks, as a share of our own, beyond which they say too little."""

DRIFTED = 5.0
"""Delta points from which KIS' delta has drifted far: 5 contracts in 100."""


class DisplayedGreek(NamedTuple):
    """A value in the units of `specs.market.theoretical`, and whether it is our own."""

    value: float
    is_theoretical: bool


def chosen(row: Ticker, which: str) -> DisplayedGreek:
    """Return the greek or the ``volatility`` that is shown for a row; nan where there is none."""
    ours = theoretical_greek(row, which)
    if row.source == "kis":
        return DisplayedGreek(kis_value(row, which), False)
    if row.source == "own" or isfinite(ours) or _is_ours(row):
        return DisplayedGreek(ours, isfinite(ours))
    kis = kis_value(row, which)
    usable = which == "volatility" or is_plausible(row)
    return DisplayedGreek(kis if usable else nan, False)


def _is_ours(row: Ticker) -> bool:
    """Return whether our own values, though missing now, are not to be replaced by KIS'."""
    own = row.theoretical
    return own is not None and (own.seen or own.wide or own.years < LAST_DAYS / DAYS_PER_YEAR)


def kis_value(row: Ticker, which: str) -> float:
    """Return KIS' greek or the ``volatility``; five greeks of zero are missing values."""
    trade = row.option
    if trade is None:
        return nan
    if which == "volatility":
        return volatility(trade, row.scale)
    told: float = getattr(trade, which)
    return told if any(getattr(trade, name) != 0 for name in GREEKS) else nan


def is_coarse(row: Ticker, which: str) -> bool:
    """Return whether KIS' greek has too few decimals to say what our own does.

    KIS sends two decimals, so a gamma of 0.0067 arrives as 0.01 or 0.00.
    """
    kis, ours = kis_value(row, which), abs(theoretical_greek(row, which))
    return kis == round(kis, DECIMALS) and ours * COARSEST < 10**-DECIMALS


def theoretical_greek(row: Ticker, which: str) -> float:
    """Return our own theory's greek or ``volatility``.

    An option whose quote is too wide has greeks by its neighbours' volatility, but none of its own.
    """
    if which == "volatility" and row.theoretical is not None and row.theoretical.wide:
        return nan
    return getattr(row.theoretical, which, nan)


def is_plausible(row: Ticker) -> bool:
    """Whether KIS' greeks can be those of the option: all there, and of the right signs."""
    delta, gamma, vega, theta, rho = (kis_value(row, which) for which in GREEKS)
    if not (isfinite(theta) and isfinite(rho) and 0 <= gamma < inf and 0 <= vega < inf):
        return False
    return 0 <= delta <= 1 if row.instrument.right is Right.CALL else -1 <= delta <= 0


def drift(row: Ticker) -> float:
    """KIS' delta less our own in delta points, hundredths of a delta; nan without both.

    Delta and not price: KIS' theory need not meet the market even when it is new, and a delta
    point means the same at every strike.
    """
    delta = kis_value(row, "delta")
    return 100 * (delta - theoretical_greek(row, "delta")) if is_plausible(row) else nan


def has_drifted(row: Ticker) -> bool:
    """Whether KIS' delta is far from our own, at the tenth of a point that is shown."""
    return round(abs(drift(row)), 1) >= DRIFTED
