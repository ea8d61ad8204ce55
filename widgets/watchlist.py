"""The watchlist: futures and options together, last trade and best quote on each row."""

from math import nan
from typing import ClassVar

from msgspec.structs import replace

from specs.kinds import NightTrade
from specs.market.ticker import (
    Row,
    ask,
    bid,
    direction,
    open_interest,
    price,
    signed,
    theoretical_price,
    time_of,
)
from widgets import cells, times
from widgets.board import Board
from widgets.columns import (
    AGES,
    CODE,
    TONES,
    Cell,
    Column,
    Freshness,
    greek,
    iv,
    name,
    trade_number,
)
from widgets.texts import t


def _price_cell(row: Row, age: Freshness) -> Cell:
    trade = row.trade
    if trade is None:
        return Cell(cells.MISSING, "label")
    tone = TONES[direction(trade.change_sign, trade.change)]
    return Cell(cells.number(price(row), row.instrument.decimals), tone)


def _change(row: Row) -> float:
    if row.trade is None or price(row) != price(row):
        return nan
    return signed(row.trade.change, row.trade.change_sign)


def _change_cell(row: Row, age: Freshness) -> Cell:
    trade = row.trade
    if trade is None:
        return Cell(cells.MISSING, "label")
    way = direction(trade.change_sign, trade.change)
    limit = trade.change_sign in ("1", "4")
    return Cell(cells.change(_change(row), way, limit, row.instrument.decimals), TONES[way])


def _percent(row: Row) -> float:
    if row.trade is None or price(row) != price(row):
        return nan
    return signed(row.trade.change_percent, row.trade.change_sign)


def _percent_cell(row: Row, age: Freshness) -> Cell:
    trade = row.trade
    if trade is None:
        return Cell(cells.MISSING, "label")
    return Cell(cells.percent(_percent(row)), TONES[direction(trade.change_sign, trade.change)])


def _spread_cell(row: Row, age: Freshness) -> Cell:
    places = row.instrument.decimals
    best_bid, best_ask = bid(row), ask(row)
    if best_bid != best_bid and best_ask != best_ask:
        return Cell(f"{cells.MISSING:<9}", "label")
    quotes = f"{cells.number(best_bid, places):>8}×{cells.number(best_ask, places):<8}"
    if row.book is not None:
        return Cell(quotes, "value")
    return Cell(quotes, AGES[age] if row.trade is not None else "label")


def _volume(row: Row) -> float:
    return row.trade.accumulated_volume if row.trade else nan


def _volume_cell(row: Row, age: Freshness) -> Cell:
    text = cells.quantity(_volume(row))
    if not row.missed or row.trade is None:
        return Cell(text)
    return Cell(f"{cells.MISSED}{text}", "missed", (text,))


def _open_interest(row: Row) -> float:
    return open_interest(row.trade) if row.trade else nan


def _time(row: Row) -> float:
    return times.place(time_of(row.trade))


def _time_cell(row: Row, age: Freshness) -> Cell:
    if row.badge:
        return Cell(row.badge, "label")
    if row.trade is None:
        return Cell(t("quotes.no_trade") if row.book is not None else cells.MISSING, "label")
    if row.asked_at:
        return Cell(f"({times.clock(row.asked_at)[:-3]})", AGES[age])
    clock = times.clock(time_of(row.trade))
    if isinstance(row.trade, NightTrade) and clock < "12":
        return Cell(f"{clock} +1", AGES[age], (clock,))
    return Cell(clock, AGES[age])


COLUMNS: tuple[Column, ...] = (
    CODE,
    name(6, 16, 26),
    Column("price", 9, 2, price, _price_cell, flashes=True),
    Column("change", 8, 3, _change, _change_cell),
    Column("percent", 6, 4, _percent, _percent_cell),
    # It never lights up: an order book changes several times a second.
    Column("spread", 17, 5, lambda row: ask(row) - bid(row), _spread_cell),
    Column("volume", 8, 9, _volume, _volume_cell, flashes=True),
    Column(
        "open_interest",
        8,
        10,
        _open_interest,
        lambda row, age: Cell(cells.quantity(_open_interest(row)), AGES[age]),
    ),
    iv(8),
    replace(greek("delta"), rank=7),
    Column("open", 9, 12, *trade_number("open", price=True)),
    Column("high", 9, 13, *trade_number("high", price=True)),
    Column("low", 9, 14, *trade_number("low", price=True)),
    Column(
        "theoretical",
        9,
        15,
        theoretical_price,
        lambda row, age: Cell(
            cells.number(theoretical_price(row), row.instrument.decimals), AGES[age]
        ),
    ),
    Column("strength", 8, 16, *trade_number("trade_strength", 1)),
    Column("time", 8, 11, _time, _time_cell, grows=11),
)


class Watchlist(Board):
    """The board of every watched code."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"board--missed"}

    def __init__(self) -> None:
        super().__init__(COLUMNS, empty="watchlist.empty", id="watchlist")
