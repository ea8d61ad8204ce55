"""A pytest plugin that ends the process when a test takes several times its measured duration.

The durations are read from `MEASURED` in the current directory.  The timer's signal keeps its
default action, which ends the process in an endless loop as well.
"""

import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rig.mutant_contexts import MEASURED

LEAST, SLOWER = 20.0, 5.0
"""Seconds that every test may take, on top of `SLOWER` times its measured duration."""

_durations: dict[str, float] = {}


def pytest_configure() -> None:
    """Read the durations."""
    _durations.update(json.loads(Path(MEASURED).read_text(encoding="utf-8")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Limit the time of one test."""
    if sys.platform == "win32":
        raise NotImplementedError
    limit = LEAST + SLOWER * _durations.get(item.nodeid, LEAST)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
