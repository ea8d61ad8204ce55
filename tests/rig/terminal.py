"""A pseudo-terminal with the real program on it: keys, signals, stalls, and what was left behind.

The program runs as the foreground job of a small shell (`rig.shell`), with a home of its own.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rig.escapes import Modes
from rig.posix_calls import kill_process, modes, open_pair, set_size
from rig.screen import Screen

PATIENCE = 15.0
"""Seconds that anything awaited may take; far more than it does."""

SYNC_QUERY, SYNC_ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
SYNC_BEGIN, SYNC_END = b"\x1b[?2026h", b"\x1b[?2026l"
"""Synchronised output: between the two a terminal goes on showing the frame before."""

COMMAND = str(Path(sys.executable).with_name("kis-tui"))
_SHELL = str(Path(__file__).with_name("shell.py"))
_NOT_INHERITED = ("KIS_", "TEXTUAL", "XDG_", "LC_", "COLORTERM", "NO_COLOR", "PYTEST")


class Terminal:
    """One run of a command, killed at the end of the block if it still runs."""

    def __init__(
        self,
        command: Sequence[str],
        home: Path,
        env: Mapping[str, str] | None = None,
        size: tuple[int, int] = (120, 40),
    ) -> None:
        self.home = home
        self.output = bytearray()
        """Every byte that was read from the terminal."""
        self.status: int | None = None
        """The exit code once the program ended; as a shell counts, 128 + n after signal n."""
        self.pid = 0
        self.ended_at = 0.0
        self._news = threading.Condition()
        self._may_read = threading.Event()
        self._may_read.set()
        self._own, theirs = open_pair()
        self._shown = 0
        self._text: str | None = None
        self._synchronises = False
        self.resize(*size)
        self.before = modes(self._own)
        report, pipe = os.pipe()
        self._report = report
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_INHERITED)}
        self._shell = subprocess.Popen(
            [sys.executable, "-I", "-S", _SHELL, str(pipe), *command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            pass_fds=(pipe,),
            start_new_session=True,
            cwd=home,
            env={
                **inherited,
                "HOME": str(home),
                "TERM": "xterm-256color",
                "LANG": "C.UTF-8",
                "XDG_RUNTIME_DIR": str(home / "run"),
                **(env or {}),
            },
        )
        os.close(theirs)
        os.close(pipe)
        self._threads = [
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=self._wait, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.status is None and self.pid:
            with contextlib.suppress(ProcessLookupError):
                kill_process(self.pid)
        self._shell.kill()
        self._shell.wait()
        self._may_read.set()
        for thread in self._threads:
            thread.join(PATIENCE)
        for end in (self._own, self._report):
            if end >= 0:
                os.close(end)

    # --- hands

    def type(self, keys: str) -> None:
        """Type keys, as the bytes that a plain terminal sends; a lone surrogate is one byte."""
        os.write(self._own, keys.encode("utf-8", "surrogateescape"))

    def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        self._screen, self._text = Screen(width, height), None
        set_size(self._own, width, height)

    def kill(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def stop_reading(self) -> None:
        """Stop reading, as a paused terminal or a dead line does."""
        self._may_read.clear()

    def go_on_reading(self) -> None:
        """Read on from where the terminal stood still."""
        self._may_read.set()

    def close(self) -> None:
        """Close the terminal, as a window that is closed does."""
        self._may_read.set()
        own, self._own = self._own, -1
        self._threads[0].join(PATIENCE)
        os.close(own)

    # --- eyes

    def until(self, condition: Callable[[], object], patience: float = PATIENCE) -> None:
        """Wait until something is so; looked at whenever the terminal reads, and in between."""
        end = time.monotonic() + patience
        with self._news:
            while not condition():
                if time.monotonic() > end:
                    raise AssertionError(f"not so after {patience} s; the screen:\n{self.text}")
                self._news.wait(0.02)

    def shows(self, *texts: str) -> None:
        """Wait until the screen shows all of these texts."""
        self.until(lambda: (shown := self.text) and all(text in shown for text in texts))

    def hides(self, text: str) -> None:
        """Wait until the screen no longer shows a text."""
        self.until(lambda: text not in self.text)

    def ends(self, patience: float = PATIENCE) -> int:
        """Wait for the end of the program, and of what it wrote; its exit code."""
        self.until(lambda: self.status is not None, patience)
        assert self.status is not None
        read = -1
        # Output from before the end can still be in the buffer.
        while self._own >= 0 and read != len(self.output):
            read = len(self.output)
            with self._news:
                self._news.wait(0.05)
        return self.status

    @property
    def text(self) -> str:
        """Return the text of the screen; never that of a frame which is half written."""
        with self._news:
            if self._text is None or self._shown != len(self.output):
                new = bytes(self.output[self._shown :])
                begin = new.rfind(SYNC_BEGIN)
                if begin >= 0 and SYNC_END not in new[begin:]:
                    new = new[:begin]
                self._screen.feed(new)
                self._shown += len(new)
                self._text = self._screen.text
            return self._text

    @property
    def not_restored(self) -> list[str]:
        """Return the terminal's modes that the program did not restore."""
        left = Modes(bytes(self.output)).left_on
        if self._own >= 0 and modes(self._own) != self.before:
            left.append("termios")
        return left

    # --- threads

    def _read(self) -> None:
        while (own := self._own) >= 0:
            if not self._may_read.wait(0.05):
                continue
            if not select.select([own], [], [], 0.05)[0]:
                if self._shell.poll() is not None:
                    return
                continue
            try:
                chunk = os.read(own, 65536)
            except BlockingIOError:
                continue
            except OSError:
                return
            with self._news:
                self.output += chunk
                self._news.notify_all()
            if not self._synchronises and SYNC_QUERY in self.output:
                self._synchronises = True
                os.write(own, SYNC_ANSWER)

    def _wait(self) -> None:
        with open(self._report, closefd=False) as report:
            for line in report:
                with self._news:
                    if not self.pid:
                        self.pid = int(line)
                    else:
                        self.ended_at = time.monotonic()
                        self.status = _exit_code(int(line))
                    self._news.notify_all()


def _exit_code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code
