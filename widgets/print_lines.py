"""The lines of time & sales: time, price, size, side and open interest of one trade."""

from datetime import datetime, timedelta, timezone

from specs.market.trade_print import TradePrint
from widgets import cells
from widgets.figures import fit_figure
from widgets.sheet import TextLine
from widgets.texts import t

TIME, PRICE, SIZE, SIDE, INTEREST = 8, 9, 6, 4, 5
"""Cells of each column."""

INTEREST_FROM = TIME + PRICE + SIZE + SIDE + INTEREST + 4
"""Columns of a room from which the change of the open interest has a place."""

_KST = timezone(timedelta(hours=9))
_TONES = {1: "up", 0: "value", -1: "down"}
_SIDES = {1: "prints.side_buy", -1: "prints.side_sell"}


def header(width: int) -> TextLine:
    """Return the headings of the columns."""
    texts = [
        cells.fit(t("prints.time"), TIME),
        cells.fit(t("prints.price"), PRICE, right=True),
        cells.fit(t("prints.size"), SIZE, right=True),
        cells.fit(t("prints.side"), SIDE),
    ]
    if width >= INTEREST_FROM:
        texts.append(cells.fit(t("prints.interest"), INTEREST, right=True))
    return ((" ".join(texts), "label"),)


def print_line(one: TradePrint, width: int, decimals: int, *, large: bool) -> TextLine:
    """Return the line of a trade; price by its tick, side by its aggressor, large ones bold."""
    bold = " large" if large else ""
    key = "prints.side_auction" if one.is_auction else _SIDES.get(one.side, "")
    side = t(key) if key else ""
    side_tone = "auction" if one.is_auction else _TONES[one.side]
    price = fit_figure(cells.number(one.price, decimals), PRICE)
    size = fit_figure(cells.quantity(one.size), SIZE)
    line = (
        (print_time(one.time) + " ", "older"),
        (price + " ", _TONES[one.tick] + bold),
        (size + " ", (_TONES[one.side] if one.side else "value") + bold),
        (cells.fit(side, SIDE), side_tone + bold),
    )
    if width < INTEREST_FROM:
        return line
    change = one.open_interest_change
    text = cells.plus(change, 0) if change and change == change else ""
    return (*line, (" " + fit_figure(text, INTEREST), "old"))


def missed_line(missed: float, width: int) -> TextLine:
    """Return the line that stands where contracts were traded and no trade came."""
    return ((cells.fit(t("prints.missed", count=cells.quantity(missed)), width), "missed"),)


def print_time(time: int) -> str:
    """Return the time of day of a trade, HH:MM:SS in KST."""
    return f"{datetime.fromtimestamp(time, _KST):%H:%M:%S}"
