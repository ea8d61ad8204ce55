"""The auctions of a tape: what was indicated for each contract, and what it ended with."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct

from app.feed.trade_lane import TradeLane
from app.krx.calendar import KRX
from app.market.auction_file import SINGLE_PRICE, Auction
from app.market.auction_indications import AuctionIndications
from app.market.auction_tracker import AuctionTracker
from app.system.clock import KST, ManualClock
from app.tape.check import ProgressCallback
from app.tape.entry import EntryKind, TapeEntry
from app.tape.reader import Tape
from app.tape.segments import Segment
from app.tape.summary import RecordingGap, Summary, summarise
from app.tape.tape_clock import moment
from specs.catalog import CATALOG, Channel, Session
from specs.frame import FrameError, decode
from specs.market.indication import Indication
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.record import ExpectedRecord, TradeRecord

MOST_AUCTIONS = 1000

_EXPECTED, _TRADE = (
    frozenset(entry.tr_id.encode() for entry in CATALOG.values() if entry.channel is channel)
    for channel in (Channel.EXPECTED, Channel.TRADE)
)


class ReportedAuction(Struct):
    """An auction of a tape; one outside of the calendar begins and ends with its records."""

    auction: Auction
    begin: datetime
    end: datetime
    session: Session | None
    trade_date: date
    contracts: dict[str, Indication]
    lost: list[RecordingGap] = []
    """The times within it without a recording."""


class AuctionReport(Struct):
    """All auctions of a tape, and its summary."""

    auctions: list[ReportedAuction]
    summary: Summary


def report_auctions(tape: Tape, tick: ProgressCallback | None = None) -> AuctionReport:
    """Read all of a tape and return its auctions that have expected prices, the first one first.

    Raises:
        TapeError: it cannot be read any more.
    """
    reading = _Reading()
    summary = summarise(tape, tick, reading.apply)
    found = reading.end()
    for one in found:
        one.lost = [hole for hole in summary.holes if _overlaps(hole, one)]
    return AuctionReport(found, summary)


class _Finished(AuctionIndications):
    """Indications that are kept when another auction begins."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[tuple[Auction, dict[str, Indication]]] = []
        self._current: Auction | None = None

    def begin(self, auction: Auction, begin: datetime | None) -> None:
        self.finish()
        self._current = auction
        super().begin(auction, begin)

    def extend(self, auction: Auction) -> None:
        self._current = auction
        super().extend(auction)

    def finish(self) -> None:
        """Keep the auction that was collected last."""
        if self._current is None or len(self.all) >= MOST_AUCTIONS:
            return
        over = self._current.end + timedelta(days=1)
        found = {code: one for code, one in self.known(over).items() if one.count}
        if found:
            self.all.append((self._current, found))
        self._current = None


class _Reading:
    """Takes the entries of a tape one after another."""

    def __init__(self) -> None:
        self._clock = ManualClock(datetime(2000, 1, 1, tzinfo=KST))
        self._lane = TradeLane(self._clock)
        self._tracker = AuctionTracker(None)
        self._found = _Finished()
        self._tracker.indications = self._found
        self._rows: dict[str, Ticker] = {}

    def apply(self, segment: Segment, entry: TapeEntry) -> None:
        """Take the next entry."""
        tr_id = bytes(entry.payload[2:10])
        is_expected = tr_id in _EXPECTED
        if entry.kind != EntryKind.FRAME or not (is_expected or tr_id in _TRADE):
            return
        # A trade can only end an auction that is known.
        if not is_expected and self._tracker.auction is None:
            return
        try:
            decoded = decode(bytes(entry.payload).decode())
        except (FrameError, UnicodeError):
            return
        self._clock.move_to(moment(entry.wall))
        now = self._clock.now()
        self._lane.apply(decoded.tr_id, decoded.records)
        lane = self._lane.collect()
        if is_expected:
            records = [one for one in decoded.records if isinstance(one, ExpectedRecord)]
            if records:
                self._tracker.note(records, now)
            self._found.add(lane.indications)
            return
        for record in decoded.records:
            if isinstance(record, TradeRecord):
                self._rows[record.code] = Ticker(Instrument(record.code), record)
        self._found.apply_trades(lane.trades, self._rows)

    def end(self) -> list[ReportedAuction]:
        """Return the auctions."""
        self._found.finish()
        return [_reported(auction, contracts) for auction, contracts in self._found.all]


def _reported(auction: Auction, contracts: Mapping[str, Indication]) -> ReportedAuction:
    first = min(one.first for one in contracts.values())
    last = max(one.last for one in contracts.values())
    begin, end = (datetime.fromtimestamp(at, KST) for at in (first, last))
    state = KRX.state_at(begin)
    if auction.phase != SINGLE_PRICE:
        end = auction.end.astimezone(KST)
        begin = state.expected_from or begin
    return ReportedAuction(auction, begin, end, state.session, state.trade_date, dict(contracts))


def _overlaps(hole: RecordingGap, auction: ReportedAuction) -> bool:
    begin = moment(hole.wall)
    return begin < auction.end and begin + timedelta(seconds=hole.seconds) > auction.begin
