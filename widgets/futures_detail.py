"""Formatting of the last trade of a future or calendar spread: labelled values in columns.

The order of the pairs is that of their use, because a low panel shows only the first lines.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from math import isfinite, nan

from rich.cells import cell_len
from textual.content import Content

from specs.market.dynamic_limits import DynamicLimits, dynamic_limits
from specs.market.ticker import (
    Ticker,
    disparity_percent,
    freshness,
    open_interest,
    price,
    theoretical_price,
    trade_price,
    trades_at_night,
    turnover,
    underlying,
)
from specs.record import FuturesTradeRecord
from widgets import cells, times, won
from widgets.message_text import message_text
from widgets.status import AGE_STYLES
from widgets.texts import t

WIDEST = 36
"""Cells of the widest column, so that a value stays near its label."""

GAP = 2

AMOUNT = 11
"""Cells of an amount of won beside the longest label."""

Pair = tuple[str, str]
"""A key of the catalogue in ``futures``, and the value beside its text; both empty for a gap."""


def futures_lines(
    row: Ticker, width: int, now: float, today: date | None = None, left: float = nan
) -> list[Content]:
    """Return the lines of a future's row for a room of `width` cells; a note without a trade.

    `left` is the number of seconds that the contract trades, from `today` on.
    """
    trade = row.trade
    if not isinstance(trade, FuturesTradeRecord):
        return [Content.styled(message_text(row.note) or t("greeks.no_trade"), "$text-label")]
    tone = AGE_STYLES[freshness(now - row.trade_at)]
    found = _pairs(row, trade, _time_left(row, today, left))
    pairs = [(t(f"futures.{key}") if key else "", value) for key, value in found]
    # A number that two columns would cut gets a line of its own.
    needed = max(cell_len(label) + 1 + cell_len(value) for label, value in pairs)
    across = 2 if width >= 2 * needed + GAP else 1
    room = min(WIDEST, (width - GAP * (across - 1)) // across)
    pairs = [pair for pair in pairs if pair[0] or across == 2]
    lines = [
        Content(" " * GAP).join(_cell(*pair, room, tone) for pair in pairs[at : at + across])
        for at in range(0, len(pairs), across)
    ]
    age = t("greeks.age", age=times.span(now - row.trade_at))
    return [*lines, Content.styled(age, "$text-label")]


def _pairs(row: Ticker, trade: FuturesTradeRecord, time_left: str) -> Iterable[Pair]:
    """Yield the pairs, two of a kind beside each other."""
    places = row.instrument.decimals
    level = partial(cells.number, decimals=places)
    change = partial(cells.plus, decimals=places)
    # At night the index stands still at its close.
    yield "close" if trades_at_night(row) else "underlying", level(underlying(trade))
    yield "theory", level(theoretical_price(row))
    yield "basis", change(trade.market_basis)
    yield "theoretical_basis", change(trade.theoretical_basis)
    yield "disparity", change(trade.disparity)
    yield "disparity_percent", _percent(disparity_percent(trade), cells.plus)
    limits = dynamic_limits(trade)
    yield from _limit_pairs(row, limits)
    yield "days", time_left
    if limits is None:
        yield "", ""
    yield "open_interest", cells.quantity(open_interest(trade))
    yield "open_interest_change", cells.plus(trade.open_interest_change, 0)
    yield "turnover", _amount(turnover(trade))
    yield "volume_change", _percent(_of(trade, "volume_change_percent"))
    yield "strength", _percent(_of(trade, "trade_strength"))
    yield "buy_ratio", _percent(100 * trade.buy_ratio)
    for name in ("open", "high", "low"):
        since = change(_of(trade, f"change_from_{name}"))
        yield name, level(trade_price(row, name))
        yield f"from_{name}", f"{since}{_clock(getattr(trade, f'{name}_time', ''))}"
    yield "sell_count", cells.quantity(trade.sell_trade_count)
    yield "buy_count", cells.quantity(trade.buy_trade_count)
    yield "near_month", level(_leg(trade, "near_month_price"))
    yield "far_month", level(_leg(trade, "far_month_price"))
    is_leg = isfinite(_leg(trade, "near_month_price"))
    yield "spread", level(_of(trade, "spread_price") if is_leg else float("nan"))
    yield "negotiated", cells.quantity(_of(trade, "negotiated_volume"))
    yield "net_count", cells.plus(trade.net_buy_trade_count, 0)
    yield "open_interest_last", cells.plus(trade.open_interest_last_change, 0)
    yield "sell_volume", cells.quantity(trade.sell_volume)
    yield "buy_volume", cells.quantity(trade.buy_volume)
    yield "ask_total", cells.quantity(_of(trade, "total_ask_size"))
    yield "bid_total", cells.quantity(_of(trade, "total_bid_size"))
    yield "last_volume", cells.quantity(trade.last_volume)
    yield "", ""


def _time_left(row: Ticker, today: date | None, left: float) -> str:
    expiry = row.instrument.expiry
    if today is None or expiry is None:
        return cells.MISSING
    return times.time_left((expiry - today).days, left)


def _limit_pairs(row: Ticker, limits: DynamicLimits | None) -> Iterable[Pair]:
    """Yield both dynamic limits with their distance from the last price, and KIS' raw flag."""
    if limits is None:
        yield "upper_limit", cells.MISSING
        yield "lower_limit", cells.MISSING
        return
    last, places = price(row), row.instrument.decimals
    for name, limit in (("upper_limit", limits.upper), ("lower_limit", limits.lower)):
        distance = _percent(100 * (limit - last) / last if last else float("nan"), cells.plus)
        yield name, f"{cells.number(limit, places)} {distance}"
    yield "limit_flag", limits.flag


def _cell(label: str, value: str, room: int, tone: str) -> Content:
    """Return a label on the left and its value on the right of `room` cells."""
    return Content.assemble(
        (label, "$text-label"), (cells.fit(value, room - cell_len(label), right=True), tone)
    )


def _of(trade: FuturesTradeRecord, name: str) -> float:
    """Return a field that not every TR of futures has; nan without it."""
    found: float = getattr(trade, name, float("nan"))
    return found


def _leg(trade: FuturesTradeRecord, name: str) -> float:
    # KIS sends 0 where there are no legs: for a future.
    return _of(trade, name) or float("nan")


def _percent(value: float, form: Callable[[float], str] = cells.number) -> str:
    return f"{form(value)}%" if isfinite(value) else cells.MISSING


def _amount(value: float) -> str:
    """Return an amount of won in the smallest unit that fits."""
    found = (won.amount(value, level) for level in won.levels((value,)))
    shown = [text for text in found if cell_len(text) <= AMOUNT]
    return shown[0] if shown else won.amount(value, won.levels((value,))[-1])


def _clock(time: str) -> str:
    """Return a time of day after a blank, or nothing for KIS' 000000, which every frame has."""
    return f" {times.clock(time)}" if time.strip("0") else ""
