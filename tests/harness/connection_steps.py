"""A connection led through events, for the tests of its decisions."""

from math import inf

from app.feed.connection import LinkPhase, step
from app.feed.connection_state import Connection
from app.feed.events import (
    DemandChanged,
    Effect,
    IssueKey,
    KeyIssued,
    LinkEvent,
    RegistrationAcknowledged,
    RegistrationsSettled,
    SocketOpened,
    TimePassed,
)

ALIVE: list[tuple[LinkEvent, float]] = [
    (DemandChanged(True), 0),
    (KeyIssued(), 1),
    (SocketOpened(), 2),
    (RegistrationAcknowledged(), 3),
    (RegistrationsSettled(True), 4),
]


def run(*events: tuple[LinkEvent, float], draw: float = 0.5) -> tuple[Connection, list[Effect]]:
    """The state after all events, and the effects of the last."""
    state, effects = Connection(), list[Effect]()
    for event, now in events:
        state, effects = step(state, event, now, draw)
    return state, effects


def after(
    state: Connection, *events: tuple[LinkEvent, float], draw: float = 0.5
) -> tuple[Connection, list[Effect]]:
    effects = list[Effect]()
    for event, now in events:
        state, effects = step(state, event, now, draw)
    return state, effects


def redialled(state: Connection) -> tuple[Connection, float]:
    """The state once its wait is over and the next dial is out."""
    now = state.next_at
    state, effects = step(state, TimePassed(-inf), now, 0.5)
    if effects == [IssueKey()]:
        state, effects = step(state, KeyIssued(), now, 0.5)
    assert state.phase is LinkPhase.DIAL, state.phase
    return state, now
