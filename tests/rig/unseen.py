"""An outbox for the virtual world, which has no loop and no screen."""

from app.feed.conflation import Conflation


class Unseen(Conflation):
    """An outbox whose beats nobody takes."""

    def __init__(self) -> None:
        super().__init__(lambda heard: None)

    def touch(self) -> None:
        """Do nothing: a test has no loop."""

    def hand_over(self) -> int:
        """Forget what has gathered; how much it was."""
        gathered, self._newest = len(self._newest), {}
        return gathered
