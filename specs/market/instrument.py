"""A contract's static data, from its code and from KIS' code master (종목 마스터)."""

from datetime import date
from math import nan

from msgspec import Struct

from specs.codes import Family, Right

TickSteps = tuple[tuple[float, float], ...]
"""Prices from which a tick size holds, lowest first, each with the tick size."""


def tick_at(steps: TickSteps, price: float) -> float:
    """Return the step to the next higher price; nan where it is unknown."""
    if len(steps) == 1:
        # One tick for every price, also for a spread below 0.
        return steps[0][1]
    found = nan
    for start, tick in steps:
        if price < start:
            break
        found = tick
    return found if price == price else nan


class Instrument(Struct, frozen=True, gc=False):
    """A contract's static data; what a code master would add is empty without one."""

    code: str
    name: str = ""
    family: Family | None = None
    right: Right | None = None
    strike: float = nan
    expiry: date | None = None
    product: str = ""
    """Its product in the short code: ``01`` the KOSPI 200, ``AF`` its Monday weeklies."""
    underlying: str = ""
    """The Korean name of its underlying, from the master."""
    multiplier: float = nan
    """Won per point of an index, or shares of a stock."""
    listed: bool = False
    """Whether a code master knows it."""
    night: bool = False
    """Whether it trades in the night session too."""
    underlying_code: str = ""
    """KIS' code of its underlying, from the master: ``USD``, ``005930``."""
    series: str = ""
    """KRX' name of its expiry: ``202612``, or ``위클리M 2702W2`` of a Monday weekly."""
    ticks: TickSteps = ()
    """Its tick sizes; empty where they are unknown."""

    @property
    def decimals(self) -> int:
        """Decimals of its prices: stocks, gold and lean hogs trade in whole won."""
        won = self.family in (Family.STOCK_FUTURES, Family.STOCK_OPTION)
        return 0 if won or self.underlying_code in ("GLD", "LHG") else 2


class KeptTerms(Struct, frozen=True, omit_defaults=True):
    """Strike and expiry of a contract, kept for when no code master lists it any more."""

    strike: float | None = None
    series: str = ""
    """KRX' name of its expiry, as of an `Instrument`."""
    expiry: date | None = None


class Strike(Struct, frozen=True, gc=False):
    """A strike price with its call and its put; a code is empty if no such contract exists."""

    price: float
    call: str = ""
    put: str = ""

    @property
    def codes(self) -> tuple[str, str]:
        """Call and put."""
        return self.call, self.put
