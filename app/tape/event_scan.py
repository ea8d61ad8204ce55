"""Looks through a whole tape for gaps and moves, a slice at a time, while it is being played."""

import asyncio
from collections.abc import Callable
from itertools import pairwise
from math import isfinite
from statistics import median

from app.krx.products import tick_size
from app.tape.check import MISSING, Finding, damage_in
from app.tape.check import DamageKind as Damaged
from app.tape.entry import EntryKind
from app.tape.json_entries import read_gap, read_step
from app.tape.keyframe import Keyframe
from app.tape.outages import Outage, OutageFinder
from app.tape.tape_index import TapeIndex
from app.tape.timeline import EventKind, PriceMove, Timeline, TimelineEvent
from specs.catalog import CATALOG, Channel
from specs.codes import CodeError, is_spread, parse
from specs.frame import FrameError, decode
from specs.market.instrument import Instrument
from specs.record import TradeRecord

SLICE, REST = 0.004, 0.008
"""Seconds of work, and of standing aside after it."""

_LOOK_AFTER = 64
"""Entries after which the clock is looked at."""

MOST_MOVES = 5
MOVE_TICKS, MOVE_RATIO = 4, 3.0
"""A move is at least so many ticks, and so many times the median one of the tape."""

MOST_GAPS = 1000
PUBLISH_EVERY = 32
"""Segments after which what was found is shown."""

_NEAR = 1e-9
"""Rounding tolerance of a price difference."""

_FUTURES = frozenset(
    entry.tr_id
    for entry in CATALOG.values()
    if entry.channel is Channel.TRADE and not entry.family.is_option
)

Prices = dict[str, tuple[float, float]]
"""Last price and accumulated volume of each future."""


class EventScan:
    """Finds what happened and shows a new timeline whenever it knows more."""

    def __init__(
        self, tape_index: TapeIndex, seconds: Callable[[], float], show: Callable[[Timeline], None]
    ) -> None:
        self._index = tape_index
        self._seconds = seconds
        self._show = show
        self._began = seconds()
        self._timeline = Timeline.from_calendar(tape_index)
        self._moves: list[TimelineEvent] = []
        self._gaps: list[TimelineEvent] = []
        self._outages = OutageFinder[float]()

    async def run(self) -> None:
        """Look at all of it: first at the keyframes for moves, then at every entry for gaps."""
        prices: list[tuple[float, Prices]] = []
        for at, begin in enumerate(self._index.begins):
            prices.append((begin, prices_of(self._index.keyframe(at))))
            await self._breathe()
        if prices:
            begin, _ = prices[0]
            self._outages.begin(read_step(bytes(self._index.keyframe(0).link)), begin)
        self._moves = moves(prices, self._index.names)
        self._publish()
        for at in range(len(self._index.segments)):
            await self._look(at)
            if at % PUBLISH_EVERY == PUBLISH_EVERY - 1:
                self._publish()
        self._outage(self._outages.end(self._index.length))
        self._publish(complete=True)

    async def _breathe(self) -> None:
        if self._seconds() - self._began >= SLICE:
            await asyncio.sleep(REST)
            self._began = self._seconds()

    def _publish(self, *, complete: bool = False) -> None:
        self._timeline = self._timeline.having([*self._gaps, *self._moves], complete=complete)
        self._show(self._timeline)

    async def _look(self, at: int) -> None:
        place, count = self._index.begins[at], 0
        for passage in self._index.passages(at, only=True):
            place, count = passage.position, count + 1
            if passage.entry.kind == EntryKind.LINK:
                step = read_step(passage.entry.payload)
                if step is not None:
                    self._outage(self._outages.apply(step, place))
            elif passage.entry.kind == EntryKind.GAP:
                gap = read_gap(passage.entry.payload)
                if gap is not None and gap.missed != 0:
                    begin = max(0.0, place - max(0.0, gap.seconds))
                    self._gap(TimelineEvent(begin, EventKind.GAP, gap, place))
            if count % _LOOK_AFTER == 0:
                await self._breathe()
        for found in damage_in(self._index.tape, at):
            if found.what in MISSING:
                self._damage(found, place)

    def _damage(self, found: Finding, place: float) -> None:
        """Something cannot be read in a segment whose last entry lies at a place."""
        begins = self._index.begins
        end = begins[found.segment + 1] if found.segment + 1 < len(begins) else self._index.length
        if found.what is not Damaged.LOST:
            place = min(place, self._index.position_in(found.segment, found.monotonic, found.wall))
        self._gap(TimelineEvent(place, EventKind.DAMAGE, found, end))

    def _outage(self, found: Outage[float] | None) -> None:
        if found is not None:
            self._gap(TimelineEvent(found.begin, EventKind.GAP, found.step, found.end))

    def _gap(self, event: TimelineEvent) -> None:
        if len(self._gaps) < MOST_GAPS:
            self._gaps.append(event)


def prices_of(keyframe: Keyframe) -> Prices:
    """The futures' last prices in a keyframe."""
    found: Prices = {}
    for received in keyframe.frames:
        if received.frame[2:10] not in _FUTURES:
            continue
        try:
            records = decode(received.frame).records
        except FrameError:
            continue
        for record in records:
            if isinstance(record, TradeRecord) and record.price > 0 and not is_spread(record.code):
                found[record.code] = record.price, record.accumulated_volume
    return found


def moves(prices: list[tuple[float, Prices]], names: dict[str, str]) -> list[TimelineEvent]:
    """The biggest moves of the most traded future from one keyframe to the next.

    What is not well above the tape's ordinary moves, or a few ticks, is none.
    """
    volumes = {code: traded[1] for _, found in prices for code, traded in found.items()}
    if not volumes:
        return []
    code = max(volumes, key=lambda one: volumes[one] if volumes[one] == volumes[one] else 0.0)
    instrument = _instrument(code)
    steps = [
        (begin, end, before[code][0], after[code][0])
        for (begin, before), (end, after) in pairwise(prices)
        if code in before and code in after
    ]
    ordinary = median(abs(to - price) for _, _, price, to in steps) if steps else 0.0
    found = []
    for begin, end, price, to in steps:
        tick = tick_size(instrument, price)
        least = max(MOVE_RATIO * ordinary, MOVE_TICKS * tick if isfinite(tick) else 0.0)
        if to != price and abs(to - price) > least - _NEAR:
            size = (to / price - 1) * 100
            move = PriceMove(names.get(code, code), price, to, instrument.decimals)
            found.append(TimelineEvent(begin, EventKind.MOVE, move, end, size))
    return sorted(found, key=lambda event: -abs(event.size))[:MOST_MOVES]


def _instrument(code: str) -> Instrument:
    """Return the facts of a contract that its code states."""
    try:
        parsed = parse(code)
    except CodeError:
        return Instrument(code)
    return Instrument(code, family=parsed.family, product=parsed.product)
