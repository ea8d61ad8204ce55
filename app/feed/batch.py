"""The batch that the feed delivers to the screen once per beat, as frozen structs."""

from collections.abc import Mapping
from math import nan

from msgspec import Struct

from app.feed.connection import SETTLED, LinkPhase
from app.feed.liveness import NOTICE
from app.feed.paper_watch import PaperState
from app.feed.recording import Recording
from app.feed.registrations import RegistrationKey, RegistrationStatus
from app.feed.rest.rest_events import RestEvent
from app.feed.trade_lane import Indications, LaneRecords, Trades
from specs.catalog import CATALOG, Absent, Session
from specs.record import Record


class Sharer(Struct, frozen=True):
    """Another program that has registrations of the session."""

    name: str
    """Its own name for itself; may be empty."""
    codes: tuple[str, ...]
    registrations: int
    waiting: int = 0
    """Those of them that wait for a slot."""
    dropped: int = 0
    """Data frames that it did not read in time, which newer ones replaced."""


class KeyState(Struct, frozen=True):
    """The session of one app key, where there are several; times are monotonic seconds."""

    name: str
    """The user's name for it, its profile."""
    phase: LinkPhase = LinkPhase.OFF
    reason: str = ""
    detail: str = ""
    next_at: float = 0.0
    used: int = 0
    limit: int = 0


HUB_SILENT = "hub_silent"
"""The reason of a link whose owner, another program, has been silent."""


class LinkState(Struct, frozen=True):
    """The state of the connection, in words of the catalogue; times are monotonic seconds."""

    phase: LinkPhase = LinkPhase.OFF
    reason: str = ""
    detail: str = ""
    next_at: float = 0.0
    failures: int = 0
    used: int = 0
    limit: int = 0
    waiting: int = 0
    """Registrations that wait for a slot."""
    last_message: float = float("-inf")
    notice: float = NOTICE
    """Seconds of silence that are nothing to speak of."""
    paper: PaperState = PaperState.NONE
    """Whether the keys are for paper trading, and what came of it."""
    via_hub: bool = False
    """Whether another program has the session, and this one gets its data from there."""
    sharers: tuple[Sharer, ...] = ()
    """The other programs that have registrations of the session."""
    keys: tuple[KeyState, ...] = ()
    """The session of each app key; empty where there is one key alone."""

    @property
    def headline(self) -> tuple[object, ...]:
        """Return the fields that the status line must show at once."""
        shown = self.phase, self.used, self.limit, self.waiting, self.paper
        return (*shown, self.via_hub, self.sharers, self.keys)

    def is_live(self, now: float) -> bool:
        """Whether prices may look live."""
        return self.phase in SETTLED and now - self.last_message < self.notice


# JSON has no nan: what is kept of a run leaves a skew out that nobody knows.
class Counters(Struct, frozen=True, omit_defaults=True):
    """Counts since the start; `refused` counts frames by reason."""

    frames: int = 0
    records: int = 0
    refused: dict[str, int] = {}
    unasked: int = 0
    appended: dict[str, int] = {}
    """Undocumented fields at the end of a TR's records: tr_id to how many."""
    samples: dict[str, tuple[str, ...]] = {}
    """The first refused frames of each reason, cleaned and cut."""
    skew: float = nan
    """Seconds that the server's clock is ahead of ours, by its last PINGPONGs."""
    backwards: int = 0
    """Trades whose accumulated volume was below an earlier one's."""
    dropped: dict[str, int] = {}
    """Records that were dropped alone from a frame whose other records were read, by reason."""
    unreadable: dict[str, dict[str, int]] = {}
    """Fields that could not be read and are missing: tr_id to KIS' name to how many."""


class LinkTransition(Struct, frozen=True):
    """One step of the connection, and when it came: ISO, KST."""

    at: str
    phase: LinkPhase
    reason: str
    detail: str


class Received(Struct, frozen=True, gc=False):
    """A record and when it came: monotonic seconds."""

    tr_id: str
    record: Record
    at: float


class Batch(Struct, frozen=True):
    """One beat: the newest record of every registration that changed, and the state of the link."""

    received: tuple[Received, ...]
    link: LinkState
    counters: Counters
    registrations: dict[RegistrationKey, RegistrationStatus]
    """All that is wanted, most wanted first; the same object while nothing changed."""
    transitions: tuple[LinkTransition, ...]
    """The last steps of the connection, oldest first."""
    asleep: dict[str, Absent]
    """Codes without a trade TR in this session, and why."""
    rest_events: tuple[RestEvent, ...] = ()
    """Results of REST for codes without a trade so far."""
    missed: Mapping[str, float] = {}
    """Missed contracts by code; the same object until they change."""
    recording: Recording = Recording()
    trades: Trades = {}
    """Every trade since the last batch."""
    earlier: tuple[LaneRecords, ...] = ()
    """What came before all that is known, the latest first."""
    indications: Indications = {}
    """Every indication of an auction since the last batch."""
    is_reset: bool = False
    """Whether this is all that is known, and what came before is to be forgotten."""

    @property
    def sessions(self) -> frozenset[Session]:
        """The sessions whose TRs brought its records."""
        return frozenset(CATALOG[tr_id].session for tr_id in {one.tr_id for one in self.received})
