"""The trades and indications of a session, kept by its owner for programs that join later.

They are flat arrays as `app.feed.trade_lane` hands them over, of 64 and 24 bytes each.
"""

from array import array
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from app.feed.rest.event_codec import decode_event
from app.feed.rest.rest_events import RestEvent
from app.feed.trade_lane import INDICATION_FIELDS, LaneRecords
from app.hub.quote_memory import FIELDS as QUOTE_FIELDS
from specs.market.trade_print import FIELDS

MOST_OF_A_CODE = 20_000
"""Trades, or indications, that are kept of a contract; the older half makes room."""

MOST = 200_000
"""Trades, or indications, that are kept in all: 13 MB and 5 MB; beyond that the older half of the
busiest contract's makes room."""


class _Encoded(Struct):
    trades: bytes = b""
    indications: bytes = b""
    rest: tuple[bytes, ...] = ()
    quotes: bytes = b""


class Recalled(Struct, frozen=True):
    """What the owner of a session knows of one code."""

    records: LaneRecords = LaneRecords({}, {})
    rest: tuple[RestEvent, ...] = ()
    """What REST said of it, in the order in which it came."""


class TradeMemory:
    """Keeps what came of each code; it lives on the feed's loop."""

    def __init__(self) -> None:
        self._trades: dict[str, array[float]] = {}
        self._indications: dict[str, array[float]] = {}

    def apply(self, records: LaneRecords) -> None:
        """Keep what came since the last time."""
        _extend(self._trades, records.trades, FIELDS)
        _extend(self._indications, records.indications, INDICATION_FIELDS)

    def prepend(self, earlier: LaneRecords) -> None:
        """Keep what another program knows of before, up to the first of what is kept."""
        _prepend(self._trades, earlier.trades, FIELDS)
        _prepend(self._indications, earlier.indications, INDICATION_FIELDS)

    def encode(
        self, code: str, rest: Iterable[bytes] = (), quotes: "array[float] | None" = None
    ) -> bytes:
        """Return what is known of a code, for `read_memory`.

        `rest` are encoded results of REST, `quotes` samples as of `app.hub.quote_memory`.
        """
        sampled = quotes.tobytes() if quotes is not None else b""
        trades = self._trades.get(code, array("d")).tobytes()
        indications = self._indications.get(code, array("d")).tobytes()
        return msgspec.msgpack.encode(_Encoded(trades, indications, tuple(rest), sampled))

    def clear(self) -> None:
        """Discard everything: another trade date has begun."""
        self._trades.clear()
        self._indications.clear()


def read_memory(code: str, body: bytes) -> Recalled | None:
    """Return what another program encoded of a code, or None if it is unreadable."""
    try:
        kept = msgspec.msgpack.decode(body, type=_Encoded)
        trades, indications, quotes = array("d"), array("d"), array("d")
        trades.frombytes(kept.trades)
        indications.frombytes(kept.indications)
        quotes.frombytes(kept.quotes)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if len(trades) % FIELDS or len(indications) % INDICATION_FIELDS or len(quotes) % QUOTE_FIELDS:
        return None
    found = ({code: values} if values else {} for values in (trades, indications, quotes))
    records = LaneRecords(*found)
    events = map(decode_event, kept.rest)
    return Recalled(records, tuple(event for event in events if event is not None))


def _extend(
    kept: "dict[str, array[float]]", more: "Mapping[str, array[float]]", width: int
) -> None:
    for code, values in more.items():
        mine = kept.setdefault(code, array("d"))
        mine.extend(values)
        if len(mine) > MOST_OF_A_CODE * width:
            del mine[: len(mine) - MOST_OF_A_CODE // 2 * width]
    while sum(map(len, kept.values())) > MOST * width:
        busiest = max(kept, key=lambda code: len(kept[code]))
        del kept[busiest][: (len(kept[busiest]) // width + 1) // 2 * width]


def _prepend(
    kept: "dict[str, array[float]]", earlier: "Mapping[str, array[float]]", width: int
) -> None:
    for code, values in earlier.items():
        mine = kept.setdefault(code, array("d"))
        first, end = mine[:width].tobytes(), len(values)
        for at in range(0, len(values), width):
            if values[at : at + width].tobytes() == first:
                end = at
                break
        mine[:0] = values[:end]
    _extend(kept, {}, width)
