"""Waits before the next try, by the kind of failure and the number of failures in a row.

Half of each wait is fixed and half is drawn: with a wait drawn whole, small draws spend several
dials on one short outage.  Only the first try after a stable session is drawn whole.
"""

OCCUPIED_LADDER = (30.0, 30.0, 45.0, 60.0, 90.0, 120.0)
OCCUPIED_AFTER = 600.0
BLOCKED_AT = 5
"""Connections in a row that were accepted and closed at once, before a block is suspected."""


def _half(bound: float, draw: float) -> float:
    return bound / 2 + draw * bound / 2


def after_stable(draw: float) -> float:
    """After a session that had lived."""
    return 0.5 + 1.5 * draw


def reached(failures: int, draw: float) -> float:
    """Refused, timed out, or no websocket."""
    ceiling = 60.0 if failures <= 12 else 300.0
    return _half(min(ceiling, 2.0 * 2 ** min(failures, 12)), draw)


def immediate(failures: int, draw: float) -> float:
    """Accepted, then closed at once."""
    return _half(min(120.0, 5.0 * 2 ** min(failures, 8)), draw)


def blocked(times: int, draw: float) -> float:
    """A block is suspected: one dial each quarter of an hour, and ever more seldom."""
    return min(3600.0, 900.0 * 2.0 ** min(times, 4) * (0.8 + 0.4 * draw))


def unstable(failures: int, draw: float) -> float:
    """It lived, but not for a minute."""
    return _half(min(300.0, 10.0 * 2 ** min(failures, 8)), draw)


def local(draw: float) -> float:
    """The fault is on this side of the network."""
    return 10.0 + 5.0 * draw


def untrusted(draw: float) -> float:
    """The server's certificate is wrong: somebody has to see to it, so the tries are few."""
    return 600.0 * (0.8 + 0.4 * draw)


def key(failures: int, draw: float) -> float:
    """No approval key, for a reason that may pass."""
    return _half(min(600.0, 60.0 * 2 ** min(failures, 4)), draw)


def occupied(tries: int, draw: float) -> float:
    """The server still holds the slot of our own last session."""
    rung = OCCUPIED_LADDER[tries] if tries < len(OCCUPIED_LADDER) else OCCUPIED_AFTER
    return rung * (0.85 + 0.3 * draw)
