"""What the structs of the feed hold before anything has happened."""

from math import inf, nan

import pytest
from msgspec import Struct

from app.feed.batch import Batch, Counters, LinkState
from app.feed.connection_state import Connection
from app.feed.demand import WatchRequest
from app.feed.dial_budget import DialBudget
from app.feed.events import KeyRefused, Refusal, SocketClosed
from app.feed.link_step import LinkStep
from app.feed.liveness import Liveness
from app.feed.phase import LinkPhase
from app.feed.recording import Recording

OFF = LinkPhase.OFF
LONG_AGO = (
    "opened_at", "acked_at", "lived_at", "key_at", "issued_at", "new_key_at", "renewed_at",
    "drought_at",
)  # fmt: skip


@pytest.mark.parametrize(
    ("one", "values"),
    [
        (LinkState(), {"phase": OFF, "reason": "", "detail": "", "next_at": 0.0, "failures": 0,
                       "used": 0, "limit": 0, "waiting": 0, "last_message": -inf, "notice": 15.0}),
        (LinkStep(), {"phase": OFF, "reason": "", "detail": "", "epoch": 0, "used": 0, "limit": 0,
                      "waiting": 0}),
        (Counters(), {"frames": 0, "records": 0, "refused": {}, "unasked": 0, "appended": {},
                      "samples": {}, "skew": nan, "backwards": 0, "dropped": {},
                      "unreadable": {}}),
        (Recording(), {"on": False, "name": "", "messages": 0, "bytes": 0, "dropped": 0,
                       "trouble": "", "removed": 0, "begun": 0, "closed": ()}),
        (WatchRequest(), {"codes": (), "focus": "", "visible": None, "books_first": False,
                          "expected_first": False}),
        (Batch((), LinkState(), Counters(), {}, (), {}), {
            "rest_events": (), "missed": {}, "recording": Recording(), "is_reset": False}),
        (Connection(), {
            "phase": OFF, "reason": "", "detail": "", "next_at": inf, "epoch": 0, "failures": 0,
            "is_wanted": False, "budget": DialBudget(()), "silence": Liveness(), "complete": True,
            "proven": False, "occupied": 0, "blocked": 0, "after": LinkPhase.BACKOFF,
            **dict.fromkeys(LONG_AGO, -inf)}),
        (KeyRefused("why"), {"kind": Refusal.PASSING, "wait": 0.0}),
        (SocketClosed("why"), {"local": False, "wait": 0.0}),
    ],
    ids=lambda one: type(one).__name__,
)  # fmt: skip
def test_a_struct_of_the_feed_begins_with_nothing(one: Struct, values: dict[str, object]) -> None:
    # By their texts, as nan is not equal to itself.
    assert {name: repr(getattr(one, name)) for name in values} == {
        name: repr(value) for name, value in values.items()
    }
