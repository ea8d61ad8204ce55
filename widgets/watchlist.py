"""The watchlist: futures and options together, last trade and best quote on each row.

While an auction goes on, the expected price stands for the last one, with its change and its time.
"""

from collections.abc import Iterable
from math import nan
from typing import ClassVar

from msgspec.structs import replace
from rich.cells import cell_len

from specs.market.price_path import PATH_CELLS
from specs.market.row_view import Baseline
from specs.market.ticker import (
    Ticker,
    ask,
    bid,
    direction,
    is_indicative,
    open_interest,
    price,
    shown_price,
    theoretical_price,
    time_of,
    trades_at_night,
)
from specs.time_of_day import second_of_trade_date
from widgets import cells, times
from widgets.board_column import (
    AGES,
    CODE,
    QUOTES,
    TONES,
    BoardCell,
    BoardColumn,
    Freshness,
    choose,
    greek,
    iv,
    name,
    trade_number,
)
from widgets.cell_board import CellBoard
from widgets.change_columns import CHANGE_COLUMNS, HEADINGS
from widgets.expected import expected_price_cell, expected_time_cell
from widgets.figures import PAIR
from widgets.message_text import message_text
from widgets.sparkline import path_text
from widgets.texts import t
from widgets.trade_columns import CHOSEN_COLUMNS


def _price_cell(row: Ticker, age: Freshness) -> BoardCell:
    trade = row.trade
    if row.indication is not None and is_indicative(row):
        cell = expected_price_cell(row, age)
        return BoardCell(f"{t('expected.mark')}{cell.text}", cell.tone)
    if row.combination is not None:
        return BoardCell(cells.number(shown_price(row), row.instrument.decimals), QUOTES)
    if trade is None:
        return BoardCell(cells.MISSING, "label")
    tone = TONES[direction(trade.change_sign, trade.change)]
    return BoardCell(cells.number(price(row), row.instrument.decimals), tone)


def _spread_cell(row: Ticker, age: Freshness) -> BoardCell:
    places = row.instrument.decimals
    best_bid, best_ask = bid(row), ask(row)
    if best_bid != best_bid and best_ask != best_ask:
        return BoardCell(f"{cells.MISSING:<9}", "label")
    quotes = f"{cells.number(best_bid, places)}{PAIR}{cells.number(best_ask, places)}"
    if row.book is not None or row.combination is not None:
        return BoardCell(quotes, QUOTES)
    return BoardCell(quotes, AGES[age] if row.trade is not None else "label")


def _volume(row: Ticker) -> float:
    return row.trade.accumulated_volume if row.trade else nan


def _volume_cell(row: Ticker, age: Freshness) -> BoardCell:
    text = cells.quantity(_volume(row))
    if not row.missed or row.trade is None:
        return BoardCell(text)
    return BoardCell(f"{cells.MISSED}{text}", "missed")


def _open_interest(row: Ticker) -> float:
    return open_interest(row.trade) if row.trade else nan


def _time(row: Ticker) -> float:
    if row.indication is not None and is_indicative(row):
        return second_of_trade_date(time_of(row.expected))
    return second_of_trade_date(time_of(row.trade))


def _time_cell(row: Ticker, age: Freshness) -> BoardCell:
    if row.badge:
        return BoardCell(message_text(row.badge), "label")
    if row.indication is not None and is_indicative(row):
        return expected_time_cell(row, age)
    if row.trade is None:
        return BoardCell(t("quotes.no_trade") if row.book is not None else cells.MISSING, "label")
    if row.asked_at:
        return BoardCell(f"({times.clock(row.asked_at)[:-3]})", AGES[age])
    clock = times.clock(time_of(row.trade))
    if trades_at_night(row) and clock < "12":
        return BoardCell(f"{clock} +1", AGES[age], (clock,))
    return BoardCell(clock, AGES[age])


def _path_cell(row: Ticker, age: Freshness) -> BoardCell:
    return BoardCell(path_text(row.path).rjust(PATH_CELLS), AGES[age])


COLUMNS: tuple[BoardColumn, ...] = (
    replace(CODE, rank=6),
    name(1, 16, 26),
    BoardColumn("price", 9, 2, shown_price, _price_cell, flashes=True),
    *CHANGE_COLUMNS,
    # It never flashes: an order book changes several times a second.
    BoardColumn("spread", 17, 5, lambda row: ask(row) - bid(row), _spread_cell),
    BoardColumn("volume", 8, 9, _volume, _volume_cell, flashes=True),
    BoardColumn(
        "open_interest",
        8,
        10,
        _open_interest,
        lambda row, age: BoardCell(cells.quantity(_open_interest(row)), AGES[age]),
    ),
    iv(8),
    replace(greek("delta"), rank=7),
    BoardColumn("open", 9, 12, *trade_number("open", price=True)),
    BoardColumn("high", 9, 13, *trade_number("high", price=True)),
    BoardColumn("low", 9, 14, *trade_number("low", price=True)),
    BoardColumn(
        "theoretical",
        9,
        15,
        theoretical_price,
        lambda row, age: BoardCell(
            cells.number(theoretical_price(row), row.instrument.decimals), AGES[age]
        ),
    ),
    BoardColumn("strength", 8, 16, *trade_number("trade_strength", 1)),
    BoardColumn(
        "path",
        PATH_CELLS,
        7,
        lambda row: nan,
        _path_cell,
        right=False,
        optional=True,
        is_picture=True,
    ),
    *CHOSEN_COLUMNS,
    BoardColumn("time", 8, 11, _time, _time_cell, grows=11),
)


LONGEST_REMARK = 30
"""Cells that the column of names takes for remarks."""

_MAIN_RANK = 11
"""Rank up to which columns do not give way to remarks."""


def _with_room(column: BoardColumn, width: int) -> BoardColumn:
    wide = column.width + 1 + width
    return replace(column, width=wide, grows=max(wide, column.grows))


def _main_columns(widths: Iterable[tuple[BoardColumn, int]]) -> set[str]:
    return {column.id for column, _ in widths if column.rank <= _MAIN_RANK}


class WatchlistBoard(CellBoard):
    """The board of all watched codes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"board--missed"}

    def __init__(self) -> None:
        self._remark_width = 0
        super().__init__(COLUMNS, empty="watchlist.empty", id="watchlist")

    def show_views(self, baseline: Baseline, remarks: Iterable[str]) -> None:
        """Name the baseline in the headings, and make room for remarks behind the names."""
        self.headings = HEADINGS[baseline]
        width = min(LONGEST_REMARK, max(map(cell_len, remarks), default=0))
        if width != self._remark_width:
            self._remark_width = width
            self._measure()
        self.refresh()

    def _measure(self) -> None:
        super()._measure()
        for width in range(self._remark_width, 0, -1):
            shown = [_with_room(c, width) if c.id == "name" else c for c in self._shown]
            widths = choose(shown, self._measured, self._needed)
            if _main_columns(widths) >= _main_columns(self._widths):
                self._widths = widths
                return

    @property
    def hidden_code(self) -> str:
        """The code under the cursor, if there is no room for the column of codes; else empty."""
        return "" if any(column.id == CODE.id for column, _ in self._widths) else self.code
