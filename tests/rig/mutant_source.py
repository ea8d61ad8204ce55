"""The mutants of a file: each is one change of one expression or statement.

`EQUIVALENT` lists those that no input can tell from the original, each with the reason: a table of
TOML for each path, whose keys are ``SOURCE LINE | BEFORE -> AFTER`` with blanks stripped.
"""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
EQUIVALENT = "tests/data/equivalent_mutants.toml"

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
    source_line: str

    @property
    def key(self) -> str:
        """Return what the mutant is found by in `EQUIVALENT`, which line numbers are not."""
        return f"{self.source_line} | {self.before} -> {self.text}"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.before!r} -> {self.text!r}"


def equivalent_mutants() -> dict[str, dict[str, str]]:
    """Return why each mutant of `EQUIVALENT` makes no difference, by path and key."""
    with (ROOT / EQUIVALENT).open("rb") as file:
        return tomllib.load(file)


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
        line = self._lines[node.lineno - 1].strip()
        return Mutant(self.path, node.lineno, start, end, text, " ".join(before.split())[:80], line)

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
