"""Desktop notifications: which terminals get one, and that a text cannot leave its sequence."""

import pytest

from app.alerts.desktop_notification import notification, protocol_of


@pytest.mark.parametrize(
    ("environment", "protocol"),
    [
        ({"TERM": "xterm-kitty"}, "osc99"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "osc99"),
        ({"TERM_PROGRAM": "WezTerm"}, "osc9"),
        ({"TERM_PROGRAM": "iTerm.app"}, "osc9"),
        ({"TERM": "xterm-ghostty"}, "osc9"),
        ({"TERM": "foot"}, "osc777"),
        ({"TERM": "rxvt-unicode-256color"}, "osc777"),
        ({"TERM": "xterm-256color"}, "off"),
        ({"TERM": "xterm-256color", "WT_SESSION": "1"}, "off"),
        ({"TERM_PROGRAM": "vscode"}, "off"),
        ({"TERM": "screen", "TMUX": "/tmp/x", "TERM_PROGRAM": "WezTerm"}, "off"),
        ({}, "off"),
    ],
)
def test_only_terminals_known_to_take_one_get_one(
    environment: dict[str, str], protocol: str
) -> None:
    assert protocol_of("auto", environment) == protocol


def test_what_is_asked_for_is_used_everywhere() -> None:
    assert protocol_of("osc777", {}) == "osc777"
    assert protocol_of("off", {"TERM": "xterm-kitty"}) == "off"


def test_notifications_have_the_form_of_their_protocol() -> None:
    assert notification("osc9", "x") == "\x1b]9;kis-tui: x\x1b\\"
    assert notification("osc777", "x;y") == "\x1b]777;notify;kis-tui;x,y\x1b\\"
    assert notification("osc99", "x") == "\x1b]99;;kis-tui: x\x1b\\"
    assert notification("off", "x") == ""


def test_a_text_cannot_end_the_sequence() -> None:
    for protocol in ("osc9", "osc777", "osc99"):
        found = notification(protocol, "a\x1b\\\x07\x9cb\n")
        assert found.count("\x1b") == 2
        assert not set("\x07\x9c\n") & set(found)
