"""The progress bar of a long command, on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import click

from app.system.clock import SystemClock

PATIENCE = 1.0
"""Seconds that nobody needs a bar for."""


@contextmanager
def progress(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """Yield the callback for steps; the bar is drawn on a terminal only, after a second."""
    clock = SystemClock()
    due, done, bars = clock.monotonic() + PATIENCE, 0, list[Callable[[int], None]]()

    def step(count: int) -> None:
        nonlocal done
        done += count
        if bars:
            bars[0](count)
        elif sys.stderr.isatty() and clock.monotonic() >= due:
            bar = stack.enter_context(
                click.progressbar(length=max(length, 1), label=label, file=sys.stderr)
            )
            bars.append(bar.update)
            bar.update(done)

    with ExitStack() as stack:
        yield step
