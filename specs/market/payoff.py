"""The profit of positions in one underlying at other prices of it, as a chart shows it."""

from datetime import date
from math import nan

from msgspec import Struct

from specs.market.instrument import Instrument


class PayoffGap(Struct, frozen=True, gc=False):
    """A contract whose profit is unknown, and the reason, a key of the text catalogue."""

    instrument: Instrument
    why: str


class PayoffLine(Struct, frozen=True):
    """The profit in won at each level of a curve; without values if a contract's is unknown."""

    values: tuple[float, ...] = ()
    here: float = nan
    """The profit if the underlying stays where it is."""
    gaps: tuple[PayoffGap, ...] = ()
    """The contracts whose profit is unknown."""


class PayoffCurve(Struct, frozen=True):
    """Profits since the positions were opened, by the underlying's price, in won.

    The underlying's price is the forward of the options of `expiry`, a stock's own price where it
    is known, or the future's price without options.
    """

    underlying: str = ""
    level: float = nan
    """The current price of the underlying; nan if unknown: then the lines lack values."""
    levels: tuple[float, ...] = ()
    expiry: date | None = None
    """The expiry that `at_expiry` is of; None for positions without one."""
    expiries: tuple[date, ...] = ()
    """The expiries that can be chosen, the nearest first."""
    days: int = 0
    """Days from now to the line `later`."""
    now: PayoffLine = PayoffLine()
    later: PayoffLine = PayoffLine()
    at_expiry: PayoffLine = PayoffLine()
    break_evens: tuple[float, ...] = ()
    """Prices at which the profit at the expiry is 0, the lowest first."""
    least: float = nan
    """The largest loss at the expiry; -inf if it has no bound, nan if unknown."""
    most: float = nan
    """The largest profit at the expiry; inf if it has no bound, nan if unknown."""
    volatility: float = nan
    """The at-the-money volatility of `expiry` in percent; nan if unknown."""
    deviations: tuple[float, float] = (nan, nan)
    """The prices one standard deviation below and above `level` at the expiry."""
