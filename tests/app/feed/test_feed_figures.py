"""Timeouts, pauses and sizes of the feed: a change of one is a decision, and changes this table.

Most cannot be held by their effect within the time of a test.
"""

from datetime import timedelta
from types import ModuleType

import pytest

from app.feed import (
    approval,
    conflation,
    demand,
    feed,
    feed_log,
    key_link,
    key_sessions,
    missed_trades,
    receiver,
    sender,
    server_clock,
    slots,
    socket,
)
from app.feed.rest import price_snapshot, rest_client, token_file, token_issuer
from specs import bearer, control, quotation

KIB = 1024


@pytest.mark.parametrize(
    ("module", "figures"),
    [
        # The dial, the key and a price may take ten seconds, the close of a socket two or three.
        (socket, {"LARGEST_FRAME": 512 * KIB, "DIAL_TIMEOUT": 10.0, "CLOSE_TIMEOUT": 2.0}),
        (approval, {"LARGEST_ANSWER": 64 * KIB, "TIMEOUT": 10.0}),
        (rest_client, {"TIMEOUT": 10.0, "LARGEST_TOKEN": 64 * KIB, "CERTIFICATE_WAIT": 600.0}),
        (feed, {"LONGEST_NAP": 1.0, "SLEPT": 5.0}),
        (key_link, {"CLOSE_TIMEOUT": 3.0, "LOCK_EVERY": 1.0}),
        (key_sessions, {"CUT_OFF": 2.0}),
        (sender, {"SEND_TIMEOUT": 5.0}),
        (conflation, {"BEAT": 0.1}),
        (slots, {"SWAP_EVERY": 1.0}),
        (demand, {"GRACE": timedelta(seconds=30)}),
        (missed_trades, {"MOST_GAPS": 32}),
        (feed_log, {"FRAME_PERIOD": 60.0, "ACKS_A_MINUTE": 50, "LONGEST_LOOK": KIB}),
        (receiver, {"LONGEST_ECHO": KIB, "ECHOES_PER_SECOND": 5, "SAMPLES": 3,
                    "LONGEST_SAMPLE": 256, "LONGEST_LOOK": 4 * KIB}),
        (server_clock, {"NOTICEABLE": 5.0, "ALARMING": 60.0, "REMEMBERED": 3, "APART": 2.0}),
        # KIS issues a token a minute, and fails a key from about ten price calls a second.
        (token_issuer, {"GRACE": 1.0, "ONCE_IN": 43_200.0}),
        (token_file, {"MARGIN": 600.0, "STEP": 60.0}),
        (price_snapshot, {"SPACING": 0.26, "TOO_FAST_WAIT": 1.0, "TOO_FAST_TRIES": 2,
                          "PAUSES": (5.0, 60.0, 300.0)}),
        (bearer, {"LIFETIME": 86_400.0, "EVERY": 60.0}),
        (quotation, {"LARGEST": 256 * KIB}),
        (control, {"LARGEST": 64 * KIB}),
    ],
    ids=lambda one: one.__name__ if isinstance(one, ModuleType) else "",
)  # fmt: skip
def test_the_figures_of_the_feed(module: ModuleType, figures: dict[str, object]) -> None:
    assert {name: getattr(module, name) for name in figures} == figures
