"""What a contract is worth by its market: the middle of its best quotes, else its last price."""

from math import inf, nan

from msgspec import Struct

from specs.kinds import Book, Trade
from widgets.row import Row, price, quote


class Quote(Struct, frozen=True, gc=False):
    """A price in points or won; nan where a row has none."""

    price: float = nan
    at: float = -inf
    """When it arrived, in monotonic seconds; -inf where that is not known."""
    stands: bool = False
    """Whether it holds now: of a book that is registered, each change is told."""
    middle: bool = False
    """Whether it is the middle of the best quotes."""


def quoted(row: Row) -> Quote:
    """The market's price of a contract.

    The quotes are those of the book or of the last trade, whichever arrived later: a book without
    one side, or crossed as in an auction, has no middle, and the last price stands in.  That is as
    old as the trade, and so are the trade's quotes unless a book would tell newer ones.
    """
    book, trade = row.book, row.trade
    if book is not None and (trade is None or row.book_at >= row.trade_at):
        middle = _middle(book)
        if middle == middle:
            return Quote(middle, row.book_at, True, True)
    if trade is None:
        return Quote()
    middle = _middle(trade)
    if (book is not None and row.book_at >= row.trade_at) or middle != middle:
        last = price(row)
        return Quote(last if last > 0 else nan, row.trade_at)
    return Quote(middle, row.trade_at, book is not None, True)


def _middle(source: Book | Trade) -> float:
    """The middle of the best quotes; nan where a side is missing or they cross."""
    bid, ask = quote(source.bid), quote(source.ask)
    return (bid + ask) / 2 if 0 < bid <= ask else nan
