"""What a board shows on one line: a contract, its newest records, or words in their place.

Rows are frozen: a row that changed is another object, so identity is the version that a drawn line
is kept by.
"""

from enum import IntEnum
from math import nan
from typing import Literal

from msgspec import Struct

from specs.catalog import CATALOG, Session
from specs.codes import is_spread
from specs.market.instrument import Instrument
from specs.market.theoretical import GreeksSource, TheoreticalValues
from specs.record import BookRecord, ExpectedRecord, OptionTradeRecord, Record, TradeRecord


class Freshness(IntEnum):
    """How old the values of a row are."""

    FRESH = 0
    OLDER = 1
    OLD = 2


OLDER_AFTER, OLD_AFTER = 10.0, 60.0
"""Seconds after which a row's values are older, and old."""


def freshness(age: float) -> Freshness:
    """How old values of an age in seconds are."""
    if age < OLDER_AFTER:
        return Freshness.FRESH
    return Freshness.OLDER if age < OLD_AFTER else Freshness.OLD


class Ticker(Struct, frozen=True, gc=False):
    """A contract with the newest that is known of it; arrivals in monotonic seconds."""

    instrument: Instrument
    trade: TradeRecord | None = None
    trade_at: float = float("-inf")
    expected: ExpectedRecord | None = None
    expected_at: float = float("-inf")
    book: BookRecord | None = None
    """The order book, while it is registered."""
    book_at: float = float("-inf")
    theoretical: TheoreticalValues | None = None
    """What our own theory says, of an option that is in sight."""
    source: GreeksSource = "auto"
    """Whose volatility and greeks are wanted."""
    scale: float | None = None
    """Multiplies the implied volatility of its trade's TR into percent; none: the catalogue's."""
    asked_at: str = ""
    """When REST was asked for the trade, HHMMSS; empty for one that was streamed."""
    missed: float = 0.0
    """Contracts that were traded and not heard, by what the volume grew."""
    badge: str = ""
    """A word that follows the name, such as that the contract has expired."""
    note: str = ""
    """Said where the price would stand while there is none."""

    @property
    def code(self) -> str:
        return self.instrument.code

    @property
    def option(self) -> OptionTradeRecord | None:
        """The trade, if it is an option's."""
        return self.trade if isinstance(self.trade, OptionTradeRecord) else None


_AT_NIGHT = frozenset(entry.spec for entry in CATALOG.values() if entry.session is Session.NIGHT)
_SCALES = {entry.spec: entry.volatility_scale for entry in CATALOG.values()}


def price(row: Ticker) -> float:
    """The last price; nan without a trade."""
    return trade_price(row, "price")


def trade_price(row: Ticker, name: str) -> float:
    """Return a price of a row's trade under its field's name; nan without one.

    KIS writes 0 where there is none: only a calendar spread trades at 0.
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


def time_of(record: Record | None) -> str:
    """Return KIS' HHMMSS of a record, empty where it is no time of its TR.

    Hours from 24 on are those of the TRs of the night, after midnight.
    """
    if record is None:
        return ""
    late = record.time[:2] >= "24" and type(record) not in _AT_NIGHT
    return "" if late else record.time


def trades_at_night(row: Ticker) -> bool:
    """Return whether the row's trade came on a TR of the night session."""
    return type(row.trade) in _AT_NIGHT


def updated_at(row: Ticker) -> float:
    """When what a row shows arrived: its trade, or its quotes where they are all there is."""
    return row.book_at if row.trade is None and row.book is not None else row.trade_at


def direction(sign: str, change: float) -> int:
    """Up 1, flat 0 or down -1, by KIS' sign code, else by the change itself."""
    if sign in ("1", "2"):
        return 1
    if sign in ("4", "5"):
        return -1
    return 0 if sign == "3" or change != change else (change > 0) - (change < 0)


def signed(value: float, sign: str) -> float:
    """A difference with the sign that its code says: some TRs send the bare amount."""
    return -abs(value) if sign in ("4", "5") else value


def volatility(trade: OptionTradeRecord, scale: float | None = None) -> float:
    """KIS' implied volatility in percent; a venue's 0 is a missing value.

    `scale` stands in for that of the catalogue where comparisons have decided it.
    """
    percent = trade.implied_volatility * (_SCALES[type(trade)] if scale is None else scale)
    return percent if percent > 0 else nan


def open_interest(trade: TradeRecord) -> float:
    """Open interest; 0 beside a volume is a missing value."""
    missing = trade.open_interest == 0 and trade.accumulated_volume > 0
    return nan if missing else trade.open_interest


def quoted(record: BookRecord | TradeRecord, side: Literal["bid", "ask"]) -> float:
    """Return the best quote of a side; nan where there is none.

    KIS writes 0 where there is no quote.  A calendar spread may be quoted at 0: then its size tells
    whether it is.
    """
    bids = side == "bid"
    found, size = (record.bid, record.bid_size) if bids else (record.ask, record.ask_size)
    return found if found != 0 or (size > 0 and is_spread(record.code)) else nan


def bid(row: Ticker) -> float:
    """The best bid: the book's where there is one, else the last trade's; nan without."""
    source = row.book or row.trade
    return quoted(source, "bid") if source is not None else nan


def ask(row: Ticker) -> float:
    """The best ask: the book's where there is one, else the last trade's; nan without."""
    source = row.book or row.trade
    return quoted(source, "ask") if source is not None else nan


def underlying(trade: TradeRecord) -> float:
    """The underlying's price as KIS sees it: price less market basis; nan without one.

    A basis of 0 is a missing value: an option's price is none of its underlying.
    """
    level = trade.price - trade.market_basis
    return level if trade.market_basis != 0 and level > 0 else nan


def expected_base(expected: ExpectedRecord) -> float:
    """The price that an expected change is measured from."""
    change = signed(expected.expected_change, expected.expected_change_sign)
    return expected.expected_price - change
