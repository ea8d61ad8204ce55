"""A combination of contracts, and its quotes by the quotes of its legs."""

from math import nan

from msgspec import Struct

from specs.market.instrument import Instrument


class CombinationLeg(Struct, frozen=True, gc=False):
    """A contract, how many of it are bought, below 0 sold, and its best quotes."""

    instrument: Instrument
    quantity: int
    bid: float = nan
    ask: float = nan


class CombinationQuote(Struct, frozen=True):
    """The prices of a combination by the best quotes of its legs; below 0 a buyer receives money.

    `bid` and `ask` are the natural ones: bought legs are sold at their bid and bought at their ask,
    sold legs the other way round.  nan where a leg lacks that quote.
    """

    legs: tuple[CombinationLeg, ...]
    bid: float = nan
    ask: float = nan

    @property
    def middle(self) -> float:
        """The middle of bid and ask; nan where a leg lacks a quote."""
        return (self.bid + self.ask) / 2
