"""One home with the program in it, the steps that it is sent, and what is found wrong with it."""

import contextlib
import json
import mmap
import os
import re
import select
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from rig.escapes import foreign
from rig.hands_walk import SPACED, UNREAD, Step
from rig.keyboard import ANSWERS_WITHIN, Keyboard
from rig.keystrokes import KITTY_ESCAPE, PASTE_END, encoded
from rig.observed import FAULT, MARK, STACKS
from rig.posix_calls import open_new_pipe

from app.portfolio.positions import Position
from app.portfolio.store import PositionStore
from app.system.clock import SystemClock
from app.system.files import ProgramFolders

OBSERVED = str(Path(__file__).with_name("observed.py"))
STARTS_WITHIN = 60.0
ENDS_WITHIN = 20.0
LOGGED_WITHIN = 3.0
STALLS_FOR, STALLS_WITHIN = 0.1, 1.0
"""Seconds without a new byte after which an unread program is held up, and the most waited."""

STACKS_WITHIN = 3.0
QUIET = 0.5
"""Seconds in which nothing is typed, before the end."""

FEW_INPUTS = 5
"""Events that Textual may make of the mouse where it rests, when something moves below it."""

MOST_GROWTH = 96.0
"""MiB that a start may come to need beyond what it needs when it is first looked at."""

OWN = re.compile(r"\x07|\x1b\]52;c;[A-Za-z0-9+/]+=*\x07")
"""The bell of a full field, and copied text for the clipboard."""

POSITIONS = (Position("A01612", 2, 1080.5), Position("B01612A31", -3, 2.75))
EXCEPTIONS = ("Traceback", " ERROR ", " CRITICAL ", " trace=")


class Setup(NamedTuple):
    """The options, the window size, and whether there are positions when a session begins."""

    options: tuple[str, ...]
    size: tuple[int, int]
    has_positions: bool = False


class Finding(Exception):
    """An outcome that no keys may have; findings of the same cause have the same `kind`."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}\n{detail}")
        self.kind = kind


def _written(path: Path) -> str:
    """Return a file's text once it is there and has stopped to grow."""
    end, text = time.monotonic() + STACKS_WITHIN, ""
    while time.monotonic() < end:
        before, text = text, path.read_text() if path.exists() else ""
        if text and text == before:
            break
        time.sleep(0.05)
    return text


class Session:
    """One start after another in the same home; use it as a context."""

    def __init__(self, setup: Setup, home: Path, fault: str = "") -> None:
        self._setup = setup
        self._home = home
        self._fault = fault
        self._pipe = home.parent / f"{home.name}.pipe"
        self._heard = b""
        self._mark = 0
        self._answered = 0
        self._inputs = 0
        self._quits = False
        self._terminal: Keyboard | None = None
        self._memory = 0.0
        self.stack = ["BoardsScreen"]
        self.keys = self.starts = 0
        self.visits: Counter[str] = Counter()
        self.answers: list[float] = []
        self.growth: list[float] = []
        """MiB by which each start came to need more."""

    def __enter__(self) -> Self:
        (self._home / "folder").mkdir()
        table = "code,quantity,average\nA01612,2,1080.5\nB01612A31,-3,2.75\n"
        (self._home / "held.csv").write_text(table)
        (self._home / "table.txt").write_text("nothing\n")
        if self._setup.has_positions:
            state = self._home / ".local" / "state" / "kis-tui"
            folders = ProgramFolders(*(state,) * 4)
            PositionStore(folders, SystemClock(), demo=True).save(POSITIONS)
        self._reports = open_new_pipe(self._pipe)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._terminal is not None:
            self._terminal.__exit__(kind, error, trace)
        os.close(self._reports)
        self._pipe.unlink()

    # --- hands

    def send(self, step: Step) -> None:
        """Send a step, starting the program first if it does not run.

        Raises:
            Finding: something is wrong.
        """
        terminal = self._terminal or self._start()
        self.keys += len(step.tokens)
        try:
            if step.how == UNREAD:
                terminal.stop_reading()
            self._type(terminal, step)
            if step.how == UNREAD:
                terminal.stalls(STALLS_FOR, STALLS_WITHIN)
        except TimeoutError:
            self._does_not_answer()
        finally:
            terminal.go_on_reading()
        if step.waits:
            self._wait()

    def _type(self, terminal: Keyboard, step: Step) -> None:
        pending = b""
        for token in step.tokens:
            if isinstance(token, str):
                pending += encoded(token)
                if step.how == SPACED:
                    terminal.send(pending)
                    pending = b""
                    time.sleep(0.02)
            else:
                terminal.send(pending)
                pending = b""
                if terminal.status is None:
                    terminal.resize(*token)
        terminal.send(pending)

    def finish(self) -> None:
        """Close all dialogs and pages, quit with ``q``, and check what is left.

        Raises:
            Finding: something is wrong.
        """
        self._wait()
        terminal = self._terminal
        if terminal is None:
            return
        terminal.resize(*self._setup.size)
        for _ in range(12):
            if self._terminal is None or self.stack == ["BoardsScreen"]:
                break
            terminal.send(encoded(PASTE_END + KITTY_ESCAPE))
            self._wait()
        if self._terminal is None:
            return
        if self.stack != ["BoardsScreen"]:
            raise Finding("Esc does not close", " > ".join(self.stack))
        self._look_at_memory(terminal)
        inputs = self._inputs
        time.sleep(QUIET)
        self._wait()
        if self._inputs > inputs + FEW_INPUTS:
            raise Finding("input goes round", f"{self._inputs - inputs} with nothing typed")
        terminal.send(b"q")
        self._ended(terminal)

    # --- eyes

    def _start(self) -> Keyboard:
        log = ["--log-file", str(self._home / "run.log")]
        command = [sys.executable, OBSERVED, str(self._pipe), *self._setup.options, *log]
        env = {FAULT: self._fault} if self._fault else {}
        self._terminal = Keyboard(command, self._home, env, self._setup.size)
        self.starts += 1
        self._quits, self.stack, self._memory = False, ["BoardsScreen"], 0.0
        end = time.monotonic() + STARTS_WITHIN
        # Until Textual reads keys, the terminal echoes them.
        while self._terminal.status is None and b"\x1b[?2004h" not in self._terminal.output:
            if time.monotonic() > end:
                raise Finding("does not start", self._terminal.text)
            time.sleep(0.05)
        self._wait()
        if self._terminal is None:
            raise Finding("ends at the start", "")
        return self._terminal

    def _wait(self) -> None:
        """Wait until the program has handled everything that was typed."""
        terminal = self._terminal
        if terminal is None:
            return
        begun, asked, closing = time.monotonic(), float("-inf"), ""
        self._mark += 1
        while self._answered < self._mark and terminal.status is None:
            now = time.monotonic()
            if now - begun > ANSWERS_WITHIN:
                self._does_not_answer()
            if now - asked > 5.0:
                # Asked again, for a paste that was begun by broken keys swallows a mark.
                asked = now
                with contextlib.suppress(TimeoutError):
                    terminal.send(encoded(f"{closing}\x1b[{self._mark};{MARK}R"), 1.0)
                closing = PASTE_END
            self._hear(0.05)
        if terminal.status is not None:
            self._hear(0.0)
            self._ended(terminal)
            return
        self.answers.append(time.monotonic() - begun)
        self.visits[f"{' > '.join(self.stack)}"] += 1
        self._look_at_memory(terminal)
        self._look_at_files()

    def _hear(self, patience: float) -> None:
        """Take the reports that came."""
        if select.select([self._reports], [], [], patience)[0]:
            self._heard += os.read(self._reports, 65536)
        *lines, self._heard = self._heard.split(b"\n")
        for line in lines:
            told = json.loads(line)
            if "mark" in told:
                self._answered, self.stack = max(self._answered, told["mark"]), told["stack"]
                self._inputs = told["inputs"]
            elif "error" in told:
                self._failed(told["error"])
            elif "busy" in told:
                self._does_not_answer(str(told["busy"]))
            elif "quit" in told:
                self._quits = True
            else:
                self.visits[f"came up: {told['screen']}"] += 1

    def _ended(self, terminal: Keyboard) -> None:
        """See that a key ended the program, and in good order; another start may follow."""
        try:
            status = terminal.ends(ENDS_WITHIN)
        except AssertionError as error:
            raise Finding("does not end", str(error)) from None
        self._hear(0.0)
        self._look_at_files()
        written = bytes(terminal.output)
        if status or not self._quits:
            raise Finding(f"ends with {status}", written[-2000:].decode("utf-8", "replace"))
        if left := terminal.not_restored:
            raise Finding("terminal not restored", str(left))
        if strange := [token for token in foreign(written) if not OWN.fullmatch(token.text)]:
            raise Finding("foreign output", str(strange[:5]))
        terminal.__exit__(None, None, None)
        self._terminal = None

    def _look_at_memory(self, terminal: Keyboard) -> None:
        with contextlib.suppress(OSError, ValueError, IndexError):
            pages = int(Path(f"/proc/{terminal.pid}/statm").read_text().split()[1])
            now = pages * mmap.PAGESIZE / 2**20
            if not self._memory:
                self._memory = now
                self.growth.append(0.0)
            self.growth[-1] = max(self.growth[-1], now - self._memory)
            if self.growth[-1] > MOST_GROWTH:
                raise Finding("memory grows", f"from {self._memory:.0f} to {now:.0f} MiB")

    def _failed(self, toast: str) -> None:
        """Raise what a toast of severity error is about; the log has it a moment later."""
        end = time.monotonic() + LOGGED_WITHIN
        while time.monotonic() < end:
            self._look_at_files()
            time.sleep(0.05)
        raise Finding(f"toast: {toast}", "")

    def _look_at_files(self) -> None:
        """See that no exception was written down."""
        if traces := self._traces():
            kinds = re.findall(r'error="?([^"]*)|^(\w+(?:Error|Exception)\b.*)', traces, re.M)
            kind = "".join(kinds[0]) if kinds else traces.strip().splitlines()[-1]
            raise Finding(f"exception: {kind[:120]}", traces.replace("\\n", "\n"))

    def _traces(self) -> str:
        """Return the exceptions in crash reports and in the log."""
        texts = [path.read_text() for path in sorted(self._home.rglob("crash-*.txt"))]
        for path in self._home.glob("run.log*"):
            lines = path.read_text(errors="replace").splitlines()
            found = [at for at, line in enumerate(lines) if any(e in line for e in EXCEPTIONS)]
            if found:
                texts.append("\n".join(lines[max(0, found[0] - 1) : found[-1] + 60]))
        return "\n".join(texts)

    def _does_not_answer(self, why: str = "") -> None:
        assert self._terminal is not None
        if sys.platform == "win32":
            raise NotImplementedError
        self._terminal.kill(signal.SIGUSR1)
        stacks = _written(self._home / STACKS)
        where = f"{' > '.join(self.stack)} {why}"
        raise Finding("does not answer", f"{where}\n{stacks}\n{self._terminal.text}")
