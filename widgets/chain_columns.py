"""The columns of one side of an option chain; the calls' side mirrors them."""

from math import isfinite, nan

from msgspec.structs import replace

from specs.market.ticker import Ticker, shown_price
from widgets import cells
from widgets.board_column import OWN, BoardCell, BoardColumn, Freshness, delta_won_column, greek, iv
from widgets.texts import t
from widgets.watchlist import COLUMNS as LISTED

_LISTED = {column.id: column for column in LISTED}


def _price_cell(row: Ticker, age: Freshness) -> BoardCell:
    """Return the last price, or else the theoretical price with its mark."""
    if isfinite(shown_price(row)):
        cell = _LISTED["price"].cell(row, age)
        return replace(cell, text=cells.marked(cell.text, False))
    own = row.theoretical.price if row.theoretical is not None else nan
    if row.theoretical is not None and row.theoretical.wide and not isfinite(own):
        return BoardCell(t("theory.wide_quote"), "label")
    text = cells.marked(cells.number(own, row.instrument.decimals), isfinite(own))
    return BoardCell(text, OWN if isfinite(own) else "label")


def _ranked(which: str, rank: int) -> BoardColumn:
    return replace(_LISTED[which], rank=rank)


COLUMNS: tuple[BoardColumn, ...] = (
    BoardColumn("price", 9, 1, shown_price, _price_cell, flashes=True),
    _ranked("spread", 4),
    iv(3),
    replace(greek("delta"), rank=2),
    replace(greek("gamma"), rank=7),
    replace(greek("theta"), rank=8),
    replace(greek("vega"), rank=9),
    _ranked("volume", 5),
    _ranked("open_interest", 6),
    delta_won_column(5, optional=True),
    replace(_LISTED["change"], rank=4, optional=True),
    *(replace(_LISTED[name], rank=5, optional=True) for name in ("bid_size", "ask_size")),
)
"""From the strike outwards."""

USUAL = tuple(column for column in COLUMNS if not column.optional)
"""The columns that nobody has to choose."""
