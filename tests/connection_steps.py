"""A connection led through events, for the tests of its decisions."""

from math import inf

from app.feed.connection import Phase, step
from app.feed.connection_state import Connection
from app.feed.events import (
    Effect,
    Event,
    IssueKey,
    KeyIssued,
    Opened,
    Registered,
    Settled,
    Tick,
    Wanted,
)

ALIVE: list[tuple[Event, float]] = [
    (Wanted(True), 0),
    (KeyIssued(), 1),
    (Opened(), 2),
    (Registered(), 3),
    (Settled(True), 4),
]


def run(*events: tuple[Event, float], draw: float = 0.5) -> tuple[Connection, list[Effect]]:
    """The state after all events, and the effects of the last."""
    state, effects = Connection(), list[Effect]()
    for event, now in events:
        state, effects = step(state, event, now, draw)
    return state, effects


def after(
    state: Connection, *events: tuple[Event, float], draw: float = 0.5
) -> tuple[Connection, list[Effect]]:
    effects = list[Effect]()
    for event, now in events:
        state, effects = step(state, event, now, draw)
    return state, effects


def redialled(state: Connection) -> tuple[Connection, float]:
    """The state once its wait is over and the next dial is out."""
    now = state.next_at
    state, effects = step(state, Tick(-inf), now, 0.5)
    if effects == [IssueKey()]:
        state, effects = step(state, KeyIssued(), now, 0.5)
    assert state.phase is Phase.DIAL, state.phase
    return state, now
