"""A pytest plugin that records which tests reach which line, and how long each test takes.

Runs under coverage, whose contexts become the node ids.  Durations in seconds by node id, and the
tests that failed, are written to `MEASURED` in the current directory.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest
from coverage import Coverage

MEASURED = ".measured.json"
_durations: dict[str, float] = {}
_failed: set[str] = set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Record the lines of one test under its node id."""
    coverage = Coverage.current()
    assert coverage is not None
    coverage.switch_context(item.nodeid)
    begun = perf_counter()
    try:
        return (yield)
    finally:
        _durations[item.nodeid] = perf_counter() - begun
        coverage.switch_context("")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note a failure."""
    if report.failed:
        _failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    """Write what was measured."""
    measured = {"durations": _durations, "failed": sorted(_failed)}
    Path(MEASURED).write_text(json.dumps(measured), encoding="utf-8")
