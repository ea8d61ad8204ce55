"""The dashboard with a gate in front of its batches, so that a test sees one batch per step."""

from app.feed.batch import Batch
from app.feed.feed import Feed
from app.screens.app import KisTui


class BatchGate(KisTui):
    """The dashboard; `holds_batches` keeps the next batch back until `deliver_held`.

    Only one batch is in flight at a time.  While it is held, the feed conflates everything that
    arrives into the next one, so a step is one batch in every run.
    """

    feed: Feed
    holds_batches = False
    held_batch: Batch | None = None

    def _deliver(self, batch: Batch) -> None:
        if self.holds_batches:
            self.held_batch = batch
        else:
            super()._deliver(batch)

    def deliver_held(self) -> None:
        """Deliver the held batch, if there is one, and stop holding batches."""
        self.holds_batches = False
        if self.held_batch is not None:
            super()._deliver(self.held_batch)
            self.held_batch = None
