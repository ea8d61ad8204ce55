"""State at the current position of a tape: records, connection, missed contracts."""

from collections import deque
from collections.abc import Collection, Iterator
from datetime import datetime
from math import inf, nan

from app.feed.batch import Batch, LinkState, LinkTransition, Received
from app.feed.conflation import Conflation
from app.feed.connection_log import TRANSITIONS
from app.feed.demand import Reader, WatchRequest, rank_registrations, trading_at
from app.feed.link_step import LinkStep
from app.feed.liveness import Liveness
from app.feed.phase import LinkPhase
from app.feed.receiver import Receiver
from app.feed.registrations import RegistrationKey, RegistrationState, RegistrationStatus
from app.feed.rest.rest_events import RestEvent, RestTrouble
from app.feed.trade_lane import LaneRecords
from app.krx.calendar import session_for
from app.tape import keyframe
from app.tape.entry import EntryKind, TapeEntry
from app.tape.gap import Gap
from app.tape.json_entries import read_gap, read_step
from app.tape.tape_clock import moment
from app.tape.tape_index import LONGEST, IndexedEntry, TapeIndex
from app.tape.timeline import gap_message
from specs.catalog import Absent, Channel, choose_for
from specs.codes import read
from specs.record import Record

_LOOK_EVERY = 1.0
_UNKNOWN = LinkStep(LinkPhase.LIVE)
"""The connection of a tape without such entries: something was recorded, so it was up."""


class _Arrival:
    """The recorder's clock at the current message; wall time only."""

    def __init__(self) -> None:
        self.wall = 0

    def now(self) -> datetime:
        return moment(self.wall)

    def monotonic(self) -> float:
        return nan

    def suspended(self) -> float:
        return 0.0


class PlayerState:
    """Hears one entry after another; a gate that lets everything in which is on the tape."""

    unasked = 0

    def __init__(
        self, tape_index: TapeIndex, conflation: Conflation, reader: Reader = read
    ) -> None:
        self._index = tape_index
        self._conflation = conflation
        self._reader = reader
        self._arrival = _Arrival()
        self._places: tuple[
            object, dict[RegistrationKey, RegistrationStatus], dict[str, Absent]
        ] = (None, {}, {})
        self.reset(0.0)

    def reset(self, shift: float) -> None:
        """Nothing is known; from here on times are so far ahead of their places."""
        self.shift = shift
        self._receiver = Receiver(self, self._conflation, self._keep, self._arrival)
        self._newest: dict[tuple[str, str], Received] = {}
        self._step = self._lasting = _UNKNOWN
        self._silence = Liveness()
        self._transitions: deque[LinkTransition] = deque(maxlen=TRANSITIONS)
        self._gap: Gap | None = None
        self._expected: int | None = None
        self._look_at = -inf

    def apply(self, passage: IndexedEntry) -> None:
        """Take what was recorded next."""
        entry = passage.entry
        self._arrival.wall = entry.wall
        if passage.position >= self._look_at:
            self._look_at = passage.position + _LOOK_EVERY
            self._receiver.volumes.start_session(*trading_at(self._arrival.now()))
        number = self._index.segments[passage.segment].number + passage.number
        at = passage.position + self.shift
        match entry.kind:
            case EntryKind.FRAME:
                self._receive(entry.payload.decode("utf-8", "replace"), at)
            case EntryKind.BINARY:
                self._receive(entry.payload, at)
            case EntryKind.LINK:
                self._link(entry)
            case EntryKind.GAP:
                gap = read_gap(entry.payload)
                if gap is not None and gap.missed != 0:
                    self._gap = gap
                    self._conflation.touch()
            # Continuing from the last entry needs no keyframe.
            case EntryKind.KEYFRAME if number != self._expected:
                self._restore(passage)
        self._expected = number + 1

    def confirm(self, tr_id: str, code: str, now: float) -> bool:
        """Every pair counts as registered."""
        self._index.pairs.setdefault((tr_id, code))
        return True

    def newest_of(self, codes: Collection[str]) -> Iterator[Received]:
        """The newest records of these codes."""
        return (received for (_, code), received in self._newest.items() if code in codes)

    def batch(
        self,
        received: tuple[Received, ...],
        codes: tuple[str, ...],
        now: datetime,
        *,
        afresh: bool,
        earlier: tuple[LaneRecords, ...] = (),
    ) -> Batch:
        """Return the batch for a screen that watches these codes."""
        statuses, asleep = self._registered(codes, now)
        rest_events: tuple[RestEvent, ...] = ()
        if self._gap is not None and not afresh:
            rest_events = (RestTrouble(gap_message(self._gap), over=False),)
        self._gap = None
        step, lane = self._step, self._receiver.trades.collect()
        return Batch(
            received,
            LinkState(
                step.phase,
                step.reason,
                step.detail,
                inf,
                0,
                step.used,
                step.limit,
                step.waiting,
                self._receiver.last_message,
                self._silence.notice,
            ),
            self._receiver.counters(),
            statuses,
            tuple(self._transitions),
            asleep,
            rest_events,
            missed=self._receiver.volumes.missed,
            trades=lane.trades,
            earlier=earlier,
            indications=lane.indications,
            is_reset=afresh,
        )

    def _keep(self, tr_id: str, records: list[Record], at: float) -> None:
        for record in records:
            self._newest[tr_id, record.code] = Received(tr_id, record, at)

    def _receive(self, data: str | bytes, at: float) -> None:
        if isinstance(self._receiver.accept(data, at), str):
            self._silence = self._silence.ping(at)

    def _link(self, entry: TapeEntry) -> None:
        step = read_step(entry.payload)
        if step is None:
            return
        if step.phase is LinkPhase.STOPPED:
            # Whoever left had the link to the last: the tape ends as it was seen.
            step = self._lasting
        elif step.phase is not LinkPhase.CLOSING:
            self._lasting = step
        if step.epoch != self._step.epoch:
            self._silence = self._silence.new_session()
        if (step.phase, step.reason) != (self._step.phase, self._step.reason):
            at = self._arrival.now().isoformat(timespec="seconds")
            self._transitions.append(LinkTransition(at, step.phase, step.reason, step.detail))
        self._step = step
        self._conflation.touch()

    def _restore(self, passage: IndexedEntry) -> None:
        """Load a keyframe."""
        state = keyframe.read(passage.entry.payload)
        self._receiver.volumes.restore(state.missed)
        self._step = self._lasting = read_step(bytes(state.link)) or self._step
        # What a keyframe repeats was traded before it.
        self._receiver.trades.keeps = False
        for frame in state.frames:
            ago = passage.position - self._index.position_in(
                passage.segment, frame.monotonic, frame.wall
            )
            self._arrival.wall = frame.wall
            at = passage.position - max(0.0, min(LONGEST, ago)) + self.shift
            self._receiver.accept(frame.frame, at)
        self._receiver.trades.keeps = True
        self._conflation.touch()

    def _registered(
        self, codes: tuple[str, ...], now: datetime
    ) -> tuple[dict[RegistrationKey, RegistrationStatus], dict[str, Absent]]:
        """Return the registration status of each code: the TRs that the tape has of it, if any."""
        session = session_for(now)
        basis = (codes, len(self._index.pairs), session, self.shift)
        if basis != self._places[0]:
            found: dict[str, list[str]] = {}
            for tr_id, code in self._index.pairs:
                found.setdefault(code, []).append(tr_id)
            places: dict[RegistrationKey, RegistrationStatus] = {}
            asleep = {c: a for c, a in self._asleep(codes, now).items() if c not in found}
            for code in codes:
                for tr_id in found.get(code, ()):
                    places[RegistrationKey(tr_id, code)] = RegistrationStatus(
                        RegistrationState.ACTIVE, since=self.shift
                    )
                if code not in found and code not in asleep:
                    places |= {
                        k: RegistrationStatus(RegistrationState.NOT_ON_TAPE)
                        for k in self._trades(code, now)
                    }
            self._places = basis, places, asleep
        return self._places[1:]

    def _asleep(self, codes: tuple[str, ...], now: datetime) -> dict[str, Absent]:
        """Codes that no TR carries in the session of a moment."""
        return rank_registrations(
            WatchRequest(codes), session_for(now), auction=False, reader=self._reader
        ).asleep

    def _trades(self, code: str, now: datetime) -> list[RegistrationKey]:
        contract = self._reader(code)
        if contract is None:
            return []
        entry = choose_for(contract, session_for(now), Channel.TRADE)
        return [] if isinstance(entry, Absent) else [RegistrationKey(entry.tr_id, code)]
