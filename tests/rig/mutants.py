"""Mutation score of the core: small faults put into the code one at a time, and what notices them.

``PYTHONPATH=tests python -m rig.mutants [--count 200] [--seed 1] [--jobs 2] [PATH ...]``

Each mutant is one change of one expression or statement of a file below `PATH` (the core, if none
is given), in a copy of the committed tree.  The tests that import the changed module run first,
then those of the folder that mirrors it; a failure or a time-out notices the mutant.  Prints the
mutants that nothing noticed, and the score.  Exit code 1 below 95 %.
"""

import argparse
import ast
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).parents[2]
CORE = ("app/feed", "app/tape", "app/session.py", "app/hours.py", "app/book.py", "specs")
GOAL = 0.95
TIMEOUT = 900.0
"""Seconds after which tests count as failed."""

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


def tests_of(path: str) -> list[list[str]]:
    """Return the tests that may notice a change of a module: direct ones, then its folder's."""
    module = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    parent, _, name = module.rpartition(".")
    wanted = re.compile(
        rf"from {re.escape(module)} import|import {re.escape(module)}\b"
        rf"|from {re.escape(parent)} import [^\n]*\b{name}\b"
    )
    tests = sorted((ROOT / "tests").rglob("test_*.py"), key=lambda file: file.stat().st_size)
    direct = [str(t.relative_to(ROOT)) for t in tests if wanted.search(t.read_text())]
    folder = Path("tests", path).parent
    mirrored = [str(t.relative_to(ROOT)) for t in tests if t.relative_to(ROOT).parent == folder]
    return [run for run in (direct, [t for t in mirrored if t not in direct]) if run]


class Copies:
    """Copies of the committed tree, one for each job."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self._free: SimpleQueue[Path] = SimpleQueue()
        for job in range(jobs):
            copy = folder / str(job)
            copy.mkdir()
            archive = subprocess.run(
                ["git", "archive", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, check=True
            )
            subprocess.run(["tar", "x"], cwd=copy, input=archive.stdout, check=True)
            self._free.put(copy)

    def is_noticed(self, mutant: Mutant) -> bool:
        """Whether a test fails with this mutant."""
        copy = self._free.get()
        file = copy / mutant.path
        whole = file.read_text(encoding="utf-8")
        try:
            changed = whole[: mutant.start] + mutant.text + whole[mutant.end :]
            compile(changed, mutant.path, "exec")
            file.write_text(changed, encoding="utf-8")
            return any(_fails(copy, tests) for tests in tests_of(mutant.path))
        finally:
            file.write_text(whole, encoding="utf-8")
            self._free.put(copy)


def _fails(copy: Path, tests: list[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command,
            cwd=copy,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def main() -> int:
    """Draw mutants, run the tests of each, and print what survived."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", default=list(CORE))
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
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
        tests = sorted({one for m in drawn for run in tests_of(m.path) for one in run})
        if _fails(Path(folder, "0"), tests):
            print("the tests fail without any mutant")
            return 2
        noticed = 0
        with ThreadPoolExecutor(asked.jobs) as pool:
            for done, (mutant, is_noticed) in enumerate(
                zip(drawn, pool.map(copies.is_noticed, drawn), strict=True), 1
            ):
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
