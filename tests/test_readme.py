"""The README against the program: its keys, its pictures, its commands.

The keys are renewed with ``pytest --snapshot-update``.
"""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app.cli.root import root
from app.screens.keymap import COMMANDS, REPLAY
from widgets.texts import catalogue, with_keys

README = Path(__file__).parents[1] / "README.md"
_KEYS = re.compile(r"(<!-- keys -->\n)(.*?)(<!-- /keys -->)", re.DOTALL)


def text() -> str:
    return README.read_text(encoding="utf-8")


def code(key: str) -> str:
    """A key as Markdown code; a backtick needs more of them around it."""
    return "`` ` ``" if key == "`" else f"`{key}`"


def keys_table() -> str:
    """The table of keys as the README shows it."""
    words = catalogue()["command"]
    lines = ["| keys | what | 한국어 |", "|---|---|---|"]
    for command in (*COMMANDS, *REPLAY):
        keys = " ".join(map(code, command.shown.split())) or "`^p`"
        told = words[command.id]
        where = (" (in replay)", " (재생 중)") if command in REPLAY else ("", "")
        english, korean = (with_keys(told[language]) for language in ("en", "ko"))
        lines.append(f"| {keys} | {english}{where[0]} | {korean}{where[1]} |")
    return "\n".join(lines) + "\n"


def test_the_keys_are_those_of_the_program(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--snapshot-update"):
        README.write_text(_KEYS.sub(lambda m: m[1] + keys_table() + m[3], text()), encoding="utf-8")
    found = _KEYS.search(text())
    assert found is not None
    assert found[2] == keys_table(), "renew it with: pytest --snapshot-update"


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text())
    assert pictures
    assert [name for name in pictures if not (README.parent / name).is_file()] == []


def blocks() -> Iterator[str]:
    """The commands of the README, a line each, comments cut off."""
    for block in re.findall(r"```sh\n(.*?)```", text(), re.DOTALL):
        for line in block.splitlines():
            yield from (part.strip() for part in line.split("#")[0].split("&&"))
    yield from re.findall(r"`(kis-tui [^`]+)`", text())


def uses() -> list[list[str]]:
    """The calls of the program itself, without its name."""
    return [
        words[1:]
        for command in blocks()
        if (words := shlex.split(command)) and words[0].rpartition("/")[2] == "kis-tui"
    ]


def test_every_command_and_option_that_is_shown_exists() -> None:
    assert len(uses()) > 8
    for words in uses():
        command: click.Command = root
        options: set[str] = set()
        context = click.Context(root)
        for word in words:
            options.update(o for p in command.params for o in (*p.opts, *p.secondary_opts))
            if word.startswith("-") and word != "-":
                assert word in {*options, "--help"}, words
            elif isinstance(command, click.Group) and not options_wait(words, word):
                found = command.get_command(context, word)
                assert found is not None, words
                command, options = found, set()


def options_wait(words: list[str], word: str) -> bool:
    """Whether a word is the value of the option before it."""
    at = words.index(word)
    return at > 0 and words[at - 1].startswith("-") and words[at - 1] != "--demo"


def test_the_exit_codes_and_the_test_extra_are_named() -> None:
    project = tomllib.loads((README.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert "dev" in project["project"]["optional-dependencies"]
    assert ".[dev]" in text()
    assert "128 + n" in text()
