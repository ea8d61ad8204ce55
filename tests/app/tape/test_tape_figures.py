"""Periods, sizes and speeds of tapes: a change of one is a decision, and changes this table.

Most cannot be held by their effect within the time of a test.
"""

from datetime import timedelta
from math import inf
from types import ModuleType

import pytest

from app.tape import (
    backlog,
    check,
    decompression,
    destination,
    entry,
    event_scan,
    player,
    reader,
    recorder,
    retention,
    summary,
    syncer,
    tables,
    tape_clock,
    trade_session,
    writer,
    writer_thread,
)

MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("module", "figures"),
    [
        (entry, {"VERSION": 1, "LONGEST_HEADER": 64 * 1024, "LONGEST": MIB,
                 "SEGMENT_ENTRIES": 16_384, "SEGMENT_BYTES": 16 * MIB, "WINDOW_LOG": 20}),
        # Five minutes a segment, a second between two syncs and looks, five before another try.
        (writer, {"SEGMENT_SPAN": 300 * 10**9}),
        (writer_thread, {"LOOK": 1.0, "RETRY": 5.0}),
        (recorder, {"RETRY": 5.0, "PATIENCE": 2.0}),
        (syncer, {"EVERY": 1.0}),
        (backlog, {"MOST": 64 * MIB, "SAMPLE": 0.01}),
        (trade_session, {"AFTER": timedelta(minutes=1)}),
        (reader, {"RECENT": 60.0}),
        (retention, {"GIGABYTE": 10**9, "STILL": 600.0}),
        (destination, {"MOST": 10_000}),
        (check, {"MOST": 1000, "LIKELY": 2**40, "BACK": 10**9}),
        (summary, {"MOST_HOLES": 1000, "MOST_AUCTIONS": 100, "MOST_CONTRACTS": 10_000}),
        (decompression, {"_MOST_BYTES": 33 * MIB}),
        (event_scan, {"SLICE": 0.004, "REST": 0.008, "MOST_MOVES": 5, "MOVE_TICKS": 4,
                      "MOVE_RATIO": 3.0, "MOST_GAPS": 1000, "PUBLISH_EVERY": 32}),
        (player, {"SLICE": 0.02, "LONGEST_NAP": 0.5}),
        (tape_clock, {"SPEEDS": (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, inf)}),
    ],
    ids=lambda one: one.__name__ if isinstance(one, ModuleType) else "",
)  # fmt: skip
def test_the_figures_of_a_tape(module: ModuleType, figures: dict[str, object]) -> None:
    assert {name: getattr(module, name) for name in figures} == figures


def test_tables_are_written_in_batches_of_rows() -> None:
    assert (tables.CsvTable.MOST, tables.ParquetTable.MOST) == (512, 16384)
