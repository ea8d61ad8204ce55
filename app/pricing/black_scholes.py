"""Black-Scholes on a spot, as Black-76 on its forward and the chain rule.

With growth the forward by the spot, exp(carry × years), the price is the same, and per unit:

- delta: per won of the spot, that of the forward times growth;
- gamma: per won of the spot, that of the forward times growth squared;
- vega: per volatility point, the same;
- theta: per calendar day at a spot that stands still, so less what the forward sinks meanwhile,
  carry × forward × its delta;
- rho: per percentage point of the rate at a yield that stands still, so with what the forward
  gains, years × forward × its delta.
"""

from math import log

from app.pricing.black76 import DAYS, Greeks


def on_spot(found: Greeks, forward: float, years: float, growth: float) -> Greeks:
    """The greeks to the spot, from those to the forward that it grows to in `years`."""
    tilt = forward * found.delta
    return Greeks(
        found.price,
        found.delta * growth,
        found.gamma * growth * growth,
        found.vega,
        found.theta - log(growth) / years * tilt / DAYS,
        spot_rho(found, forward, years),
    )


def spot_rho(found: Greeks, forward: float, years: float) -> float:
    """Return the rho at a spot that stands still, from greeks to its forward.

    Per percentage point it is K·T·e^(−rT)·N(d2)/100 of a call and −K·T·e^(−rT)·N(−d2)/100 of a put.
    """
    return found.rho + years * forward * found.delta / 100
