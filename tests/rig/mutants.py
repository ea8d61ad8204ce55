"""Mutation score of the core: small faults put into the code one at a time, and what notices them.

``PYTHONPATH=tests python -m rig.mutants [--count 200] [--seed 1] [--tests PATH] [PATH ...]``

Each mutant is one change of one expression or statement of a file below `PATH` (the core, if none
is given), in a copy of the committed tree.  One run of the core's tests under coverage tells which
tests reach which line; a mutant is tried with those, the fastest first, and with the test files
that import its module where its line runs at import alone.  With `--tests` no others are run than
those of some files or folders, such as the fast ones of ``tests/widgets``.  A failure or a time-out
notices it.
Prints the mutants that nothing noticed, and the score.  Exit code 1 below 95 %.
"""

import argparse
import ast
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from coverage import CoverageData
from rig.mutant_contexts import MEASURED

ROOT = Path(__file__).parents[2]
CORE = ("app/feed", "app/tape", "app/krx", "app/market/book.py", "specs")
GOAL = 0.95
TIMEOUT = 120.0
"""Seconds after which the tests of a mutant count as failed."""

MOST_TESTS = 60
"""Tests that are tried with one mutant."""

_COMPARISONS = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
_OPERATORS = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.Mod: "*"}


@dataclass(frozen=True)
class Mutant:
    """One change: the text from `start` to `end` of a file, in characters, becomes `text`."""

    path: str
    line: int
    start: int
    end: int
    text: str
    before: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.before!r} -> {self.text!r}"


class Source:
    """A file and every mutant of it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.text = (ROOT / path).read_text(encoding="utf-8")
        self._starts = [0]
        for line in self.text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._lines = self.text.splitlines(keepends=True)

    def mutants(self) -> Iterator[Mutant]:
        """Yield the mutants in the order of the file; annotations and docstrings have none."""
        tree = ast.parse(self.text)
        skipped = set(map(id, _typed(tree)))
        for node in ast.walk(tree):
            if id(node) in skipped:
                continue
            for part, text in _changes(node):
                yield self._mutant(part, text)

    def _mutant(self, node: ast.expr | ast.stmt, text: str) -> Mutant:
        start = self._at(node.lineno, node.col_offset)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        end = self._at(node.end_lineno, node.end_col_offset)
        before = self.text[start:end]
        return Mutant(self.path, node.lineno, start, end, text, " ".join(before.split())[:80])

    def _at(self, line: int, column: int) -> int:
        # ast counts columns in bytes of UTF-8.
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())


def _typed(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what no test can notice: annotations, imports, docstrings, `if TYPE_CHECKING`."""
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        match node:
            case ast.arg() | ast.AnnAssign():
                parts = [node.annotation]
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                parts = [node.returns, *node.decorator_list]
            case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Import() | ast.ImportFrom():
                parts = [node]
            case ast.Expr(value=ast.Constant()):
                parts = [node]
            case ast.ClassDef():
                parts = [*node.bases, *(keyword.value for keyword in node.keywords)]
        for part in parts:
            if part is not None:
                yield from ast.walk(part)


def _changes(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    match node:
        case ast.Compare(left, [op], [right]) if type(op) in _COMPARISONS:
            yield node, f"({ast.unparse(left)} {_COMPARISONS[type(op)]} {ast.unparse(right)})"
        case ast.BoolOp(op, values):
            word = "and" if isinstance(op, ast.Or) else "or"
            yield node, "(" + f" {word} ".join(f"({ast.unparse(v)})" for v in values) + ")"
        case ast.BinOp(left, op, right) if type(op) in _OPERATORS:
            if not any(isinstance(side, ast.Constant) and isinstance(side.value, str)
                       for side in (left, right)):  # fmt: skip
                other = _OPERATORS[type(op)]
                yield node, f"(({ast.unparse(left)}) {other} ({ast.unparse(right)}))"
        case ast.UnaryOp(ast.Not(), operand):
            yield node, f"bool({ast.unparse(operand)})"
        case ast.Constant(bool() as value):
            yield node, str(not value)
        case ast.Constant(int() | float() as value):
            yield node, str(value + 1)
        case ast.Return(ast.expr() as value) if not isinstance(value, ast.Constant):
            yield node, "return None"
        case ast.Expr(ast.Call()) | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break():
            yield node, "pass"
        case ast.Assign([ast.Attribute()], _):
            yield node, "pass"
        case ast.If(test=test) | ast.While(test=test) if not isinstance(test, ast.Compare):
            yield test, f"(not ({ast.unparse(test)}))"


def tests_of(path: str) -> list[str]:
    """Return the test files that import a module, and those of the folder that mirrors its own."""
    module = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    parent, _, name = module.rpartition(".")
    wanted = re.compile(
        rf"from {re.escape(module)} import|import {re.escape(module)}\b"
        rf"|from {re.escape(parent)} import [^\n]*\b{name}\b"
    )
    folder = ROOT / Path("tests", path).parent
    return [
        str(file.relative_to(ROOT))
        for file in sorted((ROOT / "tests").rglob("test_*.py"))
        if file.parent == folder or wanted.search(file.read_text(encoding="utf-8"))
    ]


class Reach:
    """Which tests reach a line, by one run of tests under coverage."""

    def __init__(self, copy: Path, tests: Sequence[str]) -> None:
        """Run the tests; those that fail without any mutant are left out, and printed."""
        options = ("--data-file", str(copy / ".coverage"), "--include", "app/*,widgets/*,specs/*")
        plugin = ("-p", "rig.mutant_contexts")
        _run(copy, ["-m", "coverage", "run", *options], (*plugin, *tests), None)
        measured = json.loads((copy / MEASURED).read_text(encoding="utf-8"))
        self._durations: dict[str, float] = measured["durations"]
        for test in measured["failed"]:
            print(f"left out, fails without any mutant: {test}", flush=True)
            self._durations.pop(test, None)
        data = CoverageData(str(copy / ".coverage"))
        data.read()
        self._contexts = {
            str(Path(file).relative_to(copy)): data.contexts_by_lineno(file)
            for file in data.measured_files()
        }

    def tests(self, mutant: Mutant) -> list[str]:
        """Return the tests that reach a mutant, the fastest first; none where nothing does."""
        found = self._contexts.get(mutant.path, {}).get(mutant.line, [])
        tests = sorted(filter(self._durations.get, found), key=self._durations.__getitem__)
        return tests[:MOST_TESTS]


class Copies:
    """Copies of the committed tree, one for each job."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self.paths = [folder / str(job) for job in range(jobs)]
        self._free: SimpleQueue[Path] = SimpleQueue()
        archive = subprocess.run(
            ["git", "archive", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, check=True
        )
        for copy in self.paths:
            copy.mkdir()
            subprocess.run(["tar", "x"], cwd=copy, input=archive.stdout, check=True)
            self._free.put(copy)

    def is_noticed(self, mutant: Mutant, tests: Sequence[str]) -> bool:
        """Whether a test fails with this mutant."""
        copy = self._free.get()
        file = copy / mutant.path
        whole = file.read_text(encoding="utf-8")
        try:
            changed = whole[: mutant.start] + mutant.text + whole[mutant.end :]
            compile(changed, mutant.path, "exec")
            file.write_text(changed, encoding="utf-8")
            # What a test cached is not reached by the next one: then all tests of the module run.
            runs = (tests, tests_of(mutant.path))
            return any(_run(copy, [], one, TIMEOUT) for one in runs if one)
        finally:
            file.write_text(whole, encoding="utf-8")
            self._free.put(copy)


def _run(copy: Path, runner: Sequence[str], tests: Sequence[str], seconds: float | None) -> str:
    """Run tests; return what failed, empty if nothing did."""
    stop = () if runner else ("-x",)
    pytest = ["-m", "pytest", *stop, "-q", "-p", "no:cacheprovider", *tests]
    paths = os.pathsep.join((str(copy), str(copy / "tests")))
    try:
        done = subprocess.run(
            [sys.executable, *runner, *pytest],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "time-out"
    return done.stdout[-4000:] or done.stderr[-4000:] if done.returncode else ""


def main() -> int:
    """Draw mutants, run the tests of each, and print what survived."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", default=list(CORE))
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--tests", action="append", help="a file or folder of tests, for all")
    parser.add_argument("--list", action="store_true", help="print the mutants and stop")
    asked = parser.parse_args()
    files = sorted(
        {
            str(file.relative_to(ROOT))
            for path in asked.paths
            for file in ([ROOT / path] if path.endswith(".py") else (ROOT / path).rglob("*.py"))
        }
    )
    every = [mutant for path in files for mutant in Source(path).mutants()]
    drawn = random.Random(asked.seed).sample(every, min(asked.count, len(every)))
    if asked.list:
        print(*drawn, sep="\n")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        copies = Copies(Path(folder), asked.jobs)
        tests = asked.tests or sorted({t for m in drawn for t in tests_of(m.path)})
        reach = Reach(copies.paths[0], tests)
        noticed = 0
        with ThreadPoolExecutor(asked.jobs) as pool:
            outcomes = pool.map(lambda m: copies.is_noticed(m, reach.tests(m)), drawn)
            for done, (mutant, is_noticed) in enumerate(zip(drawn, outcomes, strict=True), 1):
                noticed += is_noticed
                if not is_noticed:
                    print(f"unnoticed {mutant}", flush=True)
                if done % 20 == 0:
                    print(f"{done} of {len(drawn)}, {noticed} noticed", flush=True)
    score = noticed / len(drawn)
    print(
        f"{noticed} of {len(drawn)} mutants noticed ({score:.1%}), drawn from {len(every)} "
        f"with seed {asked.seed}"
    )
    return 0 if score >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
