"""Mutation score of the core: small faults put into the code one at a time, and what notices them.

``PYTHONPATH=tests python -m rig.mutants [--count 200] [--seed 1] [--tests PATH] [PATH ...]``

Each mutant is one change of one expression or statement of a file below `PATH` (the core, if none
is given), in a copy of the committed tree.  One run under coverage shows which tests reach which
line: of the tests in the folders that mirror the mutated modules, and of those that import them,
without `SLOW`.  A mutant is tried with those that reach it, the fastest first, then with those that
reach any line of its module or import it; with `--wide` also with the slow ones that import it,
which takes minutes a mutant.  With `--tests` all are limited to some files or folders, such as the
fast ones of ``tests/widgets``.  A failure or a time-out notices a mutant; a time-out is several
times the measured duration of a test, or of all.  Those of ``tests/data/equivalent_mutants.toml``
are counted apart and not tried: no input can tell them from the original.
Prints the mutants that nothing noticed, and the score of the others.  Exit code 1 below 95 %.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from coverage import CoverageData
from rig.fork_server import ForkServer
from rig.mutant_contexts import MEASURED, OUTPUT
from rig.mutant_source import ROOT, Mutant, Source, equivalent_mutants

CORE = ("app/feed", "app/tape", "app/krx", "app/market/book.py", "specs")
GOAL = 0.95
TIMEOUT, SLOWER, UNMEASURED = 60.0, 5.0, 600.0
"""Seconds after which the tests of a mutant count as failed, on top of `SLOWER` times what they
took under coverage; of tests that were not measured, `UNMEASURED` seconds for a file."""

SLOW = (
    "tests/app/cli/", "tests/app/screens/", "tests/app/simulator/", "tests/rig/",
    "tests/app/feed/test_nights.py", "tests/app/feed/test_model.py",
    "tests/app/tape/test_tape_kills.py", "tests/app/tape/test_small_disk.py",
)  # fmt: skip
"""Tests that run the whole program, a server, or a night."""

MOST_TESTS = 120
"""Tests that are tried with one mutant."""

_REWRITE = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"
_LIMITS = ("-p", "rig.mutant_limits")
_PYTEST = ("-q", "-p", "no:cacheprovider", "-W", _REWRITE)


def mirror_of(path: str) -> str:
    """Return the folder of the tests that mirrors a module's own."""
    folder = Path("tests", path).parent
    while not (ROOT / folder).is_dir():
        folder = folder.parent
    return str(folder)


def importers_of(path: str) -> list[str]:
    """Return the test files that import a module."""
    module = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    parent, _, name = module.rpartition(".")
    wanted = re.compile(
        rf"from {re.escape(module)} import|import {re.escape(module)}\b"
        rf"|from {re.escape(parent)} import [^\n]*\b{name}\b"
    )
    return [
        str(file.relative_to(ROOT))
        for file in sorted((ROOT / "tests").rglob("test_*.py"))
        if wanted.search(file.read_text(encoding="utf-8"))
    ]


def fast_tests_of(paths: Collection[str]) -> list[str]:
    """Return the test files of the folders that mirror some modules, and others that import them.

    Those of `SLOW` are left out.
    """
    mirrored = (
        str(file.relative_to(ROOT))
        for folder in sorted({mirror_of(path) for path in paths})
        for file in sorted((ROOT / folder).rglob("test_*.py"))
    )
    files = dict.fromkeys((*mirrored, *(file for path in paths for file in importers_of(path))))
    return [file for file in files if not file.startswith(SLOW)]


class Reach:
    """Return the tests that reach each line, by one run under coverage."""

    def __init__(self, copy: Path, tests: Sequence[str], jobs: int) -> None:
        """Run the tests; those that fail without any mutant are left out, and printed."""
        self._durations: dict[str, float] = {}
        self._contexts: defaultdict[str, dict[int, list[str]]] = defaultdict(dict)
        parts = [tests[job::jobs] for job in range(min(jobs, len(tests)))]
        runs = [_measure(copy, part, job) for job, part in enumerate(parts)]
        for job, run in enumerate(runs):
            run.wait()
            measured = json.loads((copy / f"{MEASURED}{job}").read_text(encoding="utf-8"))
            self._durations |= measured["durations"]
            for test in measured["failed"]:
                print(f"left out, fails without any mutant: {test}", flush=True)
                self._durations.pop(test, None)
            data = CoverageData(str(copy / f".coverage{job}"))
            data.read()
            for file in data.measured_files():
                lines = self._contexts[str(Path(file).relative_to(copy))]
                for line, contexts in data.contexts_by_lineno(file).items():
                    lines.setdefault(line, []).extend(contexts)
        (copy / MEASURED).write_text(json.dumps(self._durations), encoding="utf-8")

    def tests(self, mutant: Mutant) -> list[str]:
        """Return the tests that reach a mutant, the fastest first; none where nothing does."""
        found = self._contexts.get(mutant.path, {}).get(mutant.line, [])
        tests = sorted(filter(self._durations.get, found), key=self._durations.__getitem__)
        return tests[:MOST_TESTS]

    def tests_of(self, files: Iterable[str], path: str = "") -> list[str]:
        """Return the tests of some files and those that reach any line of a module.

        Those that fail without any mutant are left out; the fastest come first.
        """
        tests = {test for test in self._durations if test.startswith(tuple(files))}
        for contexts in self._contexts.get(path, {}).values():
            tests.update(test for test in contexts if test in self._durations)
        return sorted(tests, key=self._durations.__getitem__)

    def seconds(self, tests: Sequence[str]) -> float:
        """Return after which time some tests count as failed."""
        return TIMEOUT + sum(
            SLOWER * self._durations[test] if test in self._durations else UNMEASURED
            for test in tests
        )


def _measure(copy: Path, tests: Sequence[str], job: int) -> "subprocess.Popen[bytes]":
    options = ("--data-file", str(copy / f".coverage{job}"), "--include", "app/*,widgets/*,specs/*")
    coverage = (sys.executable, "-m", "coverage", "run", *options)
    paths = os.pathsep.join((str(copy), str(copy / "tests")))
    return subprocess.Popen(
        [*coverage, "-m", "pytest", *_PYTEST, "-p", "rig.mutant_contexts", *tests],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": paths, OUTPUT: f"{MEASURED}{job}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


class Trials:
    """Copies of the tree in which the tests were measured, one for each job."""

    def __init__(self, measured: Path, jobs: int, reach: Reach, *, wide: bool) -> None:
        """Make the copies; `wide`: try the slow tests as well."""
        self._reach, self._wide = reach, wide
        self._free: SimpleQueue[tuple[Path, ForkServer]] = SimpleQueue()
        self._servers = [ForkServer() for _ in range(jobs)]
        for job, server in enumerate(self._servers):
            copy = measured
            if job:
                copy = measured.with_name(f"{measured.name}{job}")
                shutil.copytree(measured, copy, symlinks=True)
            tests = reach.tests_of(["tests/"])[:MOST_TESTS]
            if failed := server.run(copy, [*_PYTEST, *tests], reach.seconds(tests)):
                raise RuntimeError(f"tests fail without any mutant: {failed}")
            self._free.put((copy, server))

    def is_noticed(self, mutant: Mutant) -> bool:
        """Whether a test fails with this mutant."""
        copy, server = self._free.get()
        file = copy / mutant.path
        whole, times = file.read_text(encoding="utf-8"), file.stat()
        try:
            changed = whole[: mutant.start] + mutant.text + whole[mutant.end :]
            compile(changed, mutant.path, "exec")
            file.write_text(changed, encoding="utf-8")
            return any(
                server.run(copy, ["-x", *_PYTEST, *_LIMITS, *tests], self._reach.seconds(tests))
                for tests in self._runs(mutant)
                if tests
            )
        finally:
            file.write_text(whole, encoding="utf-8")
            # The compiled file holds again.
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
            self._free.put((copy, server))

    def _runs(self, mutant: Mutant) -> Iterator[Sequence[str]]:
        yield self._reach.tests(mutant)
        # What a test cached is not reached by the next one, and a default only at import.
        importers = importers_of(mutant.path)
        yield self._reach.tests_of(importers, mutant.path)
        if self._wide:
            yield [file for file in importers if file.startswith(SLOW)]

    def close(self) -> None:
        """End the processes that run the tests."""
        for server in self._servers:
            server.close()


def _committed_tree(folder: Path) -> Path:
    archive = subprocess.run(
        ["git", "archive", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    folder.mkdir()
    subprocess.run(["tar", "x"], cwd=folder, input=archive.stdout, check=True)
    return folder


def main() -> int:
    """Draw mutants, run the tests of each, and print what survived."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", default=list(CORE))
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--tests", action="append", help="a file or folder; no others run")
    parser.add_argument("--wide", action="store_true", help="try tests of other folders as well")
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
    reasons = equivalent_mutants()
    equivalent = [mutant for mutant in drawn if mutant.key in reasons.get(mutant.path, ())]
    for mutant in equivalent:
        print(f"equivalent {mutant}: {reasons[mutant.path][mutant.key]}")
    drawn = [mutant for mutant in drawn if mutant not in equivalent]
    if asked.list:
        print(*drawn, sep="\n")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        tree = _committed_tree(Path(folder, "tree"))
        tests = asked.tests or fast_tests_of({mutant.path for mutant in drawn})
        reach = Reach(tree, tests, asked.jobs)
        trials = Trials(tree, asked.jobs, reach, wide=asked.wide)
        noticed = 0
        with ThreadPoolExecutor(asked.jobs) as pool:
            outcomes = pool.map(trials.is_noticed, drawn)
            for done, (mutant, is_noticed) in enumerate(zip(drawn, outcomes, strict=True), 1):
                noticed += is_noticed
                if not is_noticed:
                    print(f"unnoticed {mutant}", flush=True)
                if done % 20 == 0:
                    print(f"{done} of {len(drawn)}, {noticed} noticed", flush=True)
        trials.close()
    score = noticed / (len(drawn) or 1)
    print(
        f"{noticed} of {len(drawn)} mutants noticed ({score:.1%}), {len(equivalent)} equivalent, "
        f"drawn from {len(every)} with seed {asked.seed}"
    )
    return 0 if score >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
