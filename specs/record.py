"""The base of every record struct: fields in wire order, KIS' element name as the encoded name."""

from math import nan
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct, field
from msgspec.structs import fields

Quantity = Annotated[float, Meta(ge=0)]
"""A number of contracts, trades or won: never negative, nan if KIS sends none."""

Sign = Annotated[str, Meta(max_length=1)]
"""1 upper limit, 2 up, 3 unchanged, 4 lower limit, 5 down; longer is a shifted column."""

TimeOfDay = Annotated[str, Meta(max_length=6)]
"""HHMMSS in KST; longer is a shifted column."""

Flag = Annotated[str, Meta(max_length=1)]
"""One character; a longer value is the price of the next column, and neither can be trusted."""

CodeText = Annotated[str, Meta(max_length=5)]
"""A code of KIS, shown unchanged; a contract's code is longer and never fits."""


class Record(Struct, array_like=True, frozen=True, gc=False):
    """One record of a data frame.

    Text stays text (codes and times keep their leading zeros), every number is a float, and a
    missing number is nan.  Trailing fields that a frame lacks take their default.
    """

    if TYPE_CHECKING:
        # Every record begins with these two, under an element name of its own.
        @property
        def code(self) -> str: ...
        @property
        def time(self) -> str: ...


class TradeRecord(Record, frozen=True):
    """Base of the TRs that send a trade: price, volume and best quotes.

    Like the other bases it adds no field at run time, because the wire order differs from TR to
    TR.  The annotations name what every TR of the kind has; a test checks it.
    """

    if TYPE_CHECKING:

        @property
        def price(self) -> float: ...
        @property
        def change_sign(self) -> str: ...
        @property
        def change(self) -> float: ...
        @property
        def change_percent(self) -> float: ...
        @property
        def open(self) -> float: ...
        @property
        def high(self) -> float: ...
        @property
        def low(self) -> float: ...
        @property
        def last_volume(self) -> float: ...
        @property
        def accumulated_volume(self) -> float: ...
        @property
        def accumulated_turnover(self) -> float: ...
        @property
        def theoretical_price(self) -> float: ...
        @property
        def open_interest(self) -> float: ...
        @property
        def open_interest_change(self) -> float: ...
        @property
        def open_interest_last_change(self) -> float: ...
        @property
        def change_from_open(self) -> float: ...
        @property
        def buy_ratio(self) -> float: ...
        @property
        def disparity(self) -> float: ...
        @property
        def disparity_percent(self) -> float: ...
        @property
        def theoretical_basis(self) -> float: ...
        @property
        def market_basis(self) -> float: ...
        @property
        def ask(self) -> float: ...
        @property
        def bid(self) -> float: ...
        @property
        def ask_size(self) -> float: ...
        @property
        def bid_size(self) -> float: ...
        @property
        def sell_trade_count(self) -> float: ...
        @property
        def buy_trade_count(self) -> float: ...
        @property
        def net_buy_trade_count(self) -> float: ...
        @property
        def sell_volume(self) -> float: ...
        @property
        def buy_volume(self) -> float: ...


class OptionTradeRecord(TradeRecord, frozen=True):
    """Base of the TRs that send an option's trade, with KIS' volatility and greeks."""

    if TYPE_CHECKING:

        @property
        def intrinsic_value(self) -> float: ...
        @property
        def time_value(self) -> float: ...
        @property
        def delta(self) -> float: ...
        @property
        def gamma(self) -> float: ...
        @property
        def vega(self) -> float: ...
        @property
        def theta(self) -> float: ...
        @property
        def rho(self) -> float: ...
        @property
        def implied_volatility(self) -> float: ...


class FuturesTradeRecord(TradeRecord, frozen=True):
    """Base of the TRs that send a future's or a calendar spread's trade."""

    if TYPE_CHECKING:

        @property
        def dynamic_upper_limit(self) -> float: ...
        @property
        def dynamic_lower_limit(self) -> float: ...


class ExpectedRecord(Record, frozen=True):
    """Base of the TRs that send the price at which a call auction would end (예상체결)."""

    if TYPE_CHECKING:

        @property
        def expected_price(self) -> float: ...
        @property
        def expected_change(self) -> float: ...
        @property
        def expected_change_percent(self) -> float: ...
        @property
        def expected_change_sign(self) -> str: ...
        @property
        def market_operation_code(self) -> str: ...


class BookRecord(Record, frozen=True):
    """Base of the TRs that send an order book (호가): five or ten levels, and the totals."""

    if TYPE_CHECKING:

        @property
        def ask(self) -> float: ...
        @property
        def bid(self) -> float: ...
        @property
        def ask_size(self) -> float: ...
        @property
        def bid_size(self) -> float: ...
        @property
        def total_ask_size(self) -> float: ...
        @property
        def total_bid_size(self) -> float: ...


def number(element: str) -> float:
    """Return a numeric field under KIS' element name; missing is nan."""
    return field(default=nan, name=element)


def text(element: str) -> str:
    """Return a text field (code, time, sign, flag) under KIS' element name; missing is empty."""
    return field(default="", name=element)


def elements(spec: type[Record]) -> tuple[str, ...]:
    """Return KIS' element names of a record struct, in wire order."""
    return tuple(f.encode_name for f in fields(spec))
