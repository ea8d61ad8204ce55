"""The columns of one side of an option chain; the calls' side mirrors them."""

from collections.abc import Iterable
from math import isfinite, nan

from msgspec.structs import replace

from specs.market.instrument import Strike
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

STRIKE_WIDTH = 11
_NARROW_STRIKE = 9
"""Cells of the strikes' column, and those that leave both sides the room of `_NARROW`."""

_NARROW = {"price": (7, 1), "spread": (11, 2)}
"""Widths and ranks with which price and quotes stand beside volatility and delta."""

_NARROW_ROOM, _USUAL_ROOM = 34, 42
"""Cells of a side in which the four stand, by those widths and by the usual ones."""


def columns_for(columns: tuple[BoardColumn, ...], room: int) -> tuple[BoardColumn, ...]:
    """Return columns for the cells of a side; quotes come before the volume where room is short."""
    if not _NARROW_ROOM <= room < _USUAL_ROOM:
        return columns
    return tuple(
        replace(one, width=_NARROW[one.id][0], rank=_NARROW[one.id][1], grows=one.width)
        if one.id in _NARROW
        else one
        for one in columns
    )


def strike_width(strikes: Iterable[Strike], width: int) -> int:
    """Return the cells of the strikes' column in a board of a width; no strike is cut."""
    usual, narrow = ((width - one) // 2 - 1 for one in (STRIKE_WIDTH, _NARROW_STRIKE))
    longest = max((len(cells.number(strike.price, 1)) for strike in strikes), default=0)
    is_needed = usual < _NARROW_ROOM <= narrow and longest <= _NARROW_STRIKE - 2
    return _NARROW_STRIKE if is_needed else STRIKE_WIDTH
