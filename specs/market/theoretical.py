"""Theoretical values of an option, computed by the program itself."""

from math import inf, nan
from typing import Literal

from msgspec import Struct

DAYS_PER_YEAR = 365.0
"""Calendar days of a year: times to expiry are in such years."""

GreeksSource = Literal["auto", "kis", "own"]
"""The source of volatility and greeks: ``kis``, ``own`` (theoretical values), or ``auto``: own
values, and KIS' for an option without them."""


class TheoreticalValues(Struct, frozen=True, gc=False):
    """Values of one option; volatility in percent, greeks in the units of `greek_units`.

    Rho is at a constant spot: positive for calls, negative for puts, like KIS'.
    """

    price: float = nan
    """The theoretical price."""
    volatility: float = nan
    delta: float = nan
    gamma: float = nan
    vega: float = nan
    theta: float = nan
    rho: float = nan
    forward: float = nan
    """The forward of the computation."""
    years: float = nan
    """Calendar years to the moment of expiry."""
    carried: bool = False
    """Whether the forward was carried to the expiry from another month's."""
    borrowed: bool = False
    """Whether the volatility is its neighbours', as it lacks a quote of its own."""
    wide: bool = False
    """Whether its own quote is too wide to imply a volatility."""
    seen: bool = False
    """Whether it had values earlier in this session."""
    why: str = ""
    """The reason for missing values, a text key after ``theory.``; empty if there are values."""
    spot: float = nan
    """The price of a stock by the forward; nan for an index."""
    at: float = inf
    """Arrival of the oldest input, in monotonic seconds: the values are as old; inf: ageless."""
