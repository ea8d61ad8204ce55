"""The protocol of what brings batches: a live feed, a shared one, or a tape that is played."""

from collections.abc import Mapping
from typing import Protocol

from app.feed.demand import WatchRequest


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
