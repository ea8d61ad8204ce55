"""The options that a smile of an expiry registers: out of the money, near the forward."""

from collections.abc import Sequence
from math import inf, sqrt

from specs.market.instrument import Strike

DEVIATIONS = 1.8
"""Reach of the strikes around the forward in standard deviations: beyond the 5-delta strikes."""

WING = 0.375
"""Approximate position of the 25-delta strikes in the reach: 0.67 of its 1.8 deviations."""

USUAL = 0.2
"""The volatility assumed while the real one is unknown."""


def strike_reach(forward: float, years: float, volatility: float) -> float:
    """Return the reach of a smile's strikes on either side of the forward, in points.

    `volatility` is a fraction and may be nan.  Without forward or time the reach is infinite.
    """
    if not (forward > 0 and years > 0):
        return inf
    return DEVIATIONS * forward * (volatility if volatility > 0 else USUAL) * sqrt(years)


def planned(strikes: Sequence[Strike], index: int, within: float, most: int) -> tuple[str, ...]:
    """Return at most `most` codes: both at the strike of `index`, calls above it, puts below it.

    `strikes` are highest first.  If more than `most` are within reach, the range is divided into
    equal price steps and one strike of each comes first, so that the 25-delta strikes are enclosed
    wherever strikes are sparse.  The choice within a step does not depend on `index`, so a moving
    forward changes few of them.  Codes are in order of registration: the money, then the 25-delta
    strikes and their neighbours.
    """
    centre = strikes[index].price
    span = min(2 * within, strikes[0].price - strikes[-1].price)
    step = span / max(1, most - 2)

    def leads(at: int) -> bool:
        if at in (0, index) or not step > 0:
            return True
        return strikes[at].price // step != strikes[at - 1].price // step

    def rank(at: int) -> tuple[bool, bool, float]:
        away = abs(strikes[at].price - centre)
        return away > within, not leads(at), away

    def order(one: tuple[str, int]) -> tuple[bool, float]:
        away = abs(strikes[one[1]].price - centre)
        return one[1] != index, abs(away - WING * within) if within < inf else away

    found: list[tuple[str, int]] = []
    for at in sorted(range(len(strikes)), key=rank):
        strike = strikes[at]
        both = strike.codes if at == index else ()
        codes = both or (strike.call if at < index else strike.put,)
        found += [(code, at) for code in codes if code]
    return tuple(code for code, _ in sorted(found[: max(0, most)], key=order))
