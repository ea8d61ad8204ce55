"""Bytes to the terminal, 160×50 and 41 rows: a quiet night, trades, and every page of the demo.

The opponent is the least that a diff by cells needs for the same frames (`rig.styled_screen`).  A
full repaint is a paint that writes more than half of the rows from their first column on.
"""

import re
import time

from benchmarks.flooded import flood
from benchmarks.onlooker import SIZE, Onlooker
from benchmarks.stages import CODES, FIRST, KEYS, PROGRAM, shown
from benchmarks.table import Table, Variant
from rig.styled_screen import StyledScreen, least_output

NAME = "bytes to the terminal"
SECONDS, SETTLES = 8.0, 10.0
RATES = (0, 100, 1_000)
PAGES = {"boards": "", "chain": "5", "smile": "6", "positions": "P", "help": "?", "add": "a"}
MOST = {"0 frames/s": 0.6, **dict.fromkeys(PAGES, 15.0)}
"""kB/s that each may write."""

LEAST = 1.5
"""Multiple of a minimal diff that trades may write."""

_PAINTS = re.compile(rb"(?=\x1b\[\?2026h)")
_FIRST_COLUMN = re.compile(rb"\x1b\[(\d+);1H")


def run(rounds: int, quick: bool) -> list[Table]:
    """kB/s, paints a second and full repaints; `rounds` counts measurements of each."""
    seconds = SECONDS / 2 if quick else SECONDS
    tables = []
    for rate in RATES:
        with (
            flood(rate, SETTLES + seconds * (rounds or 1) + 30) as source,
            shown((*PROGRAM, "--session", "night"), FIRST, KEYS | source.addresses) as (program, _),
        ):
            time.sleep(SETTLES)
            tables.append(_table(program, f"{rate:,} frames/s", seconds, rounds or 1))
    demo = (PROGRAM[0], "--demo", "--start", "03:00", "-w", ",".join(CODES))
    with shown(demo, FIRST) as (program, _):
        time.sleep(SETTLES)
        for page, key in PAGES.items():
            if key:
                program.type(key)
                time.sleep(SETTLES / 2)
            tables.append(_table(program, page, seconds, rounds or 1))
            if key:
                program.type("\x1b")
                time.sleep(1.0)
    return tables


def _table(program: Onlooker, name: str, seconds: float, rounds: int) -> Table:
    table = Table(name, "kB/s", [Variant("least"), Variant("program")])
    paints = repaints = 0
    for _ in range(rounds):
        begun, before = time.monotonic(), len(program.output)
        time.sleep(seconds)
        output, took = bytes(program.output), time.monotonic() - begun
        frames = _PAINTS.split(output[before:])
        paints += len(frames)
        repaints += sum(len(set(_FIRST_COLUMN.findall(f))) > SIZE[1] / 2 for f in frames)
        table.add("program", (len(output) - before) / took / 1000)
        table.add("least", _least(output[:before], frames) / took / 1000)
    written, least = table["program"].median, table["least"].median
    most = MOST.get(name)
    if most is not None:
        table.check(f"at most {most} kB/s: {written:.2f}", written <= most)
    else:
        table.check(f"at most {LEAST} × the least: {written / least:.2f}", written <= LEAST * least)
    table.check(f"no full repaint: {repaints}", repaints == 0)
    table.notes.append(f"{paints / rounds / seconds:.1f} paints a second")
    return table


def _least(shown_before: bytes, frames: list[bytes]) -> int:
    """Return the bytes of minimal diffs for frames, on what was shown before them."""
    screen = StyledScreen(*SIZE)
    screen.feed(shown_before.decode("utf-8", "surrogateescape"))
    size = 0
    for frame in frames:
        before = [row.copy() for row in screen.rows]
        screen.feed(frame.decode("utf-8", "surrogateescape"))
        size += least_output(before, screen.rows)
    return size
