"""Process start to first picture, over interleaved starts, and what the imports take.

Live is the program with keys and 41 codes, at an address where nothing listens; a first picture is
the first row's code on the terminal, and a bare Textual app's is the text of its one Static.  The
first live price is that of one code, from a server on loopback that sends it as soon as it is
registered; beside it stands a program without a screen.
"""

import os
import subprocess
from collections import defaultdict
from pathlib import Path
from statistics import median

from benchmarks.flooded import flood
from benchmarks.onlooker import PYTHON
from benchmarks.stages import BARE, BARE_SHOWS, FIRST, KEYS, NOBODY, PROGRAM, RAW, shown
from benchmarks.table import Table, Variant, interleave

_ROOT = str(Path(__file__).resolve().parents[2])
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
    prices = _first_prices(rounds or (5 if quick else ROUNDS))
    return [table, prices, _imports(2 if quick else 7)]


def _first_prices(rounds: int) -> Table:
    variants = [Variant("raw"), Variant("live", "raw", at_most=1.4)]
    table = Table("first live price", "ms", variants)

    def price(command: tuple[str, ...]) -> float:
        # Nothing is shown before it that looks like a price: there are no names without a master.
        with flood(50, 60.0, settles=0.0) as source:
            return _start(command, "100.", {**KEYS, **source.addresses, "PYTHONPATH": _ROOT})

    measures = {"raw": lambda: price(RAW), "live": lambda: price((PROGRAM[0], "-w", FIRST))}
    interleave(table, rounds, measures)
    return table


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
