"""Greeks of an option whose price is below its intrinsic value, so that it implies no volatility.

A position in it still moves with its intrinsic value: one for one, without gamma, vega and theta.
"""

from math import exp

from msgspec.structs import replace

from specs.codes import Family, Right
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues

BELOW = "below_intrinsic"
"""The reason for missing values, a key of `TheoreticalValues.why`."""


def at_zero_volatility(known: Instrument, own: TheoreticalValues, rate: float) -> TheoreticalValues:
    """Return the values at a volatility of 0 for a price below intrinsic; `why` is unchanged.

    `rate` is a fraction a year.  A stock option's delta is to its stock, which grows at that rate
    to the forward, so the discount cancels.
    """
    if own.why != BELOW:
        return own
    call = known.right is Right.CALL
    inside = own.forward > known.strike if call else own.forward < known.strike
    size = 1.0 if known.family is Family.STOCK_OPTION else exp(-rate * own.years)
    delta = (size if call else -size) if inside else 0.0
    return replace(own, volatility=0.0, delta=delta, gamma=0.0, vega=0.0, theta=0.0)
