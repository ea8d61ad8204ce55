"""A step of the connection, as a tape holds it."""

from msgspec import Struct

from app.feed.phase import LinkPhase


class LinkStep(Struct, frozen=True):
    """How the connection stands from here on; in the words of `app.feed.batch.Link`."""

    phase: LinkPhase = LinkPhase.OFF
    reason: str = ""
    detail: str = ""
    epoch: int = 0
    """How many sockets have been dialled."""
    used: int = 0
    limit: int = 0
    waiting: int = 0
