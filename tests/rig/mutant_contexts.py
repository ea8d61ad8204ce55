"""A pytest plugin that records which tests reach which line, and how long each test takes.

Runs under coverage, whose contexts become the node ids; the durations are written to `DURATIONS`
in the current directory, in seconds by node id.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest
from coverage import Coverage

DURATIONS = ".durations.json"
_durations: dict[str, float] = {}


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


def pytest_sessionfinish() -> None:
    """Write the durations."""
    Path(DURATIONS).write_text(json.dumps(_durations), encoding="utf-8")
