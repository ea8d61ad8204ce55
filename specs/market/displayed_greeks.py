"""Selection of the greeks that a cell shows: KIS' values or theoretical values of our own.

The two are different quantities: KIS computes from the spot and whole days, with two decimals, and
sends values with trades only; ours are computed from the forward and follow it.  `auto` shows ours,
and KIS' for an option without a theoretical value in this session so far.  So a cell changes its
source at most once a session, and all greeks of an option come from one source.  KIS' greeks that
do not agree with themselves or with the price (`specs.market.kis_greeks`) are never shown: ours
take their place.
"""

from math import isfinite, nan
from typing import NamedTuple

from specs.market.kis_greeks import DECIMALS as DECIMALS
from specs.market.kis_greeks import GREEKS as GREEKS
from specs.market.kis_greeks import has_plausible_signs
from specs.market.theoretical import DAYS_PER_YEAR
from specs.market.ticker import Ticker, volatility

LAST_DAYS = 3
"""Days to expiry below which `auto` does not show KIS' values, which count whole days: the expiry
day and the two days before it."""

COARSEST = 0.05
"""Resolution of KIS' greeks, as a share of ours, beyond which they are too coarse."""

DRIFTED = 5.0
"""Difference in delta points from which KIS' delta counts as drifted: 5 contracts in 100."""


class DisplayedGreek(NamedTuple):
    """A value in the units of `specs.market.theoretical`, and whether it is theoretical."""

    value: float
    is_theoretical: bool


def displayed_greek(row: Ticker, which: str) -> DisplayedGreek:
    """Return the greek or the ``volatility`` to show for a row, nan if there is no value."""
    ours = theoretical_greek(row, which)
    if row.source == "kis":
        if row.kis_fault and which in GREEKS:
            return DisplayedGreek(ours, isfinite(ours))
        return DisplayedGreek(kis_value(row, which), False)
    if row.source == "own" or isfinite(ours) or _is_ours(row):
        return DisplayedGreek(ours, isfinite(ours))
    kis = kis_value(row, which)
    usable = which == "volatility" or (not row.kis_fault and has_plausible_signs(row))
    return DisplayedGreek(kis if usable else nan, False)


def _is_ours(row: Ticker) -> bool:
    """Return whether our values, though missing now, must not be replaced by KIS'."""
    own = row.theoretical
    return own is not None and (own.seen or own.wide or own.years < LAST_DAYS / DAYS_PER_YEAR)


def kis_value(row: Ticker, which: str) -> float:
    """Return KIS' greek or the ``volatility``; five greeks of zero are missing values.

    An expired contract has none, though its last trade carried some.
    """
    trade = row.option
    if trade is None or (row.theoretical is not None and row.theoretical.why == "expired"):
        return nan
    if which == "volatility":
        return volatility(trade, row.scale)
    value: float = getattr(trade, which)
    return value if any(getattr(trade, name) != 0 for name in GREEKS) else nan


def is_coarse(row: Ticker, which: str) -> bool:
    """Return whether KIS' greek has too few decimals to compare with ours.

    KIS sends two decimals, so a gamma of 0.0067 arrives as 0.01 or 0.00.
    """
    kis, ours = kis_value(row, which), abs(theoretical_greek(row, which))
    return kis == round(kis, DECIMALS) and ours * COARSEST < 10**-DECIMALS


def theoretical_greek(row: Ticker, which: str) -> float:
    """Return the theoretical greek or ``volatility``.

    An option whose quote is too wide has greeks at its neighbours' volatility, and no volatility
    of its own.
    """
    if which == "volatility" and row.theoretical is not None and row.theoretical.wide:
        return nan
    return getattr(row.theoretical, which, nan)


def drift(row: Ticker) -> float:
    """Return KIS' delta minus ours in delta points (hundredths of a delta); nan without both.

    Delta and not price: KIS' theoretical price need not be near the market even when it is new,
    and a delta point means the same at every strike.
    """
    delta = kis_value(row, "delta")
    return 100 * (delta - theoretical_greek(row, "delta")) if has_plausible_signs(row) else nan


def has_drifted(row: Ticker) -> bool:
    """Return whether KIS' delta is far from ours, rounded to the tenth of a point that is shown."""
    return round(abs(drift(row)), 1) >= DRIFTED
