"""A pytest plugin that records which tests reach which line, and how long each test takes.

Runs under coverage, whose contexts become the node ids.  Durations in seconds by node id, and the
tests that failed, are written to the file that `OUTPUT` names.  A property is tried with a
tenth of its examples, as they reach the same lines; its duration is that of all of them.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest
from coverage import Coverage
from hypothesis import settings

MEASURED = ".measured.json"
OUTPUT = "MUTANTS_MEASURED"
"""The environment variable with the name of the file."""

_FEWER = 10
_durations: dict[str, float] = {}
_failed: set[str] = set()


def pytest_configure() -> None:
    """Try properties with fewer examples; those that say how many they need keep their number."""
    settings.register_profile("reach", max_examples=settings().max_examples // _FEWER)
    settings.load_profile("reach")


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
        is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        _durations[item.nodeid] = (perf_counter() - begun) * (_FEWER if is_property else 1)
        coverage.switch_context("")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note a failure."""
    if report.failed:
        _failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    """Write what was measured."""
    measured = {"durations": _durations, "failed": sorted(_failed)}
    Path(os.environ[OUTPUT]).write_text(json.dumps(measured), encoding="utf-8")
