"""Parses and counts every message of the socket, and accepts or refuses it."""

from collections import Counter
from typing import TYPE_CHECKING, Protocol

from app.feed.batch import Counters
from app.feed.conflation import Conflation
from app.feed.feed_log import RefusedFrames
from app.feed.missed_trades import MissedTrades
from app.feed.registration_state import RegistrationKey
from app.feed.server_clock import ServerClock
from app.feed.trade_lane import Indications, LaneRecords, TradeLane, Trades
from app.system.clock import Clock
from app.system.secret import redact
from specs import control
from specs.catalog import CATALOG, Channel
from specs.clean import clean
from specs.control import Ack, PingPong
from specs.frame import Frame, FrameError, decode

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Mapping

    from specs.record import Record

LONGEST_ECHO = 1024
ECHOES_PER_SECOND = 5
SAMPLES = 3
LONGEST_SAMPLE = 256
LONGEST_LOOK = 4096


class SubscriptionFilter(Protocol):
    """Knows which registrations exist: the session of a live feed, or a tape."""

    @property
    def unasked(self) -> int:
        """Answers that nobody had asked for."""

    def confirm(self, tr_id: str, code: str, now: float) -> bool:
        """Data of a registration came; False if nobody asked for it."""


class FrameKeeper(Protocol):
    """Gets what was accepted: a gateway, or what a joined program keeps of the session."""

    def forward(self, raw: str, tr_id: str, records: "list[Record]") -> None:
        """Take a data frame, whose records are of registrations."""

    def remember(self, records: LaneRecords) -> None:
        """Take trades and indications of all registrations."""


class Receiver:
    """Reads messages into the conflation; never raises, whatever the server sends."""

    def __init__(
        self,
        gate: SubscriptionFilter,
        conflation: Conflation,
        tap: "Callable[[str, list[Record], float], None] | None",
        clock: Clock,
        sharing: FrameKeeper | None = None,
        sessions: int = 1,
    ) -> None:
        """`sessions` is how many websockets the messages come from."""
        self._most_echoes = ECHOES_PER_SECOND * sessions
        self._clock = clock
        self._gate = gate
        self._conflation = conflation
        self._tap = tap
        self._sharing = sharing
        self._foreign: frozenset[RegistrationKey] = frozenset()
        self._foreign_codes: set[str] = set()
        self._known: set[tuple[str, str]] = set()
        self._frames = 0
        self._records = 0
        self._refused: Counter[str] = Counter()
        self._refused_log = RefusedFrames()
        self._samples: dict[str, list[str]] = {}
        self._server_clock = ServerClock()
        self._unasked = 0
        self._appended: dict[str, int] = {}
        self._dropped: Counter[str] = Counter()
        self._unreadable: dict[str, Counter[str]] = {}
        self._echo_second = 0
        self._echoes = 0
        self.volumes = MissedTrades()
        self.trades = TradeLane(clock)
        self._earlier: list[LaneRecords] = []
        self.last_message = float("-inf")
        """Arrival of the last message of any kind; monotonic seconds."""
        self.last_data = float("-inf")
        """Return the arrival of the last record of a registration."""

    def accept(self, data: object, now: float) -> str | Ack | None:
        """Read one message, text or bytes.

        A text is returned that is to be sent back as it is, or an answer that is to be entered.
        """
        self.last_message = now
        try:
            raw = data if isinstance(data, str) else _text(data)
            if not control.is_control(raw):
                self._data(raw, now)
                return None
            said = control.decode(raw)
        except FrameError as error:
            self._refuse(error.reason, data)
            return None
        if isinstance(said, PingPong):
            self._server_clock.apply(said.datetime, self._clock.now(), now)
            self._conflation.touch()
            return raw if self._may_echo(raw, now) else None
        return said

    def add_earlier(self, records: LaneRecords) -> None:
        """Have the next batch hand over what came before all that is known."""
        self._earlier.append(records)
        self._conflation.touch()

    def collect_lane(self) -> tuple[Trades, tuple[LaneRecords, ...], Indications]:
        """Return trades, what came before all that was known, and indications.

        The first and the last are those since the last time.
        """
        earlier, self._earlier = tuple(self._earlier), []
        lane = self.trades.collect()
        if self._sharing is not None:
            self._sharing.remember(lane)
            if self._foreign_codes:
                lane = LaneRecords(*(self._without_foreign_codes(kept) for kept in lane))
        return lane.trades, earlier, lane.indications

    def reset(self, foreign: "frozenset[RegistrationKey] | None" = None) -> None:
        """Reload the known registrations; records of `foreign` ones are only passed on."""
        self._known.clear()
        if foreign is not None:
            self._foreign = foreign
            self._foreign_codes = {
                key.code for key in foreign if CATALOG[key.tr_id].channel is not Channel.BOOK
            }

    def counters(self) -> Counters:
        """Return the counters so far."""
        return Counters(
            self._frames,
            self._records,
            dict(self._refused),
            self._unasked + self._gate.unasked,
            dict(self._appended),
            {reason: tuple(samples) for reason, samples in self._samples.items()},
            self._server_clock.skew,
            self.volumes.backwards,
            dict(self._dropped),
            {tr_id: dict(fields) for tr_id, fields in self._unreadable.items()},
        )

    def _refuse(self, reason: str, data: object) -> None:
        self._refused[reason] += 1
        self._refused_log.log(reason, self._refused[reason], data, self.last_message)
        self._keep_sample(reason, data)
        self._conflation.touch()

    def _keep_sample(self, reason: str, data: object) -> None:
        samples = self._samples.setdefault(reason, [])
        if len(samples) < SAMPLES:
            text = data if isinstance(data, str) else repr(data)
            # Redacted before it is cut: half a key would not be recognised.
            samples.append(clean(redact(text[:LONGEST_LOOK]), LONGEST_SAMPLE))

    def _count_flaws(self, frame: Frame, raw: str) -> None:
        """Count the records of a frame that were dropped, and the fields that are missing."""
        for reason in frame.dropped:
            self._dropped[reason] += 1
            self._keep_sample(reason, raw)
        for element in frame.unreadable:
            self._unreadable.setdefault(frame.tr_id, Counter())[element] += 1
        self._conflation.touch()

    def _data(self, raw: str, now: float) -> None:
        frame = decode(raw)
        tr_id, records = frame.tr_id, frame.records
        self._frames += 1
        for record in records:
            if (tr_id, record.code) not in self._known and not self._admit(tr_id, record.code, now):
                records = self._asked_for(tr_id, records, now)
                break
        self._records += len(records)
        if frame.dropped or frame.unreadable:
            self._count_flaws(frame, raw)
        if frame.surplus:
            self._appended[tr_id] = frame.surplus
        if records:
            self.last_data = now
            self.trades.apply(tr_id, records)
            if self._sharing is not None:
                self._sharing.forward(raw, tr_id, records)
                records = self._without_foreign(tr_id, records)
        if records:
            self.volumes.apply(tr_id, records)
            self._conflation.accept(tr_id, records, now)
            if self._tap is not None:
                self._tap(tr_id, records, now)

    def _without_foreign(self, tr_id: str, records: "list[Record]") -> "list[Record]":
        foreign = self._foreign
        if not foreign:
            return records
        return [one for one in records if RegistrationKey(tr_id, one.code) not in foreign]

    def _without_foreign_codes(
        self, lane: "Mapping[str, array[float]]"
    ) -> "dict[str, array[float]]":
        return {code: kept for code, kept in lane.items() if code not in self._foreign_codes}

    def _admit(self, tr_id: str, code: str, now: float) -> bool:
        if self._gate.confirm(tr_id, code, now):
            self._known.add((tr_id, code))
            return True
        return False

    def _asked_for(self, tr_id: str, records: "list[Record]", now: float) -> "list[Record]":
        asked = [record for record in records if self._admit(tr_id, record.code, now)]
        self._unasked += len(records) - len(asked)
        return asked

    def _may_echo(self, raw: str, now: float) -> bool:
        if int(now) != self._echo_second:
            self._echo_second, self._echoes = int(now), 0
        self._echoes += 1
        return len(raw) <= LONGEST_ECHO and self._echoes <= self._most_echoes


def _text(data: object) -> str:
    """A binary frame, read as UTF-8."""
    try:
        return bytes(data).decode() if isinstance(data, bytes | bytearray) else ""
    except UnicodeDecodeError as error:
        raise FrameError("unprintable") from error
