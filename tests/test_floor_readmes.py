"""The READMEs against the sources: every path and function that they name exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
READMES = (
    "app/README.md", "specs/README.md", "widgets/README.md", "tests/README.md",
    "tests/harness/README.md", "screenshots/README.md", "README.md",
)  # fmt: skip
_NAMED = re.compile(
    r"`((?:[\w.-]+/)+|(?:[\w.-]+/)*[\w-]+\.(?:py|toml|tcss|md|tsv|svg|ktape))(?::([\w.]+))?`"
)
STEPS = 8


def named(readme: str) -> list[tuple[str, str]]:
    """Return the paths that a README names, each with a qualified name in it or an empty one."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    if readme == "README.md":
        # The other parts name files of users.
        text = text.partition("## Read on\n")[2].partition("\n## ")[0]
    found: list[tuple[str, str]] = _NAMED.findall(text)
    # NAME is the reader's own.
    return [(path, name) for path, name in found if "NAME" not in path]


def names_in(path: Path) -> set[str]:
    """Return the names that a module defines, those within its classes as ``Class.name``."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            inner = [*names_of(node), *(name for part in node.body for name in names_of(part))]
            found.update((node.name, *(f"{node.name}.{name}" for name in inner)))
        else:
            found.update(names_of(node))
    return found


def names_of(node: ast.AST) -> list[str]:
    """Return the names that a statement defines."""
    match node:
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            return [name]
        case ast.Assign(targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(ast.Name(name)):
            return [name]
    return []


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_names_paths_and_functions_that_exist(readme: str) -> None:
    missing = []
    for path, name in named(readme):
        places = [ROOT / path, (ROOT / readme).parent / path]
        file = next((place for place in places if place.exists()), None)
        if file is None or (name and name not in names_in(file)):
            missing.append(f"{path}:{name}" if name else path)
    assert missing == []


def test_the_way_of_a_frame_has_a_function_in_each_of_its_steps() -> None:
    text = (ROOT / "app/README.md").read_text(encoding="utf-8")
    _, _, way = text.partition("## The way of a frame\n")
    lines = re.findall(r"^(\d)\. (.*)$", way.partition("\n## ")[0], re.MULTILINE)
    assert [int(number) for number, _ in lines] == list(range(1, STEPS + 1))
    assert [line for _, line in lines if not any(name for _, name in _NAMED.findall(line))] == []


@pytest.mark.parametrize("readme", READMES[:4])
def test_a_floors_readme_has_a_row_for_each_of_its_rooms(readme: str) -> None:
    folder = (ROOT / readme).parent
    rooms = {path.parent.name for path in folder.glob("*/*.py")}
    assert {
        room for room in rooms if f"`{room}/`" not in (ROOT / readme).read_text("utf-8")
    } == set()
