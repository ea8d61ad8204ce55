"""Make tests faster without changing what they see: shorter waits, and work done once.

Textual's pilot waits until the processor is quiet in steps of 20 ms, three times for each key.
`wait_for_idle` returns as soon as the event loop has nothing to do and the process used hardly any
processor time for `STEP`.  Each app tokenizes all of its CSS, and each simulator computes a whole
session's price path: both depend on their arguments alone, so a process needs them once.
"""

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from time import monotonic, process_time

import pytest
from textual.css.tokenize import tokenize, tokenize_values
from textual.css.tokenizer import Token
from textual.css.types import CSSLocation

from app.simulator.price_path import PricePath

STEP = 0.008
"""Seconds over which processor time is measured; the other threads run meanwhile."""

IDLE = 0.1
"""The share of `STEP` that an idle process may use."""

QUIET_TURNS = 3
"""Turns of the event loop in a row with nothing else ready."""


async def wait_for_idle(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Wait until nothing is ready and no thread computes, at most `max_sleep` seconds."""
    begun = monotonic()
    while True:
        used = process_time()
        await asyncio.sleep(STEP)
        await _drain(begun + max_sleep)
        elapsed = monotonic() - begun
        if elapsed >= max_sleep:
            return
        if elapsed > min_sleep and process_time() - used < STEP * IDLE:
            return


async def _drain(end: float) -> None:
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    quiet = 0
    while quiet < QUIET_TURNS and monotonic() < end:
        await asyncio.sleep(0)
        quiet = 0 if ready else quiet + 1


@lru_cache(maxsize=256)
def _tokens(css: str, read_from: CSSLocation) -> Sequence[Token]:
    return tuple(tokenize(css, read_from))


@lru_cache(maxsize=64)
def _value_tokens(values: tuple[tuple[str, str], ...]) -> dict[str, list[Token]]:
    return tokenize_values(dict(values))


def _tokenize_values(values: dict[str, str]) -> dict[str, list[Token]]:
    return dict(_value_tokens(tuple(values.items())))


def apply_speedups(patch: pytest.MonkeyPatch) -> None:
    """Replace the slow functions for as long as `patch` lasts."""
    for module in ("app", "pilot"):
        patch.setattr(f"textual.{module}.wait_for_idle", wait_for_idle)
    patch.setattr("textual.css.parse.tokenize", _tokens)
    patch.setattr("textual.css.parse.tokenize_values", _tokenize_values)
    patch.setattr("app.simulator.market.PricePath", lru_cache(maxsize=64)(PricePath))
