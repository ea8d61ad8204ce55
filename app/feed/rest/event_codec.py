"""Results of REST as bytes, by which the owner of an app key hands them to other programs.

MessagePack, because JSON lacks nan, which stands for a number that KIS did not send.
"""

from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from app.feed.rest.rest_events import (
    RestBars,
    RestEvent,
    RestExpectedPrice,
    RestPrice,
    RestRefusal,
    RestTrouble,
)
from specs.catalog import CATALOG
from specs.expected_trend import RestExpected
from specs.market.bars import Bar
from specs.record import TradeRecord
from specs.user_message import MessageList, UserMessage, UserText

_Values = list[str | float]


class _Price(Struct, tag="price"):
    tr_id: str
    record: _Values
    at: str
    last_trading_day: date | None
    previous_close: float


class _Expected(Struct, tag="expected"):
    record: _Values


class _Bars(Struct, tag="bars"):
    code: str
    bars: tuple[Bar, ...]


class _Refusal(Struct, tag="refusal"):
    code: str
    reason: Any


class _Trouble(Struct, tag="trouble"):
    message: Any
    over: bool


_DECODER = msgspec.msgpack.Decoder(_Price | _Expected | _Bars | _Refusal | _Trouble)


def encode_event(event: RestEvent) -> bytes:
    """Return a result as bytes, for `decode_event`."""
    wire: _Price | _Expected | _Bars | _Refusal | _Trouble
    match event:
        case RestPrice(tr_id, record, at, ends, close):
            wire = _Price(tr_id, msgspec.to_builtins(record), at, ends, close)
        case RestExpectedPrice(record):
            wire = _Expected(msgspec.to_builtins(record))
        case RestBars(code, bars):
            wire = _Bars(code, bars)
        case RestRefusal(code, reason):
            wire = _Refusal(code, _plain(reason))
        case RestTrouble(message, over):
            wire = _Trouble(_plain(message), over)
    return msgspec.msgpack.encode(wire)


def decode_event(raw: bytes) -> RestEvent | None:
    """Return the result that another program encoded, or None if it is unreadable."""
    try:
        return _event(_DECODER.decode(raw))
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError, RecursionError):
        return None


def _event(wire: _Price | _Expected | _Bars | _Refusal | _Trouble) -> RestEvent:
    """Return the result in a message.

    Raises:
        KeyError: its TR is unknown.
        TypeError: its record is none.
        ValueError: its message is none.
    """
    match wire:
        case _Price(tr_id, values, at, ends, close):
            trade = CATALOG[tr_id].spec(*values)
            if not isinstance(trade, TradeRecord):
                raise TypeError(tr_id)
            return RestPrice(tr_id, trade, at, ends, close)
        case _Expected(values):
            return RestExpectedPrice(msgspec.convert(values, RestExpected))
        case _Bars(code, bars):
            return RestBars(code, bars)
        case _Refusal(code, reason):
            return RestRefusal(code, _text(reason))
        case _Trouble(message, over):
            return RestTrouble(_text(message), over)


def _plain(value: object) -> object:
    """Return a value of a message as MessagePack has it."""
    match value:
        case UserMessage():
            values = {name: _plain(one) for name, one in value.values.items()}
            return {"key": value.key, "fallback": value.fallback, "values": values}
        case MessageList():
            return {"parts": [_plain(one) for one in value.parts], "separator": value.separator}
        case str() | int() | float():
            return value
    return str(value)


def _text(plain: object) -> UserText:
    """Return the message in plain values.

    Raises:
        ValueError: it is none.
    """
    found = _value(plain)
    if not isinstance(found, UserMessage | MessageList):
        raise ValueError("no message")
    return found


def _value(plain: object) -> Any:
    match plain:
        case {"key": str(key), "fallback": str() | None as fallback, "values": dict(values)}:
            return UserMessage(key, fallback, **{str(n): _value(v) for n, v in values.items()})
        case {"parts": list(parts), "separator": str(separator)}:
            return MessageList([_value(one) for one in parts], separator)
    return plain
