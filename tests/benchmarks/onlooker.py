"""A program on a pseudo-terminal, looked at from outside: when it wrote what, and what it cost.

Unlike `rig.terminal` it keeps the moment of every piece of output, and waits without polling.
"""

import contextlib
import os
import re
import select
import subprocess
import sys
import threading
import time
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Self

from rig.posix_calls import open_pair, set_size
from rig.terminal import SYNC_ANSWER, SYNC_QUERY

SIZE = (160, 50)
PATIENCE = 60.0
PYTHON = sys.executable
COMMAND = str(Path(sys.executable).with_name("kis-tui"))
_NOT_INHERITED = ("KIS_", "TEXTUAL", "XDG_", "LC_", "NO_COLOR", "PYTEST", "PYTHON")


def resident_of(pid: int | str) -> float:
    """Return the MiB of memory that a process holds; ``self`` is this one."""
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


class Onlooker:
    """One run of a command, ended with its block."""

    def __init__(
        self,
        command: Sequence[str],
        home: Path,
        env: Mapping[str, str] | None = None,
        size: tuple[int, int] = SIZE,
    ) -> None:
        self.output = bytearray()
        self.pieces: list[tuple[float, int]] = []
        """Of every piece read: when, and how much had been written with it."""
        self._synchronises = False
        self._news = threading.Condition()
        self._own, theirs = open_pair()
        set_size(self._own, *size)
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_INHERITED)}
        environment = {
            **inherited,
            "HOME": str(home),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": str(home / "run"),
            **(env or {}),
        }
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            cwd=home,
            env=environment,
        )
        os.close(theirs)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._thread.join(PATIENCE)
        os.close(self._own)

    def rests(self, seconds: float, patience: float = PATIENCE) -> None:
        """Wait until nothing was written for so long."""
        end = time.monotonic() + patience
        with self._news:
            while self._news.wait(seconds):
                assert time.monotonic() < end, f"never {seconds:g} s without output"

    def ends(self, patience: float) -> None:
        """Wait until the command has ended by itself."""
        self._process.wait(patience)

    def type(self, keys: str) -> None:
        """Type keys."""
        os.write(self._own, keys.encode())

    def wait_for(self, text: str) -> float:
        """The moment at which a text was written whole."""
        return self.wait_until(re.compile(re.escape(text.encode())))

    def wait_until(
        self, pattern: re.Pattern[bytes], after: int = 0, patience: float = PATIENCE
    ) -> float:
        """The moment at which output past so many bytes held a pattern whole."""
        end = time.monotonic() + patience
        with self._news:
            while (found := pattern.search(self.output, after)) is None:
                left = end - time.monotonic()
                if left < 0 or self._process.poll() is not None:
                    tail = bytes(self.output[-2000:]).decode("utf-8", "replace")
                    raise AssertionError(f"{pattern.pattern!r} was not written: {tail}")
                self._news.wait(min(left, 0.5))
            whole = found.end()
            # A match keeps the output from growing.
            del found
            return self.pieces[bisect_left(self.pieces, whole, key=itemgetter(1))][0]

    def leave(self, key: str = "q") -> None:
        """Have the program end by a key."""
        self.type(key)
        self._process.wait(PATIENCE)

    @property
    def cpu(self) -> float:
        """Seconds of CPU that the process has used, all threads together."""
        if sys.platform == "win32":
            raise NotImplementedError
        stat = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def resident(self) -> float:
        """MiB of memory that the process holds."""
        return resident_of(self._process.pid)

    def _read(self) -> None:
        while True:
            if not select.select([self._own], [], [], 0.2)[0]:
                if self._process.poll() is not None:
                    return
                continue
            with contextlib.suppress(OSError):
                chunk = os.read(self._own, 65536)
                with self._news:
                    self.output += chunk
                    self.pieces.append((time.monotonic(), len(self.output)))
                    self._news.notify_all()
                if not self._synchronises and SYNC_QUERY in self.output:
                    self._synchronises = True
                    os.write(self._own, SYNC_ANSWER)
                continue
            return
