"""The bound on the width of a quote, beyond which its middle is not a price.

The middle of a quote is wrong by at most half its width.  For an option that is measured in
volatility: width divided by vega.  A floor in ticks lets through what is narrow in money, such as a
wing quoted 0.05 × 0.08 or a deep option without vega.
"""

from math import nan

from app.krx.products import tick_size
from app.pricing.black76 import implied_volatility, vega
from specs.codes import Right, is_spread
from specs.market.instrument import Instrument

WIDEST = 4.0
"""Volatility points (1 %p) between bid and ask of an option, at the vega of its middle."""

TICKS = 10
"""Ticks that a quote may always be wide."""

WIDEST_FUTURE = 0.002
"""Width of a future's quote as a share of its middle."""

WIDEST_SPREAD = 40
"""Ticks of the legs that a calendar spread's quote may be wide."""

WIDEST_UNVALUED = 0.25
"""Width of an option's quote as a share of its middle where no forward is known for a vega."""

UNKNOWN_TICK = 0.002
"""Stands in for a tick as a share of the middle where KRX' tick table is not known."""

_ROUNDING = 1e-9


def floor(instrument: Instrument, middle: float) -> float:
    """Return the width in points or won that is never too wide."""
    tick = tick_size(instrument, middle)
    return TICKS * (tick if tick == tick else UNKNOWN_TICK * abs(middle)) + _ROUNDING


def is_wide_future(future: Instrument, bid: float, ask: float) -> bool:
    """Return whether a future's or calendar spread's quote is too wide for its middle to count."""
    middle = (bid + ask) / 2
    if is_spread(future.code):
        # A stock's tick follows from the price of its legs, which is not known here.
        tick = tick_size(future, middle)
        return ask - bid > WIDEST_SPREAD * tick + _ROUNDING
    return ask - bid > max(floor(future, middle), WIDEST_FUTURE * abs(middle) + _ROUNDING)


def is_wide_option(
    option: Instrument,
    bid: float,
    ask: float,
    forward: float = nan,
    years: float = nan,
    rate: float = 0.0,
) -> bool:
    """Return whether an option's quote is too wide for its middle to be its price.

    `forward`, `years` and `rate` (a fraction a year) give the vega; all may be missing.
    """
    width, middle = ask - bid, (bid + ask) / 2
    if width <= floor(option, middle):
        return False
    if not (forward > 0 and years > 0):
        return width > WIDEST_UNVALUED * middle
    call = option.right is Right.CALL
    volatility = implied_volatility(call, forward, option.strike, years, middle, rate)
    return exceeds(width, forward, option.strike, years, volatility, rate)


def exceeds(
    width: float, forward: float, strike: float, years: float, volatility: float, rate: float
) -> bool:
    """Return whether a width is more than `WIDEST` volatility points; `volatility` is a fraction.

    Without a volatility (nan) the middle has no time value, and every width does.
    """
    return not width <= WIDEST * vega(forward, strike, years, volatility, rate)
