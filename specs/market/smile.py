"""The smile of one expiry: implied volatilities by strike, and the numbers that sum it up."""

from math import inf, nan

from msgspec import Struct


class SmilePoint(Struct, frozen=True, gc=False):
    """One strike's volatilities in percent; nan without such a quote."""

    strike: float
    bid: float = nan
    ask: float = nan
    middle: float = nan
    old: bool = False
    """Whether it comes from a trade and not from current quotes."""
    width: float = nan
    """Volatility points between bid and ask."""
    wide: bool = False
    """Whether the quote is too wide to imply a volatility."""
    at: float = inf
    """Arrival of its oldest quote in monotonic seconds; inf: ageless."""


class Curve(Struct, frozen=True):
    """The points by strike, lowest first, and summary numbers in percent; nan where missing.

    The risk reversal is the volatility of the 25-delta call minus the volatility of the 25-delta
    put, the butterfly the mean of both minus the volatility at the money.
    """

    points: tuple[SmilePoint, ...] = ()
    forward: float = nan
    money: float = nan
    """The volatility at the forward."""
    reversal: float = nan
    butterfly: float = nan
    put_strike: float = nan
    """The strike of the 25-delta put."""
    call_strike: float = nan
    money_at: float = inf
    """Arrival of the oldest quote behind the volatility at the forward; inf: ageless."""
    wings_at: float = inf
    """The same of risk reversal and butterfly."""
    wide: int = 0
    """The number of strikes left out because of wide quotes."""
    why: str = ""
    """The reason for missing numbers, a key of the text catalogue; empty if there are numbers."""
