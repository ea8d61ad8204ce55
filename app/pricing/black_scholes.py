"""Black-Scholes on a spot, as Black-76 on its forward and the chain rule.

The price is the same.  With growth = forward / spot = exp(carry × years), the greeks become:

- delta: per won of the spot, the forward's delta times growth;
- gamma: per won of the spot, the forward's gamma times growth squared;
- vega: per volatility point, unchanged;
- theta: per calendar day at a constant spot, so minus the fall of the forward in that time,
  carry × forward × its delta;
- rho: per percentage point of the rate at a constant yield, so plus the rise of the forward,
  years × forward × its delta.
"""

from math import log

from app.pricing.black76 import Greeks
from specs.market.greek_units import PERCENTAGE_POINTS, THETA_DAYS


def on_spot(found: Greeks, forward: float, years: float, growth: float) -> Greeks:
    """The greeks to the spot, from those to the forward that it grows to in `years`."""
    tilt = forward * found.delta
    return Greeks(
        found.price,
        found.delta * growth,
        found.gamma * growth * growth,
        found.vega,
        found.theta - log(growth) / years * tilt / THETA_DAYS,
        spot_rho(found, forward, years),
    )


def spot_rho(found: Greeks, forward: float, years: float) -> float:
    """Return the rho at a constant spot, from greeks to its forward.

    Per percentage point it is K·T·e^(−rT)·N(d2)/100 for calls, −K·T·e^(−rT)·N(−d2)/100 for puts.
    """
    return found.rho + years * forward * found.delta / PERCENTAGE_POINTS
