"""What a call auction has indicated for a contract, and the price that it ended with."""

from math import nan

from msgspec import Struct

SLOT = 5
"""Seconds of a path that have one price."""


class IndicationValues(Struct, frozen=True, gc=False):
    """Our own values at an expected price."""

    volatility: float = nan
    """The volatility that the expected price implies, in percent; nan for other than options."""
    theory: float = nan
    """The theoretical price at that moment; nan without one."""
    at: float = float("-inf")
    """Arrival of the oldest input of the volatility, in monotonic seconds."""
    theory_at: float = float("-inf")
    """Arrival of the oldest input of expected and theoretical price."""


class Indication(Struct, frozen=True, gc=False):
    """The expected executions of one contract in one auction; moments in seconds since 1970."""

    is_running: bool = True
    """Whether the auction goes on for this contract: no trade has ended it."""
    first: int = 0
    """The moment of the first expected execution that is known."""
    first_price: float = nan
    last: int = 0
    """The moment of the last one."""
    last_price: float = nan
    """The last expected price; nan if there was none in the end."""
    quantity: float = nan
    """Contracts that would have been traded at the last one; nan where KIS sends none."""
    count: int = 0
    """The number of expected executions with a price that are known."""
    high: float = nan
    low: float = nan
    path: tuple[float, ...] = ()
    """The last price of each `SLOT` seconds since the first one; nan where nothing was received or
    there was no price."""
    before: float = nan
    """The last price of the session before a closing auction; nan in an opening auction."""
    uncross: float = nan
    """The price at which the auction ended; nan until it is known."""
    uncrossed_at: int = 0
    uncross_size: float = nan
    """Contracts of the first trade at that price."""
    values: IndicationValues = IndicationValues()
