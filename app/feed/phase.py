"""The phases of a connection, and what they have in common."""

from enum import StrEnum


class LinkPhase(StrEnum):
    """Phase of a connection."""

    OFF = "off"
    AUTH = "auth"
    DIAL = "dial"
    PROBE = "probe"
    RESTORE = "restore"
    LIVE = "live"
    DEGRADED = "degraded"
    SUSPECT = "suspect"
    CLOSING = "closing"
    BACKOFF = "backoff"
    OFFLINE = "offline"
    UNTRUSTED = "untrusted"
    OCCUPIED = "occupied"
    BLOCKED = "blocked"
    FATAL = "fatal"
    STOPPED = "stopped"


OPEN = frozenset(
    (LinkPhase.PROBE, LinkPhase.RESTORE, LinkPhase.LIVE, LinkPhase.DEGRADED, LinkPhase.SUSPECT)
)
SETTLED = frozenset((LinkPhase.LIVE, LinkPhase.DEGRADED))
WAITING = frozenset(
    (
        LinkPhase.BACKOFF,
        LinkPhase.OFFLINE,
        LinkPhase.UNTRUSTED,
        LinkPhase.OCCUPIED,
        LinkPhase.BLOCKED,
    )
)
UNANSWERED = frozenset((LinkPhase.AUTH, LinkPhase.DIAL, LinkPhase.CLOSING))
"""Phases that end with an answer from outside, and after a limit without one."""
