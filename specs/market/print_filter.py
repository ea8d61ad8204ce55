"""Which trades time & sales shows: by size, side and kind."""

from math import inf

from msgspec import Struct

from specs.market.trade_print import Side, TradePrint


class PrintFilter(Struct, frozen=True):
    """Conditions that a trade fulfils all of; as made it lets every trade through."""

    side: Side = 0
    """The aggressor; 0 for both."""
    least: float = 0
    """Contracts, at least and at most."""
    most: float = inf
    large: bool = False
    """Whether only large trades are shown."""
    auction: bool = False
    """Whether only the trades of auctions are shown."""

    @property
    def shows_all(self) -> bool:
        """Whether it lets every trade through."""
        return self == ALL_PRINTS

    def shows(self, one: TradePrint, large: float) -> bool:
        """Return whether it lets a trade through; large ones have at least `large` contracts."""
        if self.shows_all:
            return True
        # A missing size is within no bounds.
        return (
            (not self.side or one.side == self.side)
            and self.least <= one.size <= self.most
            and (not self.large or one.size >= large)
            and (not self.auction or one.is_auction)
        )


ALL_PRINTS = PrintFilter()
