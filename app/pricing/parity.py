"""The forward on which calls and puts of one expiry agree (put-call parity).

A future of another month is carried at the rate alone, which leaves out dividends.  Parity does
not: call − put = discount × (forward − strike).
"""

from collections.abc import Iterable
from math import exp, inf, nan
from typing import NamedTuple

from app.pricing.market_price import BestQuotes, quotes
from app.pricing.quote_width import is_wide_option
from specs.codes import Right
from specs.market.ticker import Ticker

PAIRS = 3
"""Strikes next to the money that are read."""

PLAUSIBLE = 0.02
"""Largest distance from the carried forward, as a share of it."""

AGE = 5.0
"""Oldest quotes of a trade that are used, in seconds; a registered book holds now."""


class ParityForward(NamedTuple):
    """The forward of put-call parity, nan without a quoted pair, and its oldest quote's arrival."""

    price: float
    at: float = -inf


def parity_forward(
    rows: Iterable[Ticker], forward: float, years: float, rate: float, now: float
) -> ParityForward:
    """Return the forward that an expiry's options agree on.

    `rows` are the options of one expiry and underlying, `forward` the carried one; `rate` is a
    fraction a year, `now` in monotonic seconds.  Pairs weigh by the inverse square of their widths.
    """
    pairs: dict[float, dict[bool, BestQuotes]] = {}
    for row in rows:
        found, option = quotes(row), row.instrument
        current = found.is_standing or found.at >= now - AGE
        if not current or found.middle != found.middle:
            continue
        if is_wide_option(option, found.bid, found.ask, forward, years, rate):
            continue
        pairs.setdefault(option.strike, {})[option.right is Right.CALL] = found
    strikes = sorted(
        (strike for strike, sides in pairs.items() if len(sides) == 2),
        key=lambda strike: abs(strike - forward),
    )
    total = value = 0.0
    oldest = inf
    for strike in strikes[:PAIRS]:
        call, put = pairs[strike][True], pairs[strike][False]
        oldest = min(oldest, call.at, put.at)
        width = call.ask - call.bid + put.ask - put.bid
        weight = 1 / (1e-6 * forward + width) ** 2
        total += weight
        value += weight * (strike + (call.middle - put.middle) * exp(rate * years))
    level = value / total if total else nan
    if abs(level / forward - 1) < PLAUSIBLE:
        return ParityForward(level, oldest)
    return ParityForward(nan)
