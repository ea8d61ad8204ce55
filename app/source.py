"""What the dashboard gets its batches from: the live feed, or a tape that is played."""

from typing import Protocol

from app.feed.plan import Wish


class Source(Protocol):
    """Runs on a thread of its own; its methods but `run` may be called from any."""

    def watch(self, wish: Wish) -> None:
        """Watch these codes and no others."""

    def retry(self) -> None:
        """Connect now, or anew."""

    def taken(self) -> None:
        """The last batch has been taken; the next may come."""

    def stop(self) -> None:
        """Let `run` return."""

    async def run(self) -> None:
        """Bring batches until stopped."""
