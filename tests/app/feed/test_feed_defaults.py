"""What the structs of the feed hold before anything has happened."""

from math import inf, nan

import pytest
from msgspec import Struct
from msgspec.structs import astuple

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


@pytest.mark.parametrize(
    ("one", "fields"),
    [
        (LinkState(), (OFF, "", "", 0.0, 0, 0, 0, 0, -inf, 15.0)),
        (LinkStep(), (OFF, "", "", 0, 0, 0, 0)),
        (Counters(), (0, 0, {}, 0, {}, {}, nan, 0, {}, {})),
        (Recording(), (False, "", 0, 0, 0, "", 0, 0, ())),
        (WatchRequest(), ((), "", None, False)),
        (
            Batch((), LinkState(), Counters(), {}, (), {}),
            ((), LinkState(), Counters(), {}, (), {}, (), {}, Recording(), False),
        ),
        (
            Connection(),
            (
                *(OFF, "", "", inf, 0, 0, False, DialBudget(()), Liveness(), True),
                *(-inf, -inf, False, -inf, -inf, -inf, -inf, 0, 0, -inf, -inf, LinkPhase.BACKOFF),
            ),
        ),
        (KeyRefused("why"), ("why", Refusal.PASSING, 0.0)),
        (SocketClosed("why"), ("why", False, 0.0)),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_struct_of_the_feed_begins_with_nothing(one: Struct, fields: tuple[object, ...]) -> None:
    # By their texts, as nan is not equal to itself.
    assert repr(astuple(one)) == repr(fields)
