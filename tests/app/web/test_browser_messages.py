"""Messages of a page, well-formed and not: each is read or dropped, and none raises."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.browser_messages import (
    LARGEST_SIZE,
    BrowserFocus,
    BrowserInput,
    BrowserPing,
    BrowserResize,
    read_browser_message,
    requested_size,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
NAMES = st.sampled_from(["stdin", "resize", "ping", "focus", "blur", "quit", ""])


@pytest.mark.parametrize(
    ("message", "read"),
    [
        (["stdin", "콜 1085\x1b"], BrowserInput("콜 1085\x1b".encode())),
        (["resize", {"width": 120, "height": 40}], BrowserResize(120, 40)),
        (["resize", {"width": -1, "height": 10**9}], BrowserResize(1, LARGEST_SIZE[1])),
        (["ping", "1796"], BrowserPing("1796")),
        (["focus"], BrowserFocus(True)),
        (["blur", None], BrowserFocus(False)),
        (["ping", "x" * 65], None),
        (["resize", {"width": True, "height": 40}], None),
        (["resize", {"width": 1.5, "height": 40}], None),
        (["stdin", None], None),
        (["quit"], None),
        ({"stdin": "q"}, None),
        ("stdin", None),
    ],
)
def test_a_message_is_read_as_what_it_says(message: object, read: object) -> None:
    assert read_browser_message(json.dumps(message)) == read


@given(st.text() | st.builds(json.dumps, JSON | st.tuples(NAMES, JSON)))
def test_any_text_is_read_or_dropped(text: str) -> None:
    message = read_browser_message(text)
    if isinstance(message, BrowserResize):
        assert 1 <= message.width <= LARGEST_SIZE[0]
        assert 1 <= message.height <= LARGEST_SIZE[1]


@given(st.text(), st.text())
def test_any_size_in_an_address_is_one_to_draw_in(width: str, height: str) -> None:
    columns, rows = requested_size(width, height)
    assert 1 <= columns <= LARGEST_SIZE[0]
    assert 1 <= rows <= LARGEST_SIZE[1]


def test_a_size_in_an_address_is_taken_and_others_are_80_by_24() -> None:
    assert requested_size("120", "40") == (120, 40)
    for width, height in (
        ("", ""),
        ("x", "40"),
        ("120", "-4"),
        ("１２０", "40"),
        ("9" * 5000, "4"),
    ):
        assert requested_size(width, height) == (80, 24)
