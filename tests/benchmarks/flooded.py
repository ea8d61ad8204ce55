"""Starts and hears `flood`, the server that the screen's cases connect to."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.onlooker import PATIENCE, PYTHON

_SCRIPT = Path(__file__).with_name("flood.py")


class Source:
    """A running flood, and what it says of itself."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        port = int(self.told("port"))
        self.addresses = {
            "KIS_URL_REST": f"http://127.0.0.1:{port}",
            "KIS_URL_WS": f"ws://127.0.0.1:{port}",
        }

    def told(self, what: str) -> float:
        """Wait until it tells of something."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = json.loads(line)
            if what in told:
                return float(told[what])
        raise AssertionError(f"the flood ended before it told of {what}")


@contextmanager
def flood(rate: int, seconds: float, settles: float | None = None) -> Iterator[Source]:
    """So many frames a second for so long, once the program has registered; none at 0.

    They begin `settles` seconds after a registration that no other follows.
    """
    command = [PYTHON, str(_SCRIPT), str(rate), str(seconds)]
    if settles is not None:
        command.append(str(settles))
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield Source(process)
    finally:
        process.terminate()
        process.wait(PATIENCE)
