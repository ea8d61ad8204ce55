"""How many futures would bring a delta to nought: a number to look at, nothing that is sent."""

from math import isfinite

from app.krx.products import futures_of
from specs.market.holding import Hedge, Subtotal


def to_flat(net: Subtotal) -> tuple[Hedge, ...]:
    """For each future of the underlying, smallest first, how many would do, rounded to the nearest.

    Short ones (below 0) against a delta that is long.  A stock's future is as large as the
    contracts held; there is none where those differ in size, or where no delta is known.
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
