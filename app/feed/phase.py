"""The phases of a connection, and what they have in common."""

from enum import StrEnum


class Phase(StrEnum):
    """Where a connection stands."""

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


OPEN = frozenset((Phase.PROBE, Phase.RESTORE, Phase.LIVE, Phase.DEGRADED, Phase.SUSPECT))
SETTLED = frozenset((Phase.LIVE, Phase.DEGRADED))
WAITING = frozenset((Phase.BACKOFF, Phase.OFFLINE, Phase.UNTRUSTED, Phase.OCCUPIED, Phase.BLOCKED))
UNANSWERED = frozenset((Phase.AUTH, Phase.DIAL, Phase.CLOSING))
"""Phases that end with an answer from outside, and after a limit without one."""
