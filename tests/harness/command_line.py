"""Run the command line as a user does: in this process, or in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from app.cli import main

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-c", "from app.cli import main; main()")
PATIENCE = 30.0


class Outcome(NamedTuple):
    """The exit code and the two output streams of a command."""

    code: int
    out: str
    err: str


class CommandLine:
    """Runs commands in this process: `kis_tui("search", "C 1080")`."""

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self._patch = patch
        self._capture = capture

    def __call__(self, *words: object) -> Outcome:
        self._patch.setattr(sys, "argv", ["kis-tui", *map(str, words)])
        self._capture.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        said = self._capture.readouterr()
        assert isinstance(left.value.code, int)
        return Outcome(left.value.code, said.out, said.err)


@contextmanager
def run_process(
    *words: str, variables: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a process of its own; kill it at the end if it still runs."""
    process = subprocess.Popen(
        [*PROGRAM, *words],
        cwd=ROOT,
        env={**os.environ, **(variables or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
