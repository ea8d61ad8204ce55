"""Process start to first picture, over interleaved starts, and what the imports take.

Live is the program with keys and 41 codes, at an address where nothing listens; a first picture is
the first row's code on the terminal, and a bare Textual app's is the text of its one Static.
"""

import os
import subprocess
from collections import defaultdict
from statistics import median

from benchmarks.onlooker import PYTHON
from benchmarks.stages import BARE, BARE_SHOWS, FIRST, KEYS, NOBODY, PROGRAM, shown
from benchmarks.table import Table, Variant, interleave

NAME = "process start to first picture"
ROUNDS = 25
_IMPORTS = {
    "bare": "import textual.app, textual.widgets._static, textual.drivers.linux_driver",
    "program": "import textual.app, textual.widgets._static, textual.drivers.linux_driver, "
    "app.cli, app.cli.root, app.cli.dashboard, app.cli.invocation, app.screens.app",
}
_SHARE = 0.5
"""Milliseconds from which a package is worth a line."""


def run(rounds: int, quick: bool) -> list[Table]:
    """First pictures, and the imports by package."""
    table = Table(
        "first picture",
        "ms",
        [Variant("bare"), Variant("live", "bare", at_most=1.3), Variant("demo", "bare")],
    )
    program = ("-w", PROGRAM[2])
    measures = {
        "bare": lambda: _start(BARE, BARE_SHOWS, {}),
        "live": lambda: _start(PROGRAM, FIRST, KEYS | NOBODY),
        "demo": lambda: _start((PROGRAM[0], "--demo", *program), FIRST, {}),
    }
    interleave(table, rounds or (7 if quick else ROUNDS), measures)
    return [table, _imports(2 if quick else 7)]


def _start(command: tuple[str, ...], wanted: str, env: dict[str, str]) -> float:
    with shown(command, wanted, env) as (_, seconds):
        return seconds * 1000


def _imports(rounds: int) -> Table:
    """The imports' own times; those of Textual are a bare app's too."""
    took: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in _IMPORTS}
    table = Table("imports, under -X importtime", "ms", [Variant("bare"), Variant("program")])
    for _ in range(rounds):
        for name, code in _IMPORTS.items():
            modules = _own_times(code)
            table.add(name, sum(modules.values()))
            for module, time in modules.items():
                took[name][module].append(time)
    packages: dict[str, float] = defaultdict(float)
    for module, times in took["program"].items():
        if module not in took["bare"]:
            parts = 2 if module.startswith(("app.", "textual.")) else 1
            packages[".".join(module.split(".")[:parts])] += median(times)
    dearest = sorted(packages.items(), key=lambda item: -item[1])
    told = ", ".join(f"{name} {time:.1f}" for name, time in dearest if time >= _SHARE)
    table.notes.append(f"what a bare app does not import: {told}")
    return table


def _own_times(code: str) -> dict[str, float]:
    """Milliseconds by module, without what each imports in turn."""
    run = subprocess.run(
        [PYTHON, "-X", "importtime", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTHON")},
    )
    lines = (line.removeprefix("import time:").split("|") for line in run.stderr.splitlines())
    return {
        parts[2].strip(): int(parts[0]) / 1000
        for parts in lines
        if len(parts) == 3 and parts[0].strip().isdigit()
    }
