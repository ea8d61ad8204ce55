"""The quantities that an alert can watch: their words, their bounds, and where values come from.

A record's own values are read from every record of their channels; computed ones (volatility,
greeks, theory, positions, silence, the link) come from whoever computes them.
"""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from math import inf, nan
from operator import attrgetter
from typing import Any

from msgspec import Struct

from specs.catalog import Channel
from specs.codes import is_spread
from specs.market.dynamic_limits import dynamic_limits
from specs.market.ticker import quoted, signed
from specs.record import Record

RecordReader = Callable[[Record], float]
"""Returns a value of a record; nan if it is missing."""


class Subject(Enum):
    """What an alert's text names before the quantity."""

    CONTRACT = auto()
    """A code."""
    POSITION = auto()
    """A code, or nothing for all positions."""
    LINK = auto()
    """Nothing: there is one connection."""


class Quantity(Struct, frozen=True):
    """One quantity; `least` and `most` bound the numbers that can be asked for."""

    name: str
    word: str
    korean: str
    subject: Subject = Subject.CONTRACT
    readers: Mapping[Channel, RecordReader] = {}
    """The readers of a record's own value by channel; empty for a computed quantity."""
    least: float = -inf
    most: float = inf
    of_options: bool = False
    """Whether only options have it."""
    is_event: bool = False
    """Whether every record is an event of its own, as a print is, and not the state of a value."""
    is_duration: bool = False
    """Whether it is compared with a duration, such as 30s."""


# The readers run for every record, so they take its fields as they are: the channel says which.
def _price(record: Any) -> float:
    # KIS sends 0 for a missing price: only a calendar spread trades at 0.
    price: float = record.price
    return price if price != 0 or is_spread(record.code) else nan


def _change(record: Any) -> float:
    return signed(record.change, record.change_sign)


def _change_percent(record: Any) -> float:
    return signed(record.change_percent, record.change_sign)


def _bid(record: Any) -> float:
    bid: float = record.bid
    return bid if bid > 0 else quoted(record, "bid")


def _ask(record: Any) -> float:
    ask: float = record.ask
    return ask if ask > 0 else quoted(record, "ask")


def _spread(record: Any) -> float:
    # Rounded to what KIS sends: 1.15 - 1.10 is to be 0.05.
    return round(_ask(record) - _bid(record), 6)


_volume: RecordReader = attrgetter("accumulated_volume")
_size: RecordReader = attrgetter("last_volume")


def _high(record: Any) -> float:
    high: float = record.high
    return high if high != 0 or is_spread(record.code) else nan


def _low(record: Any) -> float:
    low: float = record.low
    return low if low != 0 or is_spread(record.code) else nan


def _to_upper_limit(record: Any) -> float:
    limits = dynamic_limits(record)
    return nan if limits is None else round(limits.upper - _price(record), 6)


def _to_lower_limit(record: Any) -> float:
    limits = dynamic_limits(record)
    return nan if limits is None else round(_price(record) - limits.lower, 6)


def _to_limit(record: Any) -> float:
    return min(_to_upper_limit(record), _to_lower_limit(record))


def _expected(record: Any) -> float:
    expected: float = record.expected_price
    return expected if expected != 0 or is_spread(record.code) else nan


def _expected_change(record: Any) -> float:
    return signed(record.expected_change, record.expected_change_sign)


def _trade(read: RecordReader) -> dict[Channel, RecordReader]:
    return {Channel.TRADE: read}


def _quotes(read: RecordReader) -> dict[Channel, RecordReader]:
    return {Channel.TRADE: read, Channel.BOOK: read}


def _auction(read: RecordReader) -> dict[Channel, RecordReader]:
    return {Channel.EXPECTED: read}


_POSITION, _LINK = Subject.POSITION, Subject.LINK
_DAY = 86_400.0
_HIGHEST = 1e9

QUANTITIES: tuple[Quantity, ...] = (
    Quantity("price", "price", "현재가", readers=_trade(_price), most=_HIGHEST),
    Quantity("change", "change", "전일대비", readers=_trade(_change)),
    Quantity("change_percent", "change%", "등락률", readers=_trade(_change_percent), least=-100),
    Quantity("bid", "bid", "매수호가", readers=_quotes(_bid), most=_HIGHEST),
    Quantity("ask", "ask", "매도호가", readers=_quotes(_ask), most=_HIGHEST),
    Quantity("spread", "spread", "호가차", readers=_quotes(_spread)),
    Quantity("volume", "volume", "거래량", readers=_trade(_volume), least=0),
    Quantity("size", "size", "체결량", readers=_trade(_size), least=0, is_event=True),
    Quantity("high", "high", "고가", readers=_trade(_high), is_event=True),
    Quantity("low", "low", "저가", readers=_trade(_low), is_event=True),
    Quantity("limit", "limit", "제한가", readers=_trade(_to_limit)),
    Quantity("upper", "upper", "상한가", readers=_trade(_to_upper_limit)),
    Quantity("lower", "lower", "하한가", readers=_trade(_to_lower_limit)),
    Quantity("expected", "expected", "예상가", readers=_auction(_expected), most=_HIGHEST),
    Quantity("expected_change", "expected-change", "예상대비", readers=_auction(_expected_change)),
    Quantity("expected_edge", "expected-edge", "예상괴리", of_options=True),
    Quantity("iv", "iv", "내재변동성", least=0, most=1000, of_options=True),
    Quantity("atm_iv_change", "atm-iv-change", "등가격변동성차", of_options=True),
    Quantity("delta", "delta", "델타", least=-1, most=1, of_options=True),
    Quantity("gamma", "gamma", "감마", least=0, of_options=True),
    Quantity("vega", "vega", "베가", least=0, of_options=True),
    Quantity("theta", "theta", "세타", of_options=True),
    Quantity("rho", "rho", "로우", of_options=True),
    Quantity("theory", "theory", "이론가", least=0, most=_HIGHEST, of_options=True),
    Quantity("edge", "edge", "이론괴리", of_options=True),
    Quantity("quiet", "quiet", "무수신", least=1, most=_DAY, is_duration=True),
    Quantity("position_delta", "position-delta", "포지션델타", _POSITION),
    Quantity("pnl", "pnl", "손익", _POSITION),
    Quantity("link", "link", "연결", _LINK, least=1, most=_DAY, is_duration=True),
)

BY_NAME: dict[str, Quantity] = {one.name: one for one in QUANTITIES}
BY_WORD: dict[str, Quantity] = {word: one for one in QUANTITIES for word in (one.word, one.korean)}
NEVER_NEGATIVE = frozenset(("price", "bid", "ask", "expected"))
"""Prices, which only a calendar spread can have below zero."""

EXTREMES = frozenset(("high", "low"))
"""Quantities whose only condition is that a new one was made."""

LIMITS = frozenset(("limit", "upper", "lower"))
"""Distances from the dynamic price limits (실시간 상·하한가), whose only condition is touched."""
