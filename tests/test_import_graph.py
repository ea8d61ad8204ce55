"""Imports between modules: no circle, and a data half that loads nothing of the screen."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS_BELOW_SCREENS = (
    "system", "krx", "manual", "storage", "instruments", "feed", "market", "tape", "pricing",
    "simulator", "portfolio",
    "alerts", "archive",
)  # fmt: skip


def modules(*folders: str) -> dict[str, Path]:
    """Return every module of the folders by its dotted name."""
    found = {}
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


def imports(path: Path, known: dict[str, Path]) -> set[str]:
    """Return the known modules that a file imports, at its top, in functions or for types."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (names & known.keys()) or {node.module}
    return found & known.keys()


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = modules("app", "widgets", "specs")
    graph = {name: imports(path, known) - {name} for name, path in known.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_neither_rooms_below_the_screens_nor_the_command_line_load_the_screen() -> None:
    below = list(modules(*(f"app/{room}" for room in ROOMS_BELOW_SCREENS)))
    commands = [name for name in modules("app/cli") if not name.endswith("__main__")]
    assert "app.feed.feed" in below
    program = f"""
import importlib, sys
for names, banned in (
    ({below!r}, {{"textual", "rich", "widgets", "click"}}),
    ({commands!r}, {{"textual", "rich"}}),
):
    for name in names:
        importlib.import_module(name)
        loaded = banned & sys.modules.keys()
        assert not loaded, (name, loaded)
"""
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


def test_the_dashboard_loads_no_network_tape_or_plot_before_it_is_painted() -> None:
    late = {
        "aiohttp", "markdown_it", "app.manual", "email", "hashlib", "zstandard", "holidays",
        "app.feed.rest.rest_client", "app.screens.positions_screen", "app.screens.smile_screen",
        "app.tape.reader", "app.tape.writer", "app.portfolio.valuation",
    }  # fmt: skip
    program = f"""
import sys
import textual.app, textual.widgets._static, textual.drivers.linux_driver
before = set(sys.modules)
import app.cli, app.cli.root, app.cli.dashboard, app.cli.invocation, app.screens.app
print(*sorted({late!r} & (sys.modules.keys() - before)))
"""
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == []


def test_the_version_is_printed_without_feed_and_event_loop() -> None:
    """It takes a third of the dashboard's first picture at the most: what it loads decides."""
    heavy = {"aiohttp", "asyncio", "app.feed", "app.instruments", "app.tape", "rich", "textual"}
    program = f"""
import sys
from app.cli import main
sys.argv = ["kis-tui", "--version"]
try:
    main()
except SystemExit:
    print(*sorted({heavy!r} & sys.modules.keys()), file=sys.stderr)
"""
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith("kis-tui, version ")
    assert run.stderr.split() == []
