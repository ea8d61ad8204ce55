"""Names in the manual against the program: environment variables, files, options and keys."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from harness.manual_tables import every_command

from app.cli.root import root
from app.manual.manual_pages import LANGUAGES, TOPICS, page
from app.storage.settings import PREFIX, SETTING_NAMES

ROOT = Path(__file__).parents[3]
PAGES = [(language, topic) for language in LANGUAGES for topic in TOPICS]

OF_OTHERS = {
    "tar": {"--exclude"},
    "curl": {"--data-raw"},
    "uv tool install": {"--reinstall"},
    "pipx install": {"--force"},
    "systemctl": {"--user", "--now"},
}
"""Options of other programs, by the command that they are shown with."""

OF_USERS = {
    "NAME.toml", "night.log", "night.ktape", "opening.ktape", "torn.ktape", "futures.parquet",
    "balance.csv", "positions.csv", "straddle.toml", "hours.sql", "bug.zip", "kis-tui-record.log",
    "20261123-night.ktape", "office.yaml",
}  # fmt: skip
"""Files that an example lets the user name."""

_FENCE = re.compile(r"```.*?```", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
_VARIABLE = re.compile(r"\bKIS_[A-Z0-9_]*[A-Z0-9]\b")
_FILE = re.compile(r"[\w-][\w.-]*\.(?:toml|json|yaml|ktape|csv|log|parquet|sql|zip)\b")
_KEY = re.compile(r"[^\w\s]|[A-Za-z0-9]|Enter|Esc|Tab|Space|Home|End|F\d+|Ctrl\+[A-Z]")

NO_KEYS = set("#→↑↓←·~—*+-<>=!│┊▲▼◆✖×%_⚠") | {"B", "P", "E", "F", "G", "K", "L"}
"""Signs and kinds of entries, which stand in code as well and are no keys there."""


def texts_of(node: ast.AST) -> str:
    """Return the string of a node; of a formatted one what stands between the values."""
    if isinstance(node, ast.JoinedStr):
        return "".join(texts_of(part) for part in node.values)
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(getattr(node, "value", "")) if is_text else ""


def strings() -> str:
    """Return every string of the program's sources, one a line."""
    paths = sorted(ROOT.joinpath("app").rglob("*.py"))
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in paths)
    return "\n".join(texts_of(node) for tree in trees for node in ast.walk(tree))


SOURCE = strings()


def commands(group: click.Group) -> Iterator[click.Command]:
    """Return a group with everything below it."""
    yield group
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found)
        elif found is not None:
            yield found


OPTIONS = {
    name
    for command in commands(root)
    for parameter in command.params
    for name in (*parameter.opts, *parameter.secondary_opts)
} | {"--help"}


@pytest.mark.parametrize(("language", "topic"), PAGES)
def test_every_option_that_a_page_names_exists(language: str, topic: str) -> None:
    text = page(topic, language)
    others = {option for program, named in OF_OTHERS.items() if program in text for option in named}
    assert set(_OPTION.findall(text)) - OPTIONS - others == set()


@pytest.mark.parametrize(("language", "topic"), PAGES)
def test_every_variable_that_a_page_names_is_read_or_set(language: str, topic: str) -> None:
    settings = {PREFIX + name.replace(".", "_").upper() for name in SETTING_NAMES}
    named = set(_VARIABLE.findall(page(topic, language))) - settings
    # The environment of the first key and of the others differ by the number at the end.
    assert {one for one in named if re.sub(r"_\d$", "", one) not in SOURCE} == set()


@pytest.mark.parametrize(("language", "topic"), PAGES)
def test_every_file_that_a_page_names_is_one_of_the_program(language: str, topic: str) -> None:
    named = set(_FILE.findall(page(topic, language))) - OF_USERS
    assert {one for one in named if one not in SOURCE} == set()


@pytest.mark.parametrize(("language", "topic"), PAGES)
def test_every_key_that_a_page_names_is_bound(language: str, topic: str) -> None:
    bound = {key for command in every_command() for key in command.shown.split()}
    bound |= {f"Ctrl+{key[1:].upper()}" for key in bound if re.fullmatch(r"\^[a-z]", key)}
    prose = _FENCE.sub("", page(topic, language))
    named = {word for word in _CODE.findall(prose) if _KEY.fullmatch(word)} - NO_KEYS
    assert named - bound == set()
