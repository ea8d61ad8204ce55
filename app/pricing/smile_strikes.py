"""Which of an expiry's options a smile has registered: out of the money, as far as it matters."""

from collections.abc import Sequence
from math import inf, sqrt

from specs.market.strike import Strike

DEVIATIONS = 1.8
"""How far from the forward the strikes reach, in standard deviations: beyond the 5-delta ones."""

WING = 0.375
"""Where the 25-delta strikes are about, in parts of the reach: 0.67 of its 1.8 deviations."""

USUAL = 0.2
"""The volatility that stands in for one that is not known yet."""


def strike_reach(forward: float, years: float, volatility: float) -> float:
    """How far the strikes of a smile reach on either side, in points; all where nothing is known.

    Time and volatility (a fraction) may be missing.
    """
    if not (forward > 0 and years > 0):
        return inf
    return DEVIATIONS * forward * (volatility if volatility > 0 else USUAL) * sqrt(years)


def planned(strikes: Sequence[Strike], place: int, within: float, most: int) -> tuple[str, ...]:
    """At most so many codes: at the strike of `place` both, above it calls, below it puts.

    `strikes` are highest first.  Where there are more within reach than may be had, one of each of
    as many equal steps of price comes first, so that the 25-delta strikes are embraced wherever the
    strikes grow sparse; which one does not depend on the place, so a forward that moves changes few
    of them.  They are
    in the order in which they should be registered: the money, then the 25-delta strikes and what
    is next to them.
    """
    centre = strikes[place].price
    span = min(2 * within, strikes[0].price - strikes[-1].price)
    step = span / max(1, most - 2)

    def leads(at: int) -> bool:
        if at in (0, place) or not step > 0:
            return True
        return strikes[at].price // step != strikes[at - 1].price // step

    def rank(at: int) -> tuple[bool, bool, float]:
        away = abs(strikes[at].price - centre)
        return away > within, not leads(at), away

    def order(one: tuple[str, int]) -> tuple[bool, float]:
        away = abs(strikes[one[1]].price - centre)
        return one[1] != place, abs(away - WING * within) if within < inf else away

    found: list[tuple[str, int]] = []
    for at in sorted(range(len(strikes)), key=rank):
        strike = strikes[at]
        both = strike.codes if at == place else ()
        codes = both or (strike.call if at < place else strike.put,)
        found += [(code, at) for code in codes if code]
    return tuple(code for code, _ in sorted(found[: max(0, most)], key=order))
