"""The watchlist: futures and options together, last trade and best quote on each row.

While an auction goes on, the expected price stands for the last one, with its change and its time.
"""

from math import nan
from typing import ClassVar

from msgspec.structs import replace

from specs.market.price_path import PATH_CELLS
from specs.market.ticker import (
    Ticker,
    ask,
    bid,
    direction,
    is_indicative,
    open_interest,
    price,
    shown_price,
    signed,
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
    greek,
    iv,
    name,
    trade_number,
)
from widgets.cell_board import CellBoard
from widgets.expected import (
    expected_change,
    expected_change_cell,
    expected_percent,
    expected_percent_cell,
    expected_price_cell,
    expected_time_cell,
)
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


def _change(row: Ticker) -> float:
    if row.indication is not None and is_indicative(row):
        return expected_change(row)
    if row.trade is None or price(row) != price(row):
        return nan
    return signed(row.trade.change, row.trade.change_sign)


def _change_cell(row: Ticker, age: Freshness) -> BoardCell:
    trade = row.trade
    if row.indication is not None and is_indicative(row):
        return expected_change_cell(row, age)
    if trade is None:
        return BoardCell(cells.MISSING, "label")
    way = direction(trade.change_sign, trade.change)
    limit = trade.change_sign in ("1", "4")
    return BoardCell(cells.change(_change(row), way, limit, row.instrument.decimals), TONES[way])


def _percent(row: Ticker) -> float:
    if row.indication is not None and is_indicative(row):
        return expected_percent(row)
    if row.trade is None or price(row) != price(row):
        return nan
    return signed(row.trade.change_percent, row.trade.change_sign)


def _percent_cell(row: Ticker, age: Freshness) -> BoardCell:
    trade = row.trade
    if row.indication is not None and is_indicative(row):
        return expected_percent_cell(row, age)
    if trade is None:
        return BoardCell(cells.MISSING, "label")
    return BoardCell(
        cells.percent(_percent(row)), TONES[direction(trade.change_sign, trade.change)]
    )


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
    BoardColumn("change", 8, 3, _change, _change_cell),
    BoardColumn("percent", 6, 4, _percent, _percent_cell),
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


class WatchlistBoard(CellBoard):
    """The board of all watched codes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"board--missed"}

    def __init__(self) -> None:
        super().__init__(COLUMNS, empty="watchlist.empty", id="watchlist")

    @property
    def hidden_code(self) -> str:
        """The code under the cursor, if there is no room for the column of codes; else empty."""
        return "" if any(column.id == CODE.id for column, _ in self._widths) else self.code
