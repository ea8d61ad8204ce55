"""The dashboard for a stage: what comes in is held back until everything is there."""

from app.feed.batch import Batch
from app.feed.feed import Feed
from app.screens.app import KisTui


class BatchGate(KisTui):
    """The dashboard, whose batches can be held back.

    While one is held the feed gathers everything else for the next, so that what comes in between
    is one batch in every run, however the threads are scheduled.
    """

    feed: Feed
    holding = False
    held: Batch | None = None

    def _deliver(self, batch: Batch) -> None:
        if self.holding:
            self.held = batch
        else:
            super()._deliver(batch)

    def deliver_held(self) -> None:
        """Take what is held, and hold nothing any more."""
        self.holding = False
        if self.held is not None:
            super()._deliver(self.held)
            self.held = None
