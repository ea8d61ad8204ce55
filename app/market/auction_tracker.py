"""The auction that the expected executions on the screen belong to: under way, or the last one."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from app.feed.batch import Batch, Received
from app.feed.connection import SETTLED
from app.krx.calendar import KRX, Schedule
from app.krx.trading_days import next_trading_day
from app.market.auction_file import SINGLE_PRICE, Auction, AuctionFile, SavedAuction
from app.market.auction_indications import AuctionIndications
from app.system.clock import KST
from specs.expected_trend import RestExpected
from specs.market.indication import Indication
from specs.market.ticker import Ticker
from specs.record import ExpectedRecord
from specs.time_of_day import hour_minute_second

LATE = timedelta(minutes=1)
"""Time after an auction within which its records may still arrive."""

DELAYED = timedelta(minutes=30)
"""Time after an auction within which records with a time of before its end may still arrive."""

PAUSE = timedelta(minutes=10)
"""Silence that ends an auction outside of the calendar: later records belong to another one."""

CLOCKS_DIFFER = timedelta(seconds=5)
"""Time by which KIS' clock may be ahead of this machine's."""


class AuctionTracker:
    """Collects the expected executions of an auction and saves its result to disk."""

    def __init__(self, file: AuctionFile | None, schedule: Schedule = KRX) -> None:
        self._file = file
        self._schedule = schedule
        self._records: dict[str, ExpectedRecord] = {}
        self._dirty = False
        self._now = datetime.min.replace(tzinfo=KST)
        self.auction: Auction | None = None
        self.indications = AuctionIndications()

    @property
    def records(self) -> list[ExpectedRecord]:
        """The newest record of each code."""
        return list(self._records.values())

    def restore(self, now: datetime) -> None:
        """Restore the last run's records if their auction is under way or recent.

        An auction is recent until the end of the trading day after its own: later prices have
        nothing to do with it.  What came later than `now` is of a run whose clock was ahead, such
        as a demo that begins again.
        """
        kept = self._file.load() if self._file is not None else None
        if kept is None or _is_of_later(kept, now):
            return
        if _is_recent(kept.auction, now) or kept.auction == self._running(now):
            self.auction, self._now = kept.auction, now
            self._records = {record.code: record for record in kept.records}
            self.indications.begin(kept.auction, self._begin_of(kept.auction))
            self.indications.restore(kept.indications)

    def note(self, records: Collection[ExpectedRecord], now: datetime) -> bool:
        """Add records that arrived now and return whether another auction has begun with them."""
        running, last = self._running(now) or self._just_ended(records, now), self.auction
        auction, begun = last or Auction(SINGLE_PRICE, now), False
        if running is not None:
            auction, begun = running, running != last
        elif last is None or last.phase == SINGLE_PRICE or not _is_late(records, last, now):
            is_same = last is not None and last.phase == SINGLE_PRICE and now - last.end <= PAUSE
            auction, begun = Auction(SINGLE_PRICE, now), not is_same
        self.auction = auction
        if begun:
            self._records.clear()
            self.indications.begin(auction, self._begin_of(auction))
        else:
            self.indications.extend(auction)
        self._records.update((record.code, record) for record in records)
        self._dirty = True
        return begun

    def apply(
        self, batch: Batch, rows: Mapping[str, Ticker], now: datetime
    ) -> dict[str, Indication]:
        """Apply what a batch has of the auction; return the indications that changed.

        Its records were noted before, and `rows` are those after the batch.
        """
        self._now, found = now, self.indications
        if self.auction is None:
            return {}
        if batch.link.phase not in SETTLED:
            found.mark_lost()
        found.add(batch.indications)
        for one in batch.received:
            if isinstance(one.record, ExpectedRecord):
                found.add_record(one.record, now, always=False)
        for records in batch.earlier:
            found.prepend(records.indications)
        found.apply_trades(batch.trades, rows)
        for records in batch.earlier:
            found.apply_trades(records.trades, rows)
        for code in batch.indications:
            if code in rows:
                found.note_before(code, rows[code])
        return self._collect(now)

    def note_rest(self, record: RestExpected, now: datetime) -> dict[str, Indication]:
        """Apply a noted record from REST and return the indications that changed."""
        self.indications.add_record(record, now, always=True)
        return self._collect(now)

    def tick(self, now: datetime) -> dict[str, Indication]:
        """Let time pass and return the indications that changed: the auction has ended."""
        self._now = now
        return self._collect(now)

    def _collect(self, now: datetime) -> dict[str, Indication]:
        changed = self.indications.collect(now)
        self._dirty = self._dirty or bool(changed)
        return changed

    def reset(self, heard: Iterable[Received], now: datetime, monotonic: float) -> list[Received]:
        """Restart from the records that are known now and return those of the last auction alone.

        Records that are no expected executions are returned as they are; `now` and `monotonic` are
        the same moment on the two clocks."""
        self.auction = None
        self._records.clear()
        self.indications.clear()
        kept: list[Received] = []
        for one in sorted(heard, key=lambda one: one.at):
            if isinstance(one.record, ExpectedRecord):
                when = now - timedelta(seconds=monotonic - one.at)
                if self.note([one.record], when):
                    kept = [other for other in kept if not isinstance(other.record, ExpectedRecord)]
            kept.append(one)
        return kept

    def save(self) -> None:
        """Save the records that have changed.

        Raises:
            KisTuiError: the file cannot be written.
        """
        if self._file is not None and self._dirty and self.auction is not None:
            self._file.save(self.auction, self.records, self.indications.known(self._now))
            self._dirty = False

    def _begin_of(self, auction: Auction) -> datetime | None:
        """Return when an auction of the calendar began, or None for one outside of it."""
        if auction.phase == SINGLE_PRICE:
            return None
        market = self._schedule.state_at(auction.end - timedelta(seconds=1))
        return market.auction[0] if market.auction is not None else auction.end - timedelta(hours=1)

    def _just_ended(self, records: Collection[ExpectedRecord], now: datetime) -> Auction | None:
        """Return the auction of the calendar that all records are of by their times, or None.

        They come after its end where a connection is slow, or a start was in its last seconds.
        """
        times = {hour_minute_second(record.time) for record in records}
        found: set[Auction | None] = set()
        for time in times:
            if time is None:
                return None
            moment = now.replace(hour=time[0], minute=time[1], second=time[2], microsecond=0)
            moment -= timedelta(days=moment > now, seconds=1)
            found.add(self._running(moment) if now - moment <= DELAYED else None)
        return found.pop() if len(found) == 1 else None

    def _running(self, now: datetime) -> Auction | None:
        market = self._schedule.state_at(now)
        return Auction(str(market.phase), market.auction[1]) if market.auction is not None else None


def _is_late(records: Collection[ExpectedRecord], auction: Auction, now: datetime) -> bool:
    """Return whether records that arrive after the end of an auction belong to it."""
    since, end = now - auction.end, f"{auction.end:%H%M%S}"
    return since <= LATE or (since <= DELAYED and all(record.time <= end for record in records))


def _is_of_later(kept: SavedAuction, now: datetime) -> bool:
    latest, goes_on = (now + CLOCKS_DIFFER).timestamp(), now < kept.auction.end
    return any(
        max(one.last, one.uncrossed_at) > latest or (goes_on and one.uncross == one.uncross)
        for one in kept.indications.values()
    )


def _is_recent(auction: Auction, now: datetime) -> bool:
    end, today = auction.end.astimezone(KST).date(), now.astimezone(KST).date()
    return auction.end <= now and today <= next_trading_day(end)
