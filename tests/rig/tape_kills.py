"""A thousand `kill -9` of a recorder: every entry it reported as written is in the tape.

``PYTHONPATH=tests python -m rig.tape_kills [--kills 1000]``

A child records without a pause and tells on a pipe how many messages are written; it is killed at
a drawn moment.
"""

import os
import shutil
import signal
import struct
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic, sleep

from rig.figures import Stopwatch, arguments

from app.system.clock import SystemClock
from app.tape.destination import TapeDestination
from app.tape.entry import EntryKind
from app.tape.reader import Tape
from app.tape.recorder import Recorder

AHEAD = 200
"""Messages that wait to be written at any time."""

LONGEST = 0.15
"""Seconds after the first word of the child within which it is killed."""

LARGEST = 1 << 20
"""Bytes that no write has."""

_SAID = struct.Struct("<Q")


@dataclass
class Found:
    """Sums over all kills."""

    kills: int = 0
    said: int = 0
    read: int = 0
    lost: int = 0
    torn: int = 0
    """Tapes that end within a write."""


def kill(folder: Path, draw: Random, found: Found) -> None:
    """Record until killed, and see what is there."""
    if sys.platform == "win32":
        raise NotImplementedError
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            record(folder, draw.randint(0, 2**32), writing)
        finally:
            os._exit(1)
    os.close(writing)
    said = os.read(reading, _SAID.size)
    assert said, "the child cannot record"
    sleep(draw.uniform(0, LONGEST))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(reading, 1 << 20):
        said = (said + more)[-_SAID.size :]
    os.close(reading)
    [path] = folder.iterdir()
    see(path, _SAID.unpack(said)[0], found)
    path.unlink()


def record(folder: Path, seed: int, writing: int) -> None:
    """Record for ever, and print the number of entries written."""
    draw, recorder, taken, said = (
        Random(seed),
        Recorder(TapeDestination(folder), SystemClock()),
        0,
        0,
    )
    recorder.start(strict=True)
    while True:
        written = recorder.recording.messages
        if written > said:
            said = written
            os.write(writing, _SAID.pack(said))
        for _ in range(AHEAD + written - taken):
            body = draw.randbytes(draw.randint(0, 300)).hex()
            recorder.record(EntryKind.FRAME, f"0|{taken}|{body}", monotonic())
            taken += 1
        sleep(0)


def see(path: Path, said: int, found: Found) -> None:
    """Check a tape against the reported entries."""
    with Tape(path) as tape:
        numbers = [
            int(e.payload.split(b"|")[1]) for e in tape.entries() if e.kind == EntryKind.FRAME
        ]
        assert numbers == list(range(len(numbers))), "what is there is not what was recorded"
        assert tape.damage.entries == 0
        assert tape.torn() < LARGEST, "more than one write is torn"
        found.torn += tape.torn() > 0
    found.kills += 1
    found.said += said
    found.read += len(numbers)
    found.lost += max(0, said - len(numbers))


def run(kills: int, folder: Path, seed: int = 0) -> Found:
    """So many kills."""
    draw, found = Random(seed), Found()
    for _ in range(kills):
        kill(folder, draw, found)
    return found


def main() -> int:
    """All kills, and the figures."""
    given = arguments(__doc__, kills=1000)
    watch, folder = Stopwatch(), Path(tempfile.mkdtemp())
    try:
        found = run(given.kills, folder)
    finally:
        shutil.rmtree(folder)
    print(
        f"{found.kills} kills of a recorder: {found.said:,} messages said to be written, "
        f"{found.read:,} read, {found.lost} of those said lost, {found.torn} tapes with one torn "
        f"write; {watch}"
    )
    return 1 if found.lost else 0


if __name__ == "__main__":
    sys.exit(main())
