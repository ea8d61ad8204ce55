"""The README against the program: its keys, its pictures, its commands, and those of the manual.

The keys are renewed with ``pytest --snapshot-update``.
"""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from harness.picture_gallery import SCREENSHOTS
from harness.raster_pictures import is_drawn

from app.cli.root import root
from app.manual.manual_pages import LANGUAGES, TOPICS, page
from app.screens.keymap import COMMANDS
from widgets.texts import catalogue, with_keys

LONGEST = 150
"""Lines of the README."""
LARGEST = 1_500_000
"""Bytes of the animated picture."""
README = Path(__file__).parents[1] / "README.md"
_KEYS = re.compile(r"(<!-- keys -->\n)(.*?)(<!-- /keys -->)", re.DOTALL)


def text() -> str:
    return README.read_text(encoding="utf-8")


def code(key: str) -> str:
    """A key as Markdown code; a backtick needs more of them around it."""
    return "`` ` ``" if key == "`" else f"`{key}`"


TEN = (
    "add", "undo", "book", "chain", "smile", "chart", "auction", "record", "help", "manual",
)  # fmt: skip
"""The commands whose keys the README names."""


def keys_table() -> str:
    """The table of keys as the README shows it."""
    words = catalogue()["command"]
    lines = ["| key | what | 한국어 |", "|---|---|---|"]
    by_id = {command.id: command for command in COMMANDS}
    for name in TEN:
        english, korean = (with_keys(words[name][language]) for language in ("en", "ko"))
        lines.append(f"| {code(by_id[name].shown.split()[0])} | {english} | {korean} |")
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


def blocks(source: str) -> Iterator[str]:
    """The commands of a text, a line each, comments cut off."""
    for block in re.findall(r"```sh\n(.*?)```", source, re.DOTALL):
        for line in block.splitlines():
            yield from re.split(r"&&|;|\bdo\b", line.split("#")[0].strip())
    for shown in re.findall(r"`(kis-tui [^`]+)`", source):
        yield shown.replace("\\|", "|").replace("…", "")


SOURCES = {
    "README.md": text(),
    **{
        f"{language}/{topic}.md": page(topic, language)
        for language in LANGUAGES
        for topic in TOPICS
    },
}


def uses(source: str) -> list[list[str]]:
    """The calls of the program itself, without its name."""
    return [
        words[1:]
        for command in blocks(source)
        if (words := shlex.split(command)) and words[0].rpartition("/")[2] == "kis-tui"
    ]


def test_the_readme_and_the_manual_show_commands() -> None:
    assert len(uses(text())) > 8
    assert sum(len(uses(source)) for source in SOURCES.values()) > 200


@pytest.mark.parametrize("name", SOURCES)
def test_every_command_and_option_that_is_shown_exists(name: str) -> None:
    for words in uses(SOURCES[name]):
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


def test_the_test_extra_and_the_exit_codes_are_named() -> None:
    project = tomllib.loads((README.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert "dev" in project["project"]["optional-dependencies"]
    assert ".[dev]" in text()
    assert all("128 + n" in page("scripts", language) for language in LANGUAGES)


def test_the_readme_is_short_and_begins_with_the_two_commands() -> None:
    assert len(text().splitlines()) <= LONGEST
    first, second = re.findall(r"```sh\n(.*?)```", text(), re.DOTALL)[:2]
    assert first.endswith(".venv/bin/kis-tui --demo\n")
    assert second.endswith(".venv/bin/pytest -n 3\n")
    assert [len(fence.splitlines()) for fence in (first, second)] == [1, 1]


def test_the_animated_picture_is_small_and_moves() -> None:
    content = (SCREENSHOTS / "kis-tui.gif").read_bytes()
    assert content.startswith(b"GIF89a")
    assert len(content) <= LARGEST
    # A graphic control extension stands before each frame.
    assert content.count(b"\x21\xf9\x04") > 20


@pytest.mark.parametrize("svg", sorted(SCREENSHOTS.glob("*.svg")), ids=lambda path: path.stem)
def test_a_png_is_drawn_from_the_present_svg(svg: Path) -> None:
    assert is_drawn(svg), (
        "renew with: pytest tests/app/screens/test_screenshots.py --snapshot-update"
    )
