"""Bars: the trades of one contract between two moments, as a chart draws them."""

from math import nan

from msgspec import Struct


class Bar(Struct, frozen=True, gc=False):
    """The trades of a contract from `start` on, for as many seconds as its bars are long.

    A span without trades has no bar.
    """

    start: int
    """Seconds since 1970, a multiple of the bar's length."""
    open: float
    high: float
    low: float
    close: float
    volume: float
    """Contracts."""
    vwap: float
    """Average price weighted by size."""
    iv: float = nan
    """The last implied volatility by KIS in percent; nan for futures and where it is missing."""
    delta: float = nan
    """The last delta by KIS; nan for futures and where it is missing."""
