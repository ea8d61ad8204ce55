"""A recorder on a disk that fills up, cannot be written, or takes files of a certain size alone.

``PYTHONPATH=tests [unshare -Urm] python -m rig.small_disk full|read_only|too_large FOLDER``

The disk is a tmpfs on FOLDER/disk, which needs a mount namespace, but for `too_large`.  Prints what
was handed over, what the recorder said, and leaves the tapes in FOLDER/kept.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import monotonic, sleep

from app.system.clock import SystemClock
from app.tape.destination import TapeDestination
from app.tape.entry import EntryKind
from app.tape.recorder import Recorder

PATIENCE = 10.0
RETRY = 0.2
SIZE = 256 * 1024


class Trial:
    """Hands messages over that do not get smaller, and waits for what becomes of them."""

    def __init__(self, folder: Path) -> None:
        self.recorder = Recorder(
            TapeDestination(folder, is_generated=True), SystemClock(), retry=RETRY
        )
        self.taken = 0
        self._draw = Random(0)

    def take(self) -> None:
        body = self._draw.randbytes(1000).hex()
        self.recorder.record(EntryKind.FRAME, f"0|{self.taken}|{body}", monotonic())
        self.taken += 1

    def until(self, condition: Callable[[], object], *, taking: bool = False) -> None:
        end = monotonic() + PATIENCE
        while not condition():
            if monotonic() > end:
                raise AssertionError(f"not so: {self.recorder.recording}")
            if taking:
                self.take()
            sleep(0.002)


def full(disk: Path, trial: Trial) -> str:
    """Something else fills the disk, and goes."""
    mount(disk, f"size={SIZE}")
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(SIZE // 2))
    trial.recorder.start()
    trial.until(lambda: trial.recorder.recording.trouble, taking=True)
    why = trial.recorder.recording.trouble
    for _ in range(20):
        trial.take()
    ballast.unlink()
    return why


def read_only(disk: Path, trial: Trial) -> str:
    """The disk lets itself be written later on."""
    mount(disk, "ro")
    trial.recorder.start()
    trial.until(lambda: trial.recorder.recording.trouble, taking=True)
    why = trial.recorder.recording.trouble
    mount(disk, "remount,rw")
    return why


def too_large(disk: Path, trial: Trial) -> str:
    """No file may have more bytes than so many."""
    if sys.platform == "win32":
        raise NotImplementedError
    disk.mkdir()
    resource.setrlimit(resource.RLIMIT_FSIZE, (SIZE // 4, resource.RLIM_INFINITY))
    trial.recorder.start()
    trial.until(lambda: trial.recorder.recording.trouble == "record.why_too_large", taking=True)
    return trial.recorder.recording.trouble


def mount(disk: Path, options: str) -> None:
    """Lay a disk of memory over a folder."""
    disk.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(disk)], check=True)


def main(scenario: str, folder: str) -> None:
    """One trial."""
    if sys.platform == "win32":
        raise NotImplementedError
    disk = Path(folder) / "disk"
    trial = Trial(disk / "tapes")
    why = {"full": full, "read_only": read_only, "too_large": too_large}[scenario](disk, trial)
    began = monotonic()
    trial.until(lambda: not trial.recorder.recording.trouble)
    seconds = monotonic() - began
    trial.take()
    trial.recorder.stop()
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    shutil.copytree(disk / "tapes", Path(folder) / "kept")
    end = trial.recorder.recording
    messages = sum(tape.messages for tape in end.closed)
    told = {"why": why, "taken": trial.taken, "seconds": seconds, "messages": messages}
    print(json.dumps({**told, "dropped": end.dropped, "trouble": end.trouble}))


if __name__ == "__main__":
    os.umask(0)
    main(*sys.argv[1:])
