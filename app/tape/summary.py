"""Summary of a tape: records by TR and contract, missed ones, outages, auctions."""

from datetime import date, datetime

import msgspec
from msgspec import Struct

from app.feed.link_step import LinkStep
from app.feed.missed_trades import MissedTrades
from app.feed.phase import SETTLED, LinkPhase
from app.krx.calendar import MarketPhase as MarketPhase
from app.krx.calendar import at as market_at
from app.tape import keyframe
from app.tape.check import EntryCallback, Finding, ProgressCallback, check
from app.tape.entry import EntryKind, Header, TapeEntry
from app.tape.gap import EndEntry
from app.tape.json_entries import read_gap, read_step
from app.tape.outages import Outage, OutageFinder
from app.tape.reader import Tape
from app.tape.segments import Segment
from app.tape.times import moment, session_of
from specs.catalog import Session
from specs.frame import FrameError, decode

MOST_HOLES = 1000
MOST_AUCTIONS = 100
MOST_CONTRACTS = 10_000
"""Those that are summary apart; a hostile tape may name any number."""


class RecordedContract(Struct):
    """One code on a tape."""

    name: str = ""
    records: int = 0
    missed: float = 0.0
    """Contracts by which the accumulated volume grew without a trade."""


class RecordingGap(Struct):
    """A time without a recording, from a gap entry or a step of the connection."""

    wall: int
    """Its start."""
    seconds: float
    """Its length."""
    link: LinkStep | None = None
    """The connection was not up: its first step down."""
    why: str = ""
    """The recorder was held up: a key of the catalogue."""
    missed: int | None = None
    """Messages that are not in the tape, where that is known."""


class RecordedAuction(Struct, frozen=True):
    """A call auction of which the tape has a part."""

    phase: MarketPhase
    begin: datetime
    end: datetime


class Summary(Struct):
    """A tape in figures; times in nanoseconds."""

    header: Header
    size: int
    findings: list[Finding] = []
    entries: int = 0
    """Keyframes included."""
    frames: int = 0
    """Messages that were decoded, and all others."""
    refused: int = 0
    """Data frames that could not be decoded."""
    records: dict[str, int] = {}
    """By TR."""
    contracts: dict[str, RecordedContract] = {}
    dialled: int = 0
    """Attempts at a connection."""
    connected: int = 0
    """Those that came up."""
    holes: list[RecordingGap] = []
    first: int | None = None
    last: int | None = None
    """Wall times of the first and the last entry."""
    seconds: float = 0.0
    """From the first to the last, by the monotonic clock."""
    ended: str | None = None
    """Reason for the end of the recording; None if it broke off or goes on."""
    growing: bool = False
    """Whether the recording seems to go on."""

    @property
    def auctions(self) -> list[RecordedAuction]:
        """The auctions that the tape has a part of."""
        begin = None if self.first is None else moment(self.first)
        end = None if self.last is None else moment(self.last)
        found: list[RecordedAuction] = []
        while begin is not None and end is not None and begin <= end:
            state = market_at(begin)
            if state.auction is not None:
                found.append(RecordedAuction(state.phase, *state.auction))
            if len(found) >= MOST_AUCTIONS:
                break
            begin = state.next_change
        return found


def summarise(
    tape: Tape, tick: ProgressCallback | None = None, also: EntryCallback | None = None
) -> Summary:
    """Read all of a tape; `also` gets every entry too.

    Raises:
        TapeError: it cannot be read any more.
    """
    summing = _Summing(tape)

    def apply(segment: Segment, entry: TapeEntry) -> None:
        summing.apply(segment, entry)
        if also is not None:
            also(segment, entry)

    summing.summary.findings = check(tape, apply, tick)
    return summing.end()


class _Summing:
    """A summary that is being made."""

    def __init__(self, tape: Tape) -> None:
        self.summary = Summary(tape.header, tape.size)
        self._volumes = MissedTrades()
        self._segment: Segment | None = None
        self._session: tuple[date, Session] | None = None
        self._epochs: set[int] = set()
        self._settled: set[int] = set()
        self._names: dict[str, str] = {}
        self._began: int | None = None
        self._outages = OutageFinder[TapeEntry]()
        self._newest: TapeEntry | None = None

    def apply(self, segment: Segment, entry: TapeEntry) -> None:
        """Apply the next entry."""
        summary, is_first = self.summary, self._segment is None
        if segment is not self._segment:
            self._segment = segment
            self._turn(session_of(segment.wall))
        summary.entries += 1
        if entry.kind == EntryKind.KEYFRAME:
            self._keyframe(entry, prime=is_first)
        elif entry.kind == EntryKind.FRAME:
            summary.frames += 1
            self._frame(entry.payload)
        elif entry.kind == EntryKind.BINARY:
            summary.frames += 1
        elif entry.kind == EntryKind.LINK:
            self._step(entry)
        elif entry.kind == EntryKind.GAP:
            gap = read_gap(entry.payload)
            if gap is not None and gap.missed != 0:
                began = entry.wall - int(min(1e9, max(0.0, gap.seconds)) * 1e9)
                self._hole(RecordingGap(began, gap.seconds, why=gap.why, missed=gap.missed))
        summary.ended = why_of(entry.payload) if entry.kind == EntryKind.END else None
        if summary.first is None:
            summary.first, self._began = entry.wall, entry.monotonic
        summary.last, self._newest = entry.wall, entry

    def end(self) -> Summary:
        """Return the summary."""
        if self._newest is not None and self._began is not None:
            self.summary.seconds = max(0.0, (self._newest.monotonic - self._began) / 1e9)
            self._outage(self._outages.end(self._newest))
        self._turn(None)
        for code, contract in self.summary.contracts.items():
            contract.name = self._names.get(code, "")
        self.summary.dialled, self.summary.connected = len(self._epochs), len(self._settled)
        return self.summary

    def _turn(self, session: tuple[date, Session] | None) -> None:
        """A session begins: what was missed in the one before is settled."""
        if session == self._session:
            return
        for code, missed in self._volumes.missed.items():
            if code in self.summary.contracts:
                self.summary.contracts[code].missed += missed
        self._volumes.restore({})
        self._session = session

    def _keyframe(self, entry: TapeEntry, *, prime: bool) -> None:
        found = keyframe.read(entry.payload)
        self._names |= found.names
        if not prime:
            return
        step = read_step(bytes(found.link))
        self._outages.begin(step, entry)
        if step is not None and step.phase not in (LinkPhase.OFF, LinkPhase.STOPPED):
            self._count(step)
        # What it begins with is what its first trades follow.
        for frame in found.frames:
            try:
                decoded = decode(frame.frame)
            except FrameError:
                continue
            self._volumes.apply(decoded.tr_id, decoded.records)

    def _frame(self, payload: bytes) -> None:
        if not payload.startswith(b"0|"):
            return
        summary = self.summary
        try:
            decoded = decode(payload.decode())
        except (FrameError, UnicodeError):
            summary.refused += 1
            return
        tr_id, records = decoded.tr_id, decoded.records
        summary.records[tr_id] = summary.records.get(tr_id, 0) + len(records)
        for record in records:
            contract = summary.contracts.get(record.code)
            if contract is None:
                if len(summary.contracts) >= MOST_CONTRACTS:
                    return
                contract = summary.contracts[record.code] = RecordedContract()
            contract.records += 1
        self._volumes.apply(tr_id, records)

    def _step(self, entry: TapeEntry) -> None:
        step = read_step(entry.payload)
        if step is None:
            return
        self._count(step)
        self._outage(self._outages.apply(step, entry))

    def _count(self, step: LinkStep) -> None:
        if step.epoch > 0 and len(self._epochs) < MOST_HOLES:
            self._epochs.add(step.epoch)
            if step.phase in SETTLED:
                self._settled.add(step.epoch)

    def _outage(self, found: Outage[TapeEntry] | None) -> None:
        if found is not None:
            seconds = max(0.0, (found.end.monotonic - found.begin.monotonic) / 1e9)
            self._hole(RecordingGap(found.begin.wall, seconds, link=found.step))

    def _hole(self, hole: RecordingGap) -> None:
        if len(self.summary.holes) < MOST_HOLES:
            self.summary.holes.append(hole)


def why_of(payload: bytes) -> str:
    """Return the reason in the last entry of a recording; empty if it is damaged."""
    try:
        return msgspec.json.decode(payload, type=EndEntry).why
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return ""
