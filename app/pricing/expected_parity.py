"""The forward on which the expected prices of calls and puts agree, as an indication of a future.

KIS has no expected prices of futures; put-call parity of an expiry's options gives one:
call − put = discount × (forward − strike).
"""

from collections.abc import Iterable
from math import exp, inf, nan
from statistics import median

from msgspec import Struct

from specs.codes import Right
from specs.market.ticker import Ticker, expected_price

PAIRS = 9
"""Strikes nearest to the money that are used."""


class ExpectedParity(Struct, frozen=True):
    """The forward of an expiry by expected prices, in points; nan without a pair."""

    forward: float = nan
    """The median of the pairs."""
    strikes: tuple[float, ...] = ()
    """The strikes whose call and put both have an expected price, in ascending order."""
    dispersion: float = nan
    """The distance of the lowest pair's forward from the highest one's, in points."""
    at: float = -inf
    """Arrival of the oldest of the prices, in monotonic seconds."""


def expected_parity(rows: Iterable[Ticker], years: float, rate: float) -> ExpectedParity:
    """Return the forward of an expiry, of whose options these are the rows.

    `rate` is a fraction a year.  Of the strikes with both prices those are used whose prices differ
    least: they are next to the money.
    """
    pairs: dict[float, dict[bool, Ticker]] = {}
    for row in rows:
        if row.instrument.right is not None and expected_price(row) > 0:
            sides = pairs.setdefault(row.instrument.strike, {})
            sides[row.instrument.right is Right.CALL] = row
    both = [
        (expected_price(sides[True]) - expected_price(sides[False]), strike)
        for strike, sides in pairs.items()
        if len(sides) == 2
    ]
    near = sorted(both, key=lambda pair: abs(pair[0]))[:PAIRS]
    if not near or not years >= 0:
        return ExpectedParity()
    levels = [strike + difference * exp(rate * years) for difference, strike in near]
    strikes = sorted(strike for _, strike in near)
    oldest = min(row.expected_at for strike in strikes for row in pairs[strike].values())
    return ExpectedParity(median(levels), tuple(strikes), max(levels) - min(levels), oldest)
