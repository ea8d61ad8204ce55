"""PINGPONG is answered and the session lives, whatever the terminal and the screen do.

The long run with its figures: ``python tests/rig/stalls.py``.
"""

from pathlib import Path

from rig import stalls

SOON = 2.0
"""Seconds until a screen that was held up shows what the market says now."""


def test_a_terminal_that_is_not_read_holds_up_no_echo_and_then_shows_the_present(
    home: Path,
) -> None:
    figures = stalls.terminal(home, 6.0)
    assert figures.held, figures
    assert len(figures.echoes) > 20
    assert figures.present < SOON


def test_a_blocked_screen_holds_up_no_echo_and_then_shows_the_present(home: Path) -> None:
    figures = stalls.screen(home, 3.0)
    assert figures.held, figures
    assert len(figures.echoes) > 10
    assert figures.present < SOON


def test_five_thousand_frames_a_second_hold_up_no_echo_and_the_screen_keeps_up(
    home: Path,
) -> None:
    figures = stalls.burst(home, 4.0)
    assert figures.held, figures
    assert figures.frames > 3 * stalls.BURST
    assert figures.present < SOON
