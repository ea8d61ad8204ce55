"""What the feed's thread posts to the screen."""

from textual.message import Message

from app.feed.batch import Batch


class BatchArrived(Message):
    """A beat: a batch to be taken."""

    def __init__(self, batch: Batch) -> None:
        super().__init__()
        self.batch = batch
