"""Every trade and every indication of an auction, beside conflation.

They are kept in flat arrays until a batch hands them to the screen.

It lives on the I/O thread; `collect` gives the arrays away, so that no thread shares them.
"""

from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import nan
from types import MappingProxyType
from typing import NamedTuple

from app.krx.hours import hours
from app.system.clock import KST, Clock
from specs.catalog import CATALOG, CatalogEntry, Channel, Session
from specs.market.trade_print import AUCTION, BUY, FIELDS, NIGHT, SELL
from specs.record import ExpectedRecord, OptionTradeRecord, Record, TradeRecord
from specs.time_of_day import nearest_moment

MOST = 400_000
"""Trades that wait for a screen; beyond that the older half of the busiest contract's is dropped.

What is dropped shows as missed, because the accumulated volume goes on without it.
"""

MOST_INDICATIONS = 100_000
"""Indications that wait for a screen; beyond that all that wait are dropped."""

_OPENING = 60
"""Seconds after the start of trading in which a session's first trade is its auction's."""

_FORGET = 3600

Trades = Mapping[str, "array[float]"]
"""Trades by code: flat arrays, `FIELDS` doubles each."""

Indications = Mapping[str, "array[float]"]
"""Expected executions by code: flat arrays of `INDICATION_FIELDS` doubles each: time in seconds
since 1970, price and contracts; nan where a number is missing."""

INDICATION_FIELDS = 3

Quotes = Mapping[str, "array[float]"]
"""Best quotes by code, one each half minute: flat arrays of seconds since 1970, bid and ask."""


class LaneRecords(NamedTuple):
    """What the lane has kept of a span of time."""

    trades: Trades
    indications: Indications
    quotes: Quotes = MappingProxyType({})
    """Of the past alone."""


class _Second:
    """What a time of day means in a session: its moment, and which auction may end there."""

    __slots__ = ("closes", "epoch", "opens")

    def __init__(self, epoch: float, session: Session) -> None:
        self.epoch = epoch
        moment = datetime.fromtimestamp(epoch, KST)
        late = timedelta(hours=12) if session is Session.NIGHT else timedelta()
        today = hours(session, (moment - late).date())
        self.opens = 0 <= (moment - today.open).total_seconds() < _OPENING
        self.closes = moment > today.close


class _TradeTR:
    """The state of one TR: the last trade of each code, and the meaning of its times."""

    __slots__ = ("last", "mark", "scale", "seconds", "session")

    def __init__(self, entry: CatalogEntry) -> None:
        self.session = entry.session
        self.scale = entry.volatility_scale if entry.family.is_option else 0.0
        self.mark = NIGHT if entry.session is Session.NIGHT else 0
        self.last: dict[str, TradeRecord] = {}
        self.seconds: dict[str, _Second] = {}


class TradeLane:
    """Keeps what the next batch hands over of every trade."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        entries = (entry for entry in CATALOG.values() if entry.channel is Channel.TRADE)
        self._trs = {entry.tr_id: _TradeTR(entry) for entry in entries}
        expected = (entry for entry in CATALOG.values() if entry.channel is Channel.EXPECTED)
        self._auctions = {entry.tr_id: _TradeTR(entry) for entry in expected}
        self._pending: dict[str, array[float]] = {}
        self._indications: dict[str, array[float]] = {}
        self._indication_count = 0
        self._count = 0
        self._looked_at = 0.0
        self.keeps = True
        """Whether trades are handed over; else they are only what the next ones follow."""

    def apply(self, tr_id: str, records: Sequence[Record]) -> None:
        """Keep trades or indications of a frame of any TR, in the order in which they came."""
        tr = self._trs.get(tr_id)
        if tr is None:
            auction = self._auctions.get(tr_id)
            if auction is not None and self.keeps:
                self._keep_indications(auction, records)
            return
        trades: Sequence[TradeRecord] = records  # type: ignore[assignment]
        for record in trades:
            code, size, volume = record.code, record.last_volume, record.accumulated_volume
            if size == 0:
                continue
            second = tr.seconds.get(record.time) or self._second(tr, record.time)
            last, marks = tr.last.get(code), tr.mark
            if volume == size:
                sold = bought = 0.0
                if second.opens:
                    marks |= AUCTION
            elif last is not None and volume > last.accumulated_volume:
                sold, bought = last.sell_volume, last.buy_volume
            else:
                sold = bought = float("nan")
            if last is None or not volume <= last.accumulated_volume or volume == size:
                tr.last[code] = record
            # [?] The aggressor's side is the one whose total grew by at least the trade's size.
            buys, sells = record.buy_volume - bought >= size, record.sell_volume - sold >= size
            if buys is not sells:
                marks |= BUY if buys else SELL
            if second.closes:
                marks |= AUCTION
            if not self.keeps:
                continue
            pending = self._pending.get(code)
            if pending is None:
                pending = self._pending[code] = array("d")
            iv = delta = 0.0
            if tr.scale:
                option: OptionTradeRecord = record  # type: ignore[assignment]
                iv, delta = option.implied_volatility * tr.scale, option.delta
            interest = record.open_interest
            pending.extend((second.epoch, record.price, size, volume, interest, iv, delta, marks))
            self._count += 1
        if self._count > MOST:
            self._drop()

    def collect(self) -> LaneRecords:
        """Return what was kept since the last time, and keep nothing of it."""
        taken = LaneRecords(self._pending, self._indications)
        self._pending, self._indications = {}, {}
        self._count = self._indication_count = 0
        return taken

    def _keep_indications(self, tr: _TradeTR, records: Sequence[Record]) -> None:
        expected: Sequence[ExpectedRecord] = records  # type: ignore[assignment]
        for record in expected:
            second = tr.seconds.get(record.time) or self._second(tr, record.time)
            pending = self._indications.setdefault(record.code, array("d"))
            # Stock options' expected executions have no quantity.
            quantity = getattr(record, "expected_volume", nan)
            pending.extend((second.epoch, record.expected_price, quantity))
        self._indication_count += len(expected)
        if self._indication_count > MOST_INDICATIONS:
            self._indications, self._indication_count = {}, 0

    def _second(self, tr: _TradeTR, time: str) -> _Second:
        """Return the meaning of a time of day: the moment nearest to now, or now if invalid."""
        now = self._clock.now().timestamp()
        if abs(now - self._looked_at) > _FORGET:
            # A time of day means another moment on the next day.
            self._looked_at = now
            for one in (*self._trs.values(), *self._auctions.values()):
                one.seconds.clear()
        epoch = nearest_moment(time, now)
        if epoch is None:
            return _Second(now // 1, tr.session)
        meant = tr.seconds[time] = _Second(epoch, tr.session)
        return meant

    def _drop(self) -> None:
        pending = max(self._pending.values(), key=len)
        count = max(1, len(pending) // FIELDS // 2)
        del pending[: count * FIELDS]
        self._count -= count
