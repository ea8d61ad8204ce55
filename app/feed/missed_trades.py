"""Trades that never came, found by comparing the accumulated volume with received trade sizes.

A session's volume only grows, each trade by its own size.  What it grew by beyond that was traded
and not heard; a trade that comes late takes its part of that back.  Nothing is known of what was
traded before the first record of a contract.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite

from specs.catalog import CATALOG, Channel, Session
from specs.record import Record, TradeRecord
from specs.time_of_day import second_of_trade_date

MOST_GAPS = 32
"""Gaps of a contract that a late trade may still fill; older ones stay as they were counted."""

_TRADES = frozenset(e.tr_id for e in CATALOG.values() if e.channel is Channel.TRADE)

_Key = tuple[str, str]


class MissedTrades:
    """Compares every trade with the one before it on its (TR, code)."""

    def __init__(self) -> None:
        self._furthest: dict[_Key, TradeRecord] = {}
        self._gaps: dict[_Key, list[tuple[float, float]]] = {}
        self._counted: dict[str, float] = {}
        self._missed: Mapping[str, float] | None = {}
        self._session: tuple[date, Session] | None = None
        self.backwards = 0
        """Trades whose volume was below an earlier one's: late, or sent again."""

    @property
    def missed(self) -> Mapping[str, float]:
        """Missed contracts by code; the same object until they change."""
        if self._missed is None:
            self._missed = {code: count for code, count in self._counted.items() if count > 0}
        return self._missed

    def apply(self, tr_id: str, records: Sequence[Record]) -> None:
        """Apply the records of a frame of any TR, in the order in which they came."""
        if tr_id not in _TRADES:
            return
        furthest = self._furthest
        trades: Sequence[TradeRecord] = records  # type: ignore[assignment]
        for record in trades:
            key = tr_id, record.code
            last = furthest.get(key)
            if (
                last is not None
                and record.accumulated_volume - record.last_volume == last.accumulated_volume
            ):
                furthest[key] = record
            else:
                self._uneven(key, record, last)

    def start_session(self, trade_date: date, session: Session) -> None:
        """Set the current session; a change of session resets all volumes."""
        if self._session not in (None, (trade_date, session)):
            self.restore({})
        self._session = trade_date, session

    def restore(self, missed: Mapping[str, float]) -> None:
        """Go on from what was missed up to some other moment; the next records are the first."""
        self._furthest.clear()
        self._gaps.clear()
        self._counted = dict(missed)
        self._missed = None

    def _uneven(self, key: _Key, record: TradeRecord, last: TradeRecord | None) -> None:
        """Take a record that does not follow the last one."""
        volume = record.accumulated_volume
        if not isfinite(volume):
            return
        before = volume - record.last_volume
        if last is None:
            self._furthest[key] = record
        elif volume > last.accumulated_volume:
            self._furthest[key] = record
            # Without a size nothing is known of a gap: no comparison with nan is true.
            if before > last.accumulated_volume:
                self._open(key, last.accumulated_volume, before)
        elif volume < last.accumulated_volume:
            # In one session a later trade has a larger volume, so this is another one's.
            if second_of_trade_date(record.time) > second_of_trade_date(last.time):
                self._furthest[key] = record
                self._gaps.pop(key, None)
                self._counted.pop(record.code, None)
                self._missed = None
            else:
                self.backwards += 1
                self._fill(key, before, volume)

    def _open(self, key: _Key, start: float, end: float) -> None:
        gaps = self._gaps.setdefault(key, [])
        gaps.append((start, end))
        del gaps[:-MOST_GAPS]
        self._count(key[1], end - start)

    def _fill(self, key: _Key, start: float, end: float) -> None:
        """Take back what a late trade covers of the gaps; a second one of the same finds none."""
        left: list[tuple[float, float]] = []
        for first, last in self._gaps.get(key, ()):
            if start < last and end > first:
                self._count(key[1], max(first, start) - min(last, end))
                parts = (first, max(first, start)), (min(last, end), last)
                left += [part for part in parts if part[0] < part[1]]
            else:
                left.append((first, last))
        if left or key in self._gaps:
            self._gaps[key] = left

    def _count(self, code: str, contracts: float) -> None:
        self._counted[code] = self._counted.get(code, 0.0) + contracts
        self._missed = None
