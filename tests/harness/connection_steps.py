"""Feed events to the connection's state machine, without a socket and without waiting."""

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


def run_events(
    *events: tuple[LinkEvent, float], draw: float = 0.5
) -> tuple[Connection, list[Effect]]:
    """Start from a new connection; return its state after all events and the last one's effects."""
    state, effects = Connection(), list[Effect]()
    for event, now in events:
        state, effects = step(state, event, now, draw)
    return state, effects


def continue_events(
    state: Connection, *events: tuple[LinkEvent, float], draw: float = 0.5
) -> tuple[Connection, list[Effect]]:
    """Go on from `state`; return the state after all events and the last one's effects."""
    effects = list[Effect]()
    for event, now in events:
        state, effects = step(state, event, now, draw)
    return state, effects


def redial(state: Connection) -> tuple[Connection, float]:
    """Let the backoff end and the next dial begin; return the state and the time of the dial."""
    now = state.next_at
    state, effects = step(state, TimePassed(-inf), now, 0.5)
    if effects == [IssueKey()]:
        state, effects = step(state, KeyIssued(), now, 0.5)
    assert state.phase is LinkPhase.DIAL, state.phase
    return state, now
