"""Themes and colours from the command line, on a pseudo-terminal."""

import re
from pathlib import Path

import pytest
from harness.command_line import CommandLine
from rig.terminal import COMMAND, Terminal

from app.screens.appearance import terminal_colors

_COLOR = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")


@pytest.mark.parametrize(
    ("environment", "depth"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "many"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "xterm"}, "16"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256"),
    ],
)
def test_the_environment_says_which_colours_there_are(
    environment: dict[str, str], depth: str
) -> None:
    assert terminal_colors(environment, no_color=False) == depth
    assert terminal_colors(environment, no_color=True) == "none"


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_dumb_terminal_is_refused_with_a_sentence(home: Path, term: str) -> None:
    with Terminal([COMMAND, "--demo"], home, {"TERM": term}) as running:
        assert running.ends() == 2
        assert f"TERM={term}" in running.output.decode()
        assert b"\x1b[?1049h" not in running.output


@pytest.mark.parametrize(
    ("words", "variables"),
    [(("--no-color",), {}), ((), {"NO_COLOR": "1"})],
)
def test_without_colours_no_colour_is_written(
    home: Path, words: tuple[str, ...], variables: dict[str, str]
) -> None:
    with Terminal([COMMAND, "--demo", *words], home, variables) as running:
        running.shows("관심종목", "▲")
        running.type("q")
        assert running.ends() == 0
        assert _COLOR.search(bytes(running.output)) is None


def test_the_terminals_own_colours_are_the_16_on_its_own_background(home: Path) -> None:
    variables = {"COLORTERM": "truecolor"}
    with Terminal([COMMAND, "--demo", "--theme", "terminal"], home, variables) as running:
        running.shows("관심종목", "▲")
        running.type("q")
        assert running.ends() == 0
        assert b"38;2" not in running.output
        assert b"48;2" not in running.output
        assert re.search(rb"\x1b\[(?:[0-9;]*;)?9[16]m", bytes(running.output))


def test_a_theme_that_is_none_is_refused_on_the_command_line_and_replaced_from_the_settings(
    home: Path,
) -> None:
    with Terminal([COMMAND, "--demo", "--theme", "sepia"], home) as running:
        assert running.ends() == 2
        assert "sepia" in running.output.decode()
    with Terminal([COMMAND, "--demo"], home, {"KIS_TUI_THEME": "sepia"}) as running:
        running.shows("관심종목", "sepia")
        running.type("q")
        assert running.ends() == 0


def test_a_theme_is_printed_to_be_changed(kis_tui: CommandLine) -> None:
    told = kis_tui("config", "theme", "light")
    assert told.code == 0
    assert told.out.startswith('base = "light"\n\n[colors]\nbackground = "#')
    assert kis_tui("config", "theme", "terminal").code == 2
