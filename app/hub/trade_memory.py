"""The trades and indications of a session, kept by its owner for programs that join later.

They are flat arrays as `app.feed.trade_lane` hands them over, of 64 and 24 bytes each.
"""

from array import array
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from app.feed.trade_lane import INDICATION_FIELDS, LaneRecords
from specs.market.trade_print import FIELDS

MOST_OF_A_CODE = 20_000
"""Trades, or indications, that are kept of a contract; the older half makes room."""

MOST = 200_000
"""Trades, or indications, that are kept in all: 13 MB and 5 MB; beyond that the older half of the
busiest contract's makes room."""


class _Remembered(Struct):
    trades: bytes = b""
    indications: bytes = b""


class TradeMemory:
    """Keeps what came of each code; it lives on the feed's loop."""

    def __init__(self) -> None:
        self._trades: dict[str, array[float]] = {}
        self._indications: dict[str, array[float]] = {}

    def apply(self, records: LaneRecords) -> None:
        """Keep what came since the last time."""
        _extend(self._trades, records.trades, FIELDS)
        _extend(self._indications, records.indications, INDICATION_FIELDS)

    def encode(self, code: str) -> bytes:
        """Return what is known of a code, for `read_memory`."""
        found = (kept.get(code, array("d")).tobytes() for kept in (self._trades, self._indications))
        return msgspec.msgpack.encode(_Remembered(*found))

    def clear(self) -> None:
        """Discard everything: another trade date has begun."""
        self._trades.clear()
        self._indications.clear()


def read_memory(code: str, body: bytes) -> LaneRecords | None:
    """Return the records of a code that another program encoded, or None if they are unreadable."""
    try:
        kept = msgspec.msgpack.decode(body, type=_Remembered)
        trades, indications = array("d"), array("d")
        trades.frombytes(kept.trades)
        indications.frombytes(kept.indications)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if len(trades) % FIELDS or len(indications) % INDICATION_FIELDS:
        return None
    return LaneRecords({code: trades} if trades else {}, {code: indications} if indications else {})


def _extend(
    kept: "dict[str, array[float]]", more: "Mapping[str, array[float]]", width: int
) -> None:
    for code, values in more.items():
        mine = kept.setdefault(code, array("d"))
        mine.extend(values)
        if len(mine) > MOST_OF_A_CODE * width:
            del mine[: len(mine) - MOST_OF_A_CODE // 2 * width]
    while more and sum(map(len, kept.values())) > MOST * width:
        busiest = max(kept, key=lambda code: len(kept[code]))
        del kept[busiest][: (len(kept[busiest]) // width + 1) // 2 * width]
