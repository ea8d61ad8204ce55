"""PINGPONG is answered and the session lives while terminal or screen are stalled.

The long run with its figures: ``python tests/rig/stalls.py``.
"""

from pathlib import Path

from rig import stalls

ECHO = 2.0
"""Seconds that an echo may take: less than the stalls last, more than a busy machine needs."""


def test_a_terminal_that_is_not_read_holds_up_no_echo_and_then_shows_the_present(
    home: Path,
) -> None:
    figures = stalls.terminal(home, 6.0)
    assert figures.answered, figures
    assert len(figures.echoes) > 10
    assert figures.slowest < ECHO


def test_a_blocked_screen_holds_up_no_echo_and_then_shows_the_present(home: Path) -> None:
    figures = stalls.screen(home, 3.0)
    assert figures.answered, figures
    assert len(figures.echoes) > 5
    assert figures.slowest < ECHO


def test_five_thousand_frames_a_second_hold_up_no_echo_and_the_screen_keeps_up(
    home: Path,
) -> None:
    figures = stalls.burst(home, 4.0)
    assert figures.answered, figures
    assert figures.frames > 3 * stalls.BURST
    assert figures.slowest < ECHO
