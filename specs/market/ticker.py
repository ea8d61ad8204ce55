"""The ticker: one contract with its newest records, as a row of a board, and values read from it.

Tickers are frozen: a changed one is another object, so its identity serves as a version by which
drawn lines are cached.
"""

from enum import IntEnum
from math import isfinite, nan
from typing import Literal, NamedTuple

from msgspec import Struct

from specs.catalog import CATALOG, Session
from specs.codes import is_spread
from specs.market.combination import CombinationQuote
from specs.market.depth import depth, inferred_tick
from specs.market.indication import Indication
from specs.market.instrument import Instrument, tick_at
from specs.market.price_path import PricePath
from specs.market.row_view import PLAIN_VIEW, RowView
from specs.market.theoretical import GreeksSource, TheoreticalValues
from specs.record import BookRecord, ExpectedRecord, OptionTradeRecord, Record, TradeRecord
from specs.user_message import UserText


class Freshness(IntEnum):
    """The age class of a row's values."""

    FRESH = 0
    OLDER = 1
    OLD = 2


OLDER_AFTER, OLD_AFTER = 10.0, 60.0
"""Seconds after which a row's values are OLDER, and OLD."""


def freshness(age: float) -> Freshness:
    """Return the class of an age in seconds."""
    if age < OLDER_AFTER:
        return Freshness.FRESH
    return Freshness.OLDER if age < OLD_AFTER else Freshness.OLD


class RowAge(NamedTuple):
    """The age classes of a row's trade, of its best quotes, and of its own theoretical values."""

    trade: Freshness = Freshness.FRESH
    quotes: Freshness = Freshness.FRESH
    own: Freshness = Freshness.FRESH


class Ticker(Struct, frozen=True, gc=False):
    """A contract with its newest records; arrival times in monotonic seconds."""

    instrument: Instrument
    trade: TradeRecord | None = None
    trade_at: float = float("-inf")
    expected: ExpectedRecord | None = None
    expected_at: float = float("-inf")
    indication: Indication | None = None
    """What the current auction, or the last one, has indicated; None without expected prices."""
    book: BookRecord | None = None
    """The order book while it is registered, else None."""
    book_at: float = float("-inf")
    theoretical: TheoreticalValues | None = None
    """Theoretical values, of an option that is on the screen."""
    source: GreeksSource = "auto"
    """The source of the volatility and greeks to show."""
    scale: float | None = None
    """Multiplies the implied volatility of its trade's TR into percent; None: the catalogue's."""
    kis_fault: str = ""
    """Why KIS' greeks are not used, a text key after ``kis_fault.``; empty if they are."""
    kis_contrary: int = 0
    """Trades in a row that contradicted it."""
    asked_at: str = ""
    """Time of the REST request that brought the trade, HHMMSS; empty for a streamed trade."""
    missed: float = 0.0
    """Contracts traded without a received trade, from the growth of the volume."""
    badge: UserText | None = None
    """A word after the name, for example for an expired contract."""
    is_alerted: bool = False
    """Whether an alert on it fired a short time ago."""
    note: UserText | None = None
    """A message shown in place of a missing price."""
    path: PricePath = ()
    """The session's prices so far, a level for each part of it."""
    combination: CombinationQuote | None = None
    """The quotes of a combination, whose row this is; None for a contract's."""
    view: RowView = PLAIN_VIEW
    """What the user has set for it."""

    @property
    def code(self) -> str:
        return self.instrument.code

    @property
    def option(self) -> OptionTradeRecord | None:
        """The trade if it is an option's, else None."""
        return self.trade if isinstance(self.trade, OptionTradeRecord) else None


_AT_NIGHT = frozenset(entry.spec for entry in CATALOG.values() if entry.session is Session.NIGHT)
_SCALES = {entry.spec: entry.volatility_scale for entry in CATALOG.values()}
_NO_DISPARITY = 9999.99
_TURNOVER_UNITS = {entry.spec: entry.turnover_unit for entry in CATALOG.values()}


def price(row: Ticker) -> float:
    """Return the last price; nan without a trade."""
    return trade_price(row, "price")


def trade_price(row: Ticker, name: str) -> float:
    """Return a price of a row's trade by its field's name; nan if missing.

    KIS sends 0 for a missing price: only a calendar spread trades at 0.
    """
    found: float = getattr(row.trade, name, nan)
    return nan if found == 0 and not is_spread(row.code) else found


def theoretical_price(row: Ticker) -> float:
    """Return KIS' theoretical price; nan without one.  An option may be worth 0, a future not."""
    if row.option is None:
        return trade_price(row, "theoretical_price")
    return row.option.theoretical_price


def expected_price(row: Ticker) -> float:
    """Return the price at which an auction would end; nan without one."""
    found = row.expected.expected_price if row.expected is not None else nan
    return nan if found == 0 and not is_spread(row.code) else found


def is_indicative(row: Ticker) -> bool:
    """Return whether an auction goes on that has an expected price, which stands for the last."""
    indication = row.indication
    if indication is None or not indication.is_running:
        return False
    expected = expected_price(row)
    return expected == expected


def shown_price(row: Ticker) -> float:
    """Return the expected price while an auction goes on, else the last price.

    A combination's is the middle of its quotes.
    """
    if row.combination is not None:
        return row.combination.middle
    if row.indication is not None and is_indicative(row):
        return expected_price(row)
    return price(row)


def time_of(record: Record | None) -> str:
    """Return KIS' HHMMSS of a record; empty without a record or for an invalid time.

    Hours from 24 on, for the time after midnight, are valid on the night's TRs only.
    """
    if record is None:
        return ""
    late = record.time[:2] >= "24" and type(record) not in _AT_NIGHT
    return "" if late else record.time


def trades_at_night(row: Ticker) -> bool:
    """Return whether the row's trade came on a TR of the night session."""
    return type(row.trade) in _AT_NIGHT


def updated_at(row: Ticker) -> float:
    """Return the arrival of a row's values: of its trade, or of its book if it has no trade.

    While an auction goes on it is that of the expected price.
    """
    if row.indication is not None and is_indicative(row):
        return row.expected_at
    return row.book_at if row.trade is None and row.book is not None else row.trade_at


def row_age(row: Ticker, now: float) -> RowAge:
    """Return the age classes of a row at a time in monotonic seconds."""
    quoted_at = row.trade_at if row.book is None else row.book_at
    own_at = row.theoretical.at if row.theoretical is not None else row.trade_at
    return RowAge(
        freshness(now - updated_at(row)), freshness(now - quoted_at), freshness(now - own_at)
    )


def direction(sign: str, change: float) -> int:
    """Return 1 for up, 0 for flat, -1 for down, by KIS' sign code, else by the change itself."""
    if sign in ("1", "2"):
        return 1
    if sign in ("4", "5"):
        return -1
    return 0 if sign == "3" or change != change else (change > 0) - (change < 0)


def signed(value: float, sign: str) -> float:
    """Return a difference with the sign of its code: some TRs send the absolute amount."""
    return -abs(value) if sign in ("4", "5") else value


def volatility(trade: OptionTradeRecord, scale: float | None = None) -> float:
    """Return KIS' implied volatility in percent; nan for 0, which is a missing value.

    `scale` replaces the catalogue's once comparisons have determined it.
    """
    percent = trade.implied_volatility * (_SCALES[type(trade)] if scale is None else scale)
    return percent if percent > 0 else nan


def historical_volatility(trade: OptionTradeRecord, scale: float | None = None) -> float:
    """Return KIS' historical volatility of the underlying in percent; nan for 0 or without one.

    It comes in the unit of the implied volatility of the same TR.
    """
    found: float = getattr(trade, "historical_volatility", nan)
    percent = found * (_SCALES[type(trade)] if scale is None else scale)
    return percent if percent > 0 else nan


def open_interest(trade: TradeRecord) -> float:
    """Return the open interest; nan for 0 beside a volume, which is a missing value."""
    missing = trade.open_interest == 0 and trade.accumulated_volume > 0
    return nan if missing else trade.open_interest


def disparity_percent(trade: TradeRecord) -> float:
    """Return the mispricing in percent (괴리율); nan for KIS' ±9999.99 beside a theory near 0."""
    found = trade.disparity_percent
    return found if abs(found) < _NO_DISPARITY else nan


def turnover(trade: TradeRecord) -> float:
    """Return the accumulated turnover of the session in won."""
    return trade.accumulated_turnover * _TURNOVER_UNITS[type(trade)]


def quoted(record: BookRecord | TradeRecord, side: Literal["bid", "ask"]) -> float:
    """Return the best quote of a side; nan without one.

    KIS sends 0 for a missing quote.  A calendar spread may be quoted at 0, which then has a size.
    """
    bids = side == "bid"
    found, size = (record.bid, record.bid_size) if bids else (record.ask, record.ask_size)
    return found if found != 0 or (size > 0 and is_spread(record.code)) else nan


def bid(row: Ticker) -> float:
    """Return the best bid: the book's if there is one, else the last trade's; nan without."""
    if row.combination is not None:
        return row.combination.bid
    source = row.book or row.trade
    return quoted(source, "bid") if source is not None else nan


def ask(row: Ticker) -> float:
    """Return the best ask: the book's if there is one, else the last trade's; nan without."""
    if row.combination is not None:
        return row.combination.ask
    source = row.book or row.trade
    return quoted(source, "ask") if source is not None else nan


def best_size(row: Ticker, side: Literal["bid", "ask"]) -> float:
    """Return the contracts at the best quote of a side; nan without such a quote.

    The book's if there is one, else the last trade's.
    """
    source = row.book or row.trade
    if source is None or quoted(source, side) != quoted(source, side):
        return nan
    return source.bid_size if side == "bid" else source.ask_size


def spread_ticks(row: Ticker) -> float:
    """Return the distance of the best quotes in ticks; nan where ticks or quotes are unknown."""
    best = bid(row)
    tick = tick_at(row.instrument.ticks, best)
    if not isfinite(tick) and row.book is not None:
        tick = inferred_tick(depth(row.book))
    ticks = (ask(row) - best) / tick
    return round(ticks, 1) if isfinite(ticks) else nan


def underlying(trade: TradeRecord) -> float:
    """Return the underlying's price by KIS, price minus market basis; nan if missing.

    A basis of 0 is a missing value: it would give an option's price as its underlying's.
    """
    level = trade.price - trade.market_basis
    return level if trade.market_basis != 0 and level > 0 else nan


def expected_base(expected: ExpectedRecord) -> float:
    """Return the price from which an expected change is measured."""
    change = signed(expected.expected_change, expected.expected_change_sign)
    return expected.expected_price - change
