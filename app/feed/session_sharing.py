"""The protocol of the gateway, as the feed uses it; the gateway is built on top of the feed."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TYPE_CHECKING, NamedTuple, Protocol

from app.feed.batch import LinkState, Sharer
from app.feed.demand import RankedRegistration, Reader
from app.feed.key_sessions import KeySessions
from app.feed.rest.rest_demand import RestDemand
from app.feed.rest.rest_events import RestEvent

if TYPE_CHECKING:
    from app.feed.trade_lane import LaneRecords
    from specs.record import Record


class SharedRest(Protocol):
    """The part of a feed's REST requests that its gateway uses."""

    trouble: bytes
    """Why nothing more is asked, by `app.feed.rest.event_codec`; empty while it is."""

    def remembered(self, code: str) -> list[bytes]:
        """Return what REST said of a code, encoded."""


class SharedFeed(NamedTuple):
    """The part of a feed that its gateway uses, on the feed's loop."""

    session: KeySessions
    """The sessions of all app keys, as one."""
    link: Callable[[], LinkState]
    """Returns the state of the connection now."""
    changed: Callable[[], None]
    """To be called when the clients want something else."""
    retry: Callable[[], None]
    """Connects now; reconnects if connected."""
    rest: SharedRest
    reader: Reader
    """Reads a code."""


class SessionSharing(Protocol):
    """Shares the session of a feed with other programs; called on the feed's loop only."""

    @property
    def has_clients(self) -> bool:
        """Whether somebody waits for every frame, so that reading is not paced."""

    @property
    def sharers(self) -> tuple[Sharer, ...]:
        """The programs that are served."""

    @property
    def rest_demands(self) -> Sequence[RestDemand]:
        """What joined programs ask of REST."""

    def serve(self, feed: SharedFeed) -> AbstractAsyncContextManager[None]:
        """Serve other programs while the block runs.

        Raises:
            UsageError: it cannot be served.
        """

    def merge(
        self, own: Sequence[RankedRegistration], reserved: int, limit: int, now: float
    ) -> Sequence[RankedRegistration]:
        """Return the registrations of the feed and of all clients.

        The first `reserved` of the feed's own keep their slots, of `limit`, whatever clients ask.
        """

    def forward(self, raw: str, tr_id: str, records: "list[Record]") -> None:
        """Pass on a data frame, whose records are of registrations."""

    def remember(self, records: "LaneRecords") -> None:
        """Keep trades and indications of all registrations for clients that come later."""

    def hand_over(self, event: RestEvent) -> None:
        """Pass on a result of REST to the programs that ask for it."""

    def poll(self, now: float) -> None:
        """Answer clients whose registrations changed their state."""


def serving(sharing: SessionSharing | None, feed: SharedFeed) -> AbstractAsyncContextManager[None]:
    """Return a block in which other programs are served, if there is a gateway."""
    return nullcontext() if sharing is None else sharing.serve(feed)
