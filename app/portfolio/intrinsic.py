"""What an option does whose price lies below its intrinsic value, so that it implies no volatility.

It is held all the same, and moves as its intrinsic value does: one for one, with neither gamma nor
vega nor theta.
"""

from math import exp

from msgspec.structs import replace

from specs.codes import Family, Right
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues

BELOW = "below_intrinsic"
"""Why there are no values, in the words of the theory."""


def at_zero_volatility(known: Instrument, own: TheoreticalValues, rate: float) -> TheoreticalValues:
    """The values at no volatility where the price is below intrinsic; the reason stays.

    `rate` is a fraction a year.  A stock option's delta is to its stock, which grows at that rate
    to the forward, so the discount falls out.
    """
    if own.why != BELOW:
        return own
    call = known.right is Right.CALL
    inside = own.forward > known.strike if call else own.forward < known.strike
    size = 1.0 if known.family is Family.STOCK_OPTION else exp(-rate * own.years)
    delta = (size if call else -size) if inside else 0.0
    return replace(own, volatility=0.0, delta=delta, gamma=0.0, vega=0.0, theta=0.0)
