"""How soon PINGPONG comes back while the terminal, the screen or the market stands in the way.

Run by hand for the figures, three minutes in all: ``python tests/rig/stalls.py``.
"""

import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from rig.kis_host import KisHost
from rig.runs import CODES, Run, run

PING_EVERY = 0.4
"""Seconds between PINGPONGs.

More than five a second count as a flood and are not answered; a busy machine may deliver two late
ones together with the next.
"""

BRISK = 500
"""Frames a second of a lively market."""

BURST = 5000
SLOWEST, TYPICAL = 1.0, 0.25
"""Seconds that the slowest echo may take, and the 99th of a hundred."""

_PRICE = re.compile(rf"{CODES[0]} +\S+ +([0-9]+\.[0-9]{{2}})")


class Figures(NamedTuple):
    """One stall: its echoes in seconds, and how the session and the screen came out of it."""

    name: str
    seconds: float
    frames: int
    echoes: list[float]
    lost: int
    dials: int
    ends: int
    present: float
    """Seconds from the end of the stall until the screen showed the market's latest data."""

    @property
    def slowest(self) -> float:
        """The slowest echo."""
        return max(self.echoes)

    @property
    def typical(self) -> float:
        """Limit for 99 of 100 echoes, in seconds."""
        ranked = sorted(self.echoes)
        return ranked[min(len(ranked) - 1, int(len(ranked) * 0.99))]

    @property
    def answered(self) -> bool:
        """Whether every PINGPONG was answered within one connection."""
        return not self.lost and (self.dials, self.ends) == (1, 0)

    @property
    def held(self) -> bool:
        """Whether the goals were met."""
        return self.answered and self.slowest <= SLOWEST and self.typical <= TYPICAL

    def __str__(self) -> str:
        middle = sorted(self.echoes)[len(self.echoes) // 2]
        milliseconds = " · ".join(
            f"{name} {value * 1000:.1f} ms"
            for name, value in (
                ("median", middle),
                ("p99", self.typical),
                ("max", self.slowest),
            )
        )
        return (
            f"{self.name}: {self.seconds:.0f} s, {self.frames:,} frames, {len(self.echoes)} echoes:"
            f" {milliseconds}; unanswered {self.lost}, dials {self.dials}, ends {self.ends};"
            f" present on the screen after {self.present:.2f} s"
        )


def terminal(home: Path, seconds: float) -> Figures:
    """A terminal that is not read."""

    def stall(running: Run, host: KisHost) -> None:
        running.stop_reading()
        _pass(running, seconds)
        running.go_on_reading()

    return _measure("terminal not read", home, BRISK, stall)


def screen(home: Path, seconds: float, times: int = 1) -> Figures:
    """A screen whose loop does nothing for a while, some times in a row."""

    def stall(running: Run, host: KisHost) -> None:
        begun = time.monotonic()
        running.type("r" * times)
        running.until(lambda: time.monotonic() - begun > seconds * times, seconds * times + 5)

    return _measure("screen blocked", home, BRISK, stall, fault="block", block=seconds)


def burst(home: Path, seconds: float) -> Figures:
    """A market at its highest message rate."""

    def stall(running: Run, host: KisHost) -> None:
        host.rate = BURST
        _pass(running, seconds)

    return _measure(f"{BURST:,} frames/s", home, BRISK, stall)


def _pass(running: Run, seconds: float) -> None:
    end = time.monotonic() + seconds
    running.until(lambda: time.monotonic() > end, seconds + 5)


def _measure(
    name: str,
    home: Path,
    rate: int,
    stall: Callable[[Run, KisHost], None],
    *,
    fault: str = "",
    block: float = 0.0,
) -> Figures:
    with (
        KisHost(ping_every=PING_EVERY, rate=rate) as host,
        run(host, home, fault=fault, env={"BLOCK": str(block)}) as running,
    ):
        running.goes_live()
        running.until(lambda: _price(running) > 0)
        before, frames, begun = len(host.echoes), host.frames_sent, time.monotonic()
        stall(running, host)
        over, number = time.monotonic(), host.number
        running.until(lambda: _price(running) >= number / 100, 10.0)
        present = time.monotonic() - over
        echoes = host.echoes[before:]
        late = [sent for sent in tuple(host.unanswered.values()) if sent < over - SLOWEST]
        return Figures(
            name,
            over - begun,
            host.frames_sent - frames,
            echoes,
            len(late),
            host.dials,
            len(host.ends),
            present,
        )


def _price(running: Run) -> float:
    found = _PRICE.search(running.text)
    return float(found[1]) if found else 0.0


def main() -> int:
    """Measure all three; 0 where every goal was met."""
    with tempfile.TemporaryDirectory() as folder:
        homes = [Path(folder, name) for name in ("terminal", "screen", "burst")]
        met = True
        for figures in (
            terminal(homes[0], 60.0),
            screen(homes[1], 10.0, times=6),
            burst(homes[2], 60.0),
        ):
            print(figures, "" if figures.held else " — MISSED", flush=True)
            met = met and figures.held
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
