"""What our own theory says of an option, beside what KIS says."""

from math import nan
from typing import Literal

from msgspec import Struct

DAYS_PER_YEAR = 365.0
"""Calendar days of a year: theta is per one of them, and times to expiry are in such years."""

GreeksSource = Literal["auto", "kis", "own"]
"""Whose volatility and greeks a user wants: KIS', our own, or our own where there are any."""


class TheoreticalValues(Struct, frozen=True, gc=False):
    """Values of one option; volatility in percent, greeks in the units that the screen states.

    Delta and gamma are per point of the underlying, theta per calendar day, vega per volatility
    point (1 %p), rho per percentage point of the rate (1 %p) at a spot that stands still: positive
    for calls, negative for puts, as KIS' is.
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
    """The forward that it was computed on."""
    years: float = nan
    """Calendar years to the moment of expiry."""
    carried: bool = False
    """Whether the forward is another month's, carried to the expiry."""
    borrowed: bool = False
    """Whether the volatility is its neighbours', for want of a quote of its own."""
    wide: bool = False
    """Whether its own quote is too wide to tell a volatility."""
    seen: bool = False
    """Whether there have been values in this session."""
    why: str = ""
    """Why there are no values: a word of the catalogue (``theory.…``); empty where there are."""
