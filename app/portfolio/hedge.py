"""The number of futures that would bring a delta to 0: for display only, no order is sent."""

from math import isfinite

from app.krx.products import futures_of
from specs.market.holding import Hedge, Subtotal


def to_flat(net: Subtotal) -> tuple[Hedge, ...]:
    """Return for each future of the underlying, smallest first, the nearest number that hedges.

    It is below 0 (short) against a long delta.  A stock's future is as large as the contracts
    held.  Return nothing where those differ in size, or where delta is unknown.
    """
    delta = net.exposure.delta
    sizes = futures_of(net.underlying)
    if not sizes and delta and isfinite(net.exposure.futures) and net.exposure.futures:
        sizes = (("future", delta / net.exposure.futures),)
    if not isfinite(delta):
        return ()
    return tuple(_hedge(future, delta, size) for future, size in sizes)


def _hedge(future: str, delta: float, size: float) -> Hedge:
    exact = -delta / size
    whole = round(exact)
    return Hedge(future, exact + 0.0, whole, delta + whole * size)
