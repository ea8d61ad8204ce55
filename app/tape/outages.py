"""Outages of the connection on a tape: one rule for its summary and for its timeline."""

from typing import Generic, TypeVar

from msgspec import Struct

from app.feed.link_step import LinkStep
from app.feed.phase import OPEN, SETTLED, LinkPhase

At = TypeVar("At")
"""A position on a tape: an entry, or seconds from its start."""

_LEFT = (LinkPhase.OFF, LinkPhase.STOPPED)


class Outage(Struct, Generic[At], frozen=True):
    """The connection was not up from `begin` to `end`; `step` is its first step down."""

    step: LinkStep
    begin: At
    end: At


class OutageFinder(Generic[At]):
    """Finds outages in the steps of a connection: from its loss until it is up again.

    Connecting for the first time does not count, and neither does a disconnect by the user.
    """

    def __init__(self) -> None:
        self._up = False
        self._down: tuple[LinkStep, At] | None = None

    def begin(self, step: LinkStep | None, at: At) -> None:
        """Start from the step that a tape's first keyframe has; a cut may begin in an outage."""
        if step is None or step.phase in _LEFT:
            return
        self._up = True
        if step.phase not in SETTLED and step.phase is not LinkPhase.SUSPECT:
            self._down = step, at

    def apply(self, step: LinkStep, at: At) -> Outage[At] | None:
        """Take the next step; return the outage that it ends, if any."""
        if step.phase in SETTLED:
            found = self.end(at)
            self._up = True
            return found
        if step.phase in _LEFT:
            # The user disconnected.
            self._up, self._down = False, None
        elif self._up and self._down is None and step.phase not in OPEN:
            self._down = step, at
        return None

    def end(self, at: At) -> Outage[At] | None:
        """Return the outage that lasts up to the end of the tape, if any."""
        down, self._down = self._down, None
        return None if down is None else Outage(*down, at)
