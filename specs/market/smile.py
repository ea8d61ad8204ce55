"""The smile of one expiry: implied volatilities by strike, and the numbers that sum it up."""

from math import nan

from msgspec import Struct


class SmilePoint(Struct, frozen=True, gc=False):
    """One strike's volatilities in percent; nan where the market has no such quote."""

    strike: float
    bid: float = nan
    ask: float = nan
    middle: float = nan
    old: bool = False
    """Whether it is read off a trade, and not off quotes that hold now."""
    width: float = nan
    """Volatility points between bid and ask."""
    wide: bool = False
    """Whether the quote is too wide to say anything."""


class Curve(Struct, frozen=True):
    """The points by strike, lowest first, and the numbers in percent; nan where it has none.

    The risk reversal is the volatility of the 25-delta call less that of the 25-delta put, the
    butterfly the mean of both less that at the money.
    """

    points: tuple[SmilePoint, ...] = ()
    forward: float = nan
    money: float = nan
    """At the forward."""
    reversal: float = nan
    butterfly: float = nan
    put_strike: float = nan
    """Where the 25-delta put lies."""
    call_strike: float = nan
    wide: int = 0
    """Strikes that are left out because their quotes are too wide."""
    why: str = ""
    """Why there are no numbers: a key of the catalogue; empty where points are enough."""
