"""The source of batches for screens and commands: a live feed, or a tape that is played.

Another broker's feed begins here: it has the methods of `Source`, and `live_source` chooses it.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from app.feed.batch import Batch
from app.feed.demand import WatchRequest
from app.feed.feed import Feed
from app.feed.feed_settings import FeedSettings, Tap
from app.system.clock import Clock


class Source(Protocol):
    """Runs on a thread of its own; its methods but `run` may be called from any."""

    def watch(self, request: WatchRequest) -> None:
        """Watch these codes and no others."""

    def retry(self) -> None:
        """Connect now; reconnect if connected."""

    def record(self, on: bool) -> None:
        """Record from here on, or no longer; what is played is not recorded."""

    def name(self, names: Mapping[str, str]) -> None:
        """Codes have these names, which a recording keeps."""

    def acknowledge_batch(self) -> None:
        """The last batch has been taken; the next may come."""

    def stop(self) -> None:
        """Let `run` return."""

    async def run(self) -> None:
        """Bring batches until stopped."""


def live_source(
    settings: FeedSettings,
    clock: Clock,
    deliver: Callable[[Batch], None],
    tap: Tap | None = None,
) -> Source:
    """Return the live feed, KIS' websocket.

    `deliver` gets its batches and `tap` every accepted frame, both on the feed's thread.
    """
    return Feed(settings, clock, deliver, tap)
