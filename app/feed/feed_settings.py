"""The settings of a feed."""

from collections.abc import Callable
from math import inf
from typing import Protocol

from msgspec import Struct

from app.feed.batch import Batch
from app.feed.batch_source import Source
from app.feed.conflation import BEAT
from app.feed.demand import Reader
from app.feed.dial_file import DialFile
from app.feed.frame_sink import FrameSink
from app.feed.paced_reading import PAUSE
from app.feed.registrations import LIMIT
from app.feed.rest.price_snapshot import PriceSnapshotSettings
from app.feed.session_sharing import SessionSharing
from app.feed.trade_lane import LaneRecords
from app.krx.calendar import KRX, Schedule
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import Clock
from specs.catalog import Channel
from specs.codes import read
from specs.preferences import CustomerType
from specs.record import Record
from specs.user_message import UserText

Tap = Callable[[str, list[Record], float], None]
"""Called on the feed's loop with every accepted frame: TR, records, monotonic arrival."""


class TradeHistory(Protocol):
    """Reads what came before the feed began; the tapes are built on top of the feed."""

    async def run(self, deliver: Callable[[LaneRecords], None]) -> None:
        """Deliver trades and indications, the latest first; it raises nothing.

        It is called on the feed's loop.
        """


class SourceFactory(Protocol):
    """Makes the source of a run."""

    def __call__(
        self,
        settings: "FeedSettings",
        clock: Clock,
        deliver: Callable[[Batch], None],
        tap: Tap | None,
    ) -> Source:
        """Return a source that has not been started."""


class KeyLock(Protocol):
    """The lock of an app key among the programs of this machine."""

    def try_acquire(self) -> bool:
        """Own the key if nobody else does; return whether this process owns it.

        Raises:
            KisTuiError: the lock cannot be made.
        """


class AppKey(Struct, frozen=True):
    """One app key that a feed has a session of."""

    credentials: Credentials
    dials: DialFile | None = None
    """The file of its dial budget; None in a demo."""
    lock: KeyLock | None = None
    """Its lock, to be got before it is used; None if the run has it, or needs none."""
    lived_at: float = -inf


class FeedSettings(Struct, frozen=True):
    """The settings of a feed."""

    endpoints: Endpoints
    credentials: Credentials
    beat: float = BEAT
    pause: float = PAUSE
    """Seconds that reading waits after data; 0 reads every frame as it comes."""
    limit: int = LIMIT
    customer: CustomerType = "P"
    """Sent as ``custtype`` with every registration."""
    schedule: Schedule = KRX
    """The sessions that the run goes by."""
    channels: frozenset[Channel] = frozenset(Channel)
    expects_always: bool = False
    """Whether expected executions are registered outside of the calendar's auctions too."""
    reader: Reader = read
    """Reads a code; called on the feed's thread."""
    is_paper: bool = False
    """Whether keys and servers are those of KIS' paper trading."""
    dials: DialFile | None = None
    """The file of the dial budget; None in a demo."""
    picture: PriceSnapshotSettings | None = None
    """Settings of the requests for last known values; None disables them."""
    describe: Callable[[UserText], str] = str
    """Makes a message the text that tapes and diagnostics keep as the reason of a step."""
    history: "TradeHistory | None" = None
    """What was recorded of the session before this start, if anything could be."""
    recorder: FrameSink | None = None
    """The recorder, if the run has one."""
    sharing: SessionSharing | None = None
    """The gateway for other programs, if the run has one."""
    lived_at: float = -inf
    """When this program last got data through another one's session; monotonic seconds.

    A key that is in use shortly after is taken for that session's remains.
    """
    source: "SourceFactory | None" = None
    """Makes the source of a run that shares its session; None for a feed of its own."""
    more_keys: tuple[AppKey, ...] = ()
    """The other app keys of the run, which are used after the first one in this order."""

    @property
    def app_keys(self) -> tuple[AppKey, ...]:
        """All app keys, in the order in which they are used."""
        first = AppKey(self.credentials, self.dials, lived_at=self.lived_at)
        return (first, *self.more_keys)

    @property
    def all_slots(self) -> int:
        """Registrations that the sessions of all app keys hold together."""
        return self.limit * len(self.app_keys)
