"""``kis-tui help``: pages, topics, man pages, and what the shell completes."""

import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from harness.command_line import CommandLine
from rig.terminal import COMMAND, Terminal

from app.cli.man_page import man_page
from app.cli.root import root
from app.manual.manual_pages import LANGUAGES, TOPICS, page, title_of


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_lists_the_topics_with_their_titles(kis_tui: CommandLine, language: str) -> None:
    outcome = kis_tui("help", "--lang", language)
    assert outcome.code == 0
    assert [line.split()[0] for line in outcome.out.splitlines()[1:]] == list(TOPICS)
    assert title_of("tapes", language) in outcome.out


def test_help_prints_a_page_as_it_is_on_a_pipe(kis_tui: CommandLine) -> None:
    assert kis_tui("help", "alerts", "--lang", "en").out == page("alerts", "en")
    assert kis_tui("--lang", "en", "help", "alerts").out == page("alerts", "en")
    assert kis_tui("help", "기록과 재생").out == page("tapes", "ko")


def test_help_of_a_command_is_that_of_its_option(kis_tui: CommandLine) -> None:
    shown = kis_tui("help", "stream").out
    assert shown == kis_tui("stream", "--help").out
    assert "kis-tui stream" in shown


def test_help_names_the_nearest_topic_of_an_unknown_one(kis_tui: CommandLine) -> None:
    outcome = kis_tui("--lang", "en", "help", "alrts")
    assert outcome.code == 2
    assert "the manual has no topic alrts\nnearest: alerts" in outcome.err


def test_help_is_shown_although_the_settings_are_at_fault(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("no toml", encoding="utf-8")
    assert kis_tui("--config", settings, "help", "settings").out == page("settings", "ko")


def test_the_shell_completes_topics() -> None:
    complete = ShellComplete(root, {}, "kis-tui", "_KIS_TUI_COMPLETE")
    found = complete.get_completions(["help"], "ta")
    assert [one.value for one in found] == ["tapes", "tape-format"]


def commands(command: click.Command, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Return the words of a command and of all below it."""
    found = {path}
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            below = command.get_command(click.Context(command), name)
            assert below is not None
            found |= commands(below, (*path, name))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_has_a_man_page_that_troff_takes(
    kis_tui: CommandLine, tmp_path: Path, language: str
) -> None:
    kis_tui("help", "--man", tmp_path / "man1", "--lang", language)
    written = {path.name for path in (tmp_path / "man1").iterdir()}
    assert written == {"-".join(("kis-tui", *path)) + ".1" for path in commands(root)}
    for path in (tmp_path / "man1").iterdir():
        text = path.read_text(encoding="utf-8")
        assert text.startswith(".TH ")
        assert [line for line in text.splitlines() if line.startswith("'")] == []
    if shutil.which("groff"):
        run = subprocess.run(
            ["groff", "-man", "-Tutf8", "-Kutf8", "-ww", *sorted((tmp_path / "man1").iterdir())],
            capture_output=True,
            check=False,
        )
        assert run.stderr == b""


def test_a_man_page_names_every_option_in_its_language() -> None:
    stream = root.get_command(click.Context(root), "stream")
    assert stream is not None
    for language, word in (("en", "Leave after so many records."), ("ko", "건수를 출력하면")):
        text = man_page(stream, ("stream",), language)
        assert word in text
        assert r"\fB\-\-count INTEGER RANGE\fR" in text


@pytest.mark.skipif(shutil.which("less") is None, reason="no less")
def test_help_is_paged_on_a_terminal(tmp_path: Path) -> None:
    command = (COMMAND, "help", "start", "--lang", "en")
    with Terminal(command, tmp_path, {"PAGER": "less"}, size=(60, 20)) as terminal:
        terminal.shows("Getting started", "Try it without keys")
        assert "Next steps" not in terminal.text
        assert terminal.status is None
        terminal.type("q")
        assert terminal.ends() == 0
