"""One screen under a flood, measured from the terminal's end: CPU, keys, lag, bytes, age.

A key is answered when the code that it goes to is painted on the cursor's ground; both grounds are
learned before the flood.  Age is the moment at which a price was read off the terminal less the
moment that its price says it was sent.
"""

import json
import random
import re
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from benchmarks.flooded import flood
from benchmarks.onlooker import PYTHON, Onlooker
from benchmarks.stages import CODES, FIRST, KEYS, NOBODY

HERE = Path(__file__).resolve().parent
GAP = 0.004
"""Seconds of silence that part two paints."""
REACH = 12
"""Rows that the cursor walks over; all can be seen."""
WARMS = 1.0
RESTS = 0.3
"""Seconds without output after which all of a change is painted; the clock paints each half."""
SETTLES = 6.0
"""Seconds between the last registration and the flood, in which the grounds are learned."""

LEARNS_WITHIN = 5.0
"""Seconds within which a key moves the cursor while nothing is sent."""
_SGR = re.compile(rb"\x1b\[([0-9;]*)m")
_PRICE = re.compile(rb"([BC]01612A\d\d)[^\n\r]*? ([1-9]\d\d\.\d\d)")
_GROUND = re.compile(rb"48;2;\d+;\d+;\d+")


@dataclass
class Seen:
    """What one run showed; seconds, bytes, and percent of a core."""

    cpu: float = 0.0
    keys: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    late_lags: list[float] = field(default_factory=list)
    """Those of the last third."""
    ages: list[float] = field(default_factory=list)
    paints: list[int] = field(default_factory=list)
    sent: int = 0
    counted: dict[str, int] = field(default_factory=dict)


def percentile(samples: list[float], percent: int) -> float:
    """A percentile; 0 of nothing."""
    if len(samples) < 2:
        return samples[0] if samples else 0.0
    return quantiles(samples, n=100, method="inclusive")[percent - 1]


def watch(kind: str, rate: int, seconds: float) -> Seen:
    """Run one screen (program, recording, table, raw, idle) under a flood, and look at it."""
    seen = Seen()
    with tempfile.TemporaryDirectory() as home, flood(rate, seconds, SETTLES) as source:
        result = Path(home, "result.json")
        env = KEYS | NOBODY if not rate else KEYS | source.addresses
        program = ["-w", ",".join(CODES), "--session", "night"]
        screen, arguments = {
            "program": ("program", program),
            "recording": ("program", [*program, "--record"]),
            "table": ("table", list(CODES)),
            "raw": ("raw", list(CODES)),
            "idle": ("idle", []),
        }[kind]
        command = [PYTHON, str(HERE / "probed.py"), screen, str(result), *arguments]
        with Onlooker(command, Path(home), env) as onlooker:
            onlooker.wait_for("idle" if kind == "idle" else FIRST)
            grounds = set() if kind == "idle" else _learn(onlooker)
            begun = source.told("begun") if rate else time.monotonic()
            time.sleep(WARMS)
            _measure(onlooker, seen, grounds, begun + seconds - 0.2)
            assert seen.cpu or kind == "idle", "the flood was over before it was measured"
            if rate:
                seen.sent = int(source.told("sent"))
                onlooker.rests(RESTS)
            start, end = begun + WARMS, begun + seconds - 0.2
            _read_output(onlooker, seen, begun, start, end)
            onlooker.leave()
        told = json.loads(result.read_text())
        seen.counted = told["counted"]
        seen.lags = [lag for at, lag in told["lags"] if start <= at <= end]
        third = end - (end - start) / 3
        seen.late_lags = [lag for at, lag in told["lags"] if third <= at <= end]
    return seen


def _measure(onlooker: Onlooker, seen: Seen, grounds: set[bytes], end: float) -> None:
    cpu, started, at, draw = onlooker.cpu, time.monotonic(), 0, random.Random(5)
    down = True
    while time.monotonic() < end - 0.4:
        time.sleep(draw.uniform(0.1, 0.3))
        if grounds:
            down = at == 0 or (down and at < REACH)
            at += 1 if down else -1
            pressed = time.monotonic()
            before = len(onlooker.output)
            onlooker.type("j" if down else "k")
            painted = onlooker.wait_until(_on_ground(grounds, CODES[at]), before, 5.0)
            seen.keys.append(painted - pressed)
    seen.cpu = 100 * (onlooker.cpu - cpu) / (time.monotonic() - started)


def _read_output(onlooker: Onlooker, seen: Seen, begun: float, start: float, end: float) -> None:
    """Ages and paints between two moments."""
    output, before, last = bytes(onlooker.output), 0, 0.0
    newest: dict[bytes, float] = {}
    for at, size in onlooker.pieces:
        piece, before = output[before:size], size
        if not start <= at <= end:
            continue
        if at - last > GAP:
            seen.paints.append(0)
        seen.paints[-1] += len(piece)
        last = at
        for code, price in _PRICE.findall(_SGR.sub(b"", piece)):
            stamp = float(price) - 100
            if newest.get(code) != stamp:
                newest[code] = stamp
                seen.ages.append(at - begun - stamp)


def _learn(onlooker: Onlooker) -> set[bytes]:
    """The grounds under a row that a cursor is on: what a step down and one up paint alone."""
    for _ in range(3):
        onlooker.rests(RESTS)
        grounds = []
        for key, code, other in (("j", CODES[1], CODES[0]), ("k", CODES[0], CODES[1])):
            before = len(onlooker.output)
            onlooker.type(key)
            onlooker.wait_until(re.compile(code.encode()), before, LEARNS_WITHIN)
            onlooker.rests(RESTS)
            painted = bytes(onlooker.output[before:])
            grounds.append(_grounds(painted, code) - _grounds(painted, other))
        if both := grounds[0] & grounds[1]:
            return both
    raise AssertionError(f"no cursor was seen: {grounds}")


def _grounds(painted: bytes, code: str) -> set[bytes]:
    found = re.findall(rb"\x1b\[([0-9;]*)m *" + code.encode(), painted)
    return {match.group() for sgr in found if (match := _GROUND.search(sgr))}


def _on_ground(grounds: set[bytes], code: str) -> re.Pattern[bytes]:
    any_ground = b"(?:" + b"|".join(sorted(grounds)) + b")"
    return re.compile(rb"\x1b\[[0-9;]*" + any_ground + rb"[0-9;]*m *" + code.encode())
