"""The house rules, held against the sources: floors, halves, clocks, tasks, sizes, the wheel."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("app", "widgets", "specs")
LAUNCHER = "kis_tui_launcher"
LONGEST = 320
UNSHIPPED = ("app/README.md", "app/cli/package_description.py", "specs/README.md", "widgets/*.md")
"""Files of the floors that the wheel lacks: notes for developers, what builds the metadata."""

# The command line names its modules after its commands, the simulator after what it imitates.
MIRRORS = ("app/cli/", "app/simulator/")
BANNED = frozenset((
    "afresh", "anew", "beat", "forget", "hear", "heard", "lend", "look", "own", "place", "say",
    "take", "tell", "told", "took", "wish", "wound",
))  # fmt: skip
"""Words that say nothing in a name: apply, accept, poll, notify, update, load do."""

CLOCKS = {"now", "utcnow", "today"}
REGISTRIES = (
    "pypi" + ".org", "python" + "hosted.org", "pip.conf", "--index" + "-url", "--extra-index",
    "--trusted" + "-host", "npmjs", "proxy." + "golang", "crates" + ".io", "rubygems", "anaconda",
)  # fmt: skip


@cache
def tracked() -> list[Path]:
    """The files of the repository, those not yet committed too."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode:
        pytest.skip("not in a git clone")
    names = listing.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@cache
def sources() -> dict[str, ast.Module]:
    """The syntax trees of the three floors, by their path from the root."""
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for floor in FLOORS
        for path in sorted((ROOT / floor).rglob("*.py"))
    }


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Yield every call with its location and dotted name."""
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield f"{path}:{node.lineno}", node, ast.unparse(node.func)


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def test_the_floors_depend_downwards_only() -> None:
    """The contracts are in pyproject.toml."""
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    run = subprocess.run(
        [sys.executable, "-c", program.replace("()", "(no_cache=True, no_logo=True)", 1)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_wire_and_the_screen_have_no_clock_but_the_one_they_are_handed() -> None:
    found = [
        f"{path}:{line} {name}"
        for path, tree in sources().items()
        if path != "app/system/clock.py"
        for line, name in imported(tree)
        if name == "time"
    ]
    for place, _, name in calls():
        parts = name.split(".")
        is_clock = len(parts) > 1 and parts[-2] in ("datetime", "date") and parts[-1] in CLOCKS
        if is_clock and not place.startswith("app/system/clock.py"):
            found.append(f"{place} {name}")
    assert found == []


def test_only_the_command_line_prints_and_exits() -> None:
    names = ("print", "exit", "quit", "sys.exit", "os._exit", "sys.stdout.write")
    found = [
        f"{place} {name}"
        for place, _, name in calls()
        if name in names and not place.startswith("app/cli/")
        # A screen that is stalled ends by force, with the terminal restored before.
        if (place.partition(":")[0], name) != ("app/screens/exits.py", "os._exit")
    ]
    assert found == []


def test_no_task_is_started_and_forgotten() -> None:
    """A task that nobody holds may be collected, and dies without a word; a group holds its own."""
    found = []
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                owner, _, name = ast.unparse(node.value.func).rpartition(".")
                if name == "ensure_future" or (
                    name == "create_task" and owner.endswith(("asyncio", "loop", "loop()"))
                ):
                    found.append(f"{path}:{node.lineno}")
    assert found == []


def test_nothing_runs_text_as_a_program() -> None:
    names = ("eval", "exec", "os.system", "os.popen", "yaml.load", "pickle.load", "pickle.loads")
    found = [f"{place} {name}" for place, _, name in calls() if name in names]
    for place, call, name in calls():
        for keyword in call.keywords:
            value = getattr(keyword.value, "value", None)
            if (keyword.arg, value) in (("shell", True), ("ssl", False), ("trust_env", True)):
                found.append(f"{place} {name}({keyword.arg}={value})")
    assert found == []


def test_no_file_has_grown_beyond_a_room() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for floor in (*FLOORS, "tests")
        for path in (ROOT / floor).rglob("*.py")
    }
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}


def test_every_module_says_what_lives_there() -> None:
    assert [path for path, tree in sources().items() if not ast.get_docstring(tree)] == []


def test_no_module_is_named_for_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "manager", "base", "core", "common", "misc"}
    assert [path for path in sources() if {*Path(path).with_suffix("").parts} & empty] == []


def test_the_root_of_app_holds_no_module() -> None:
    names = {path.name for path in (ROOT / "app").iterdir() if path.is_file()}
    assert names == {"__init__.py", "README.md", "py.typed"}


def definitions() -> Iterator[tuple[str, str]]:
    """Every public class, function and method of the three floors: its path, and its name."""
    for path, tree in sources().items():
        bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
        for node in (node for body in bodies for node in body):
            match node:
                case ast.ClassDef(name) | ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
                    if not name.startswith("_"):
                        yield path, name


def test_public_classes_have_names_of_their_own() -> None:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path, tree in sources().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path)
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


@pytest.mark.parametrize("floor", FLOORS)
def test_the_modules_of_a_floor_have_names_of_their_own(floor: str) -> None:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sources():
        if path.startswith(f"{floor}/") and not path.startswith(MIRRORS):
            found[Path(path).stem].append(path)
    del found["__init__"]
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def test_public_names_hold_no_word_that_says_nothing() -> None:
    named = [*definitions(), *((path, Path(path).stem) for path in sources())]
    words = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
    found = [
        f"{path} {name}"
        for path, name in named
        if BANNED & {word.lower() for word in words.findall(name)}
    ]
    assert found == []


def test_the_top_level_holds_what_it_should() -> None:
    allowed = {"pyproject.toml", "README.md", *FLOORS, "tests", "screenshots"}
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} <= allowed


def test_the_tests_are_no_packages() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_no_file_names_a_package_registry() -> None:
    found = []
    for path in tracked():
        if path == Path(__file__):
            continue
        text = path.read_bytes().decode(errors="ignore")
        found += [f"{path.relative_to(ROOT)} {name}" for name in REGISTRIES if name in text]
    assert found == []


def test_the_wheel_is_told_to_hold_the_three_floors() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["hatch"]["build"]["targets"]["wheel"] == {
        "packages": list(FLOORS),
        "exclude": [f"/{name}" for name in UNSHIPPED],
        "force-include": {"app/cli/launcher.py": f"{LAUNCHER}.py"},
    }


def test_the_wheel_holds_the_files_of_the_three_floors_and_nothing_else(tmp_path: Path) -> None:
    wheel = pytest.importorskip("hatchling.builders.wheel")
    [built] = wheel.WheelBuilder(str(ROOT)).build(directory=str(tmp_path))
    with zipfile.ZipFile(built) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in tracked()
        if path.relative_to(ROOT).parts[0] in FLOORS
        and not any(path.relative_to(ROOT).match(pattern) for pattern in UNSHIPPED)
    }
    # The launcher has its unique name in place of its own.
    assert names == (wanted - {"app/cli/launcher.py"}) | {f"{LAUNCHER}.py"}
    assert {"app/manual/ko/start.md", "app/tape/demo.ktape", "app/py.typed"} <= names
