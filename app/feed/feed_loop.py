"""The event loop of the feed: uvloop's where it is installed (the ``fast`` extra).

Most of what a feed costs at some thousand frames a second is waking up, which uvloop halves.
"""

import asyncio
from collections.abc import Coroutine
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

_T = TypeVar("_T")


def name() -> str:
    """The loop that a feed runs on here: uvloop or asyncio."""
    return "uvloop" if find_spec("uvloop") else "asyncio"


def run(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine to its end on a loop of its own, as `asyncio.run` does."""
    with runner(name()) as running:
        return running.run(coroutine)


def runner(loop: str) -> asyncio.Runner:
    """Return the function that runs a coroutine on the named loop."""
    return asyncio.Runner(
        loop_factory=None if loop == "asyncio" else import_module(loop).new_event_loop
    )
