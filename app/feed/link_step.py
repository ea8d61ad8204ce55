"""A step of the connection, as a tape holds it."""

from msgspec import Struct

from app.feed.phase import LinkPhase


class LinkStep(Struct, frozen=True):
    """State of the connection after a step; fields as in `app.feed.batch.LinkState`."""

    phase: LinkPhase = LinkPhase.OFF
    reason: str = ""
    detail: str = ""
    epoch: int = 0
    """Number of sockets dialled so far."""
    used: int = 0
    limit: int = 0
    waiting: int = 0
