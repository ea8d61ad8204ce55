"""Decoding stays in the neighbourhood of splitting: ten times off fails, on any machine.

``tests/benchmarks/decode.py`` measures what it costs; this only notices a catastrophe.
"""

from collections.abc import Callable
from statistics import median
from time import process_time

from harness.sample_frames import frame, record

from specs.frame import decode

ROUNDS, REPEATS = 9, 300
FLOORS = 30
"""Splits that decoding a frame may cost; it costs about three."""


def _split(raw: str) -> object:
    return raw.split("|", 3)[3].split("^")


def _seconds(way: Callable[[str], object], raw: str) -> float:
    started = process_time()
    for _ in range(REPEATS):
        way(raw)
    return process_time() - started


def test_decoding_56_fields_costs_a_few_splits() -> None:
    whole, blank = record("H0EUCNT0"), record("H0EUCNT0", delta="", bid_size="")
    for records in ([whole], [blank], [whole] * 4):
        raw = frame("H0EUCNT0", *records)
        ratios = [_seconds(decode, raw) / _seconds(_split, raw) for _ in range(ROUNDS)]
        assert median(ratios) < FLOORS
