"""The program's log: the last lines in memory always, a file if one is asked for, never a secret.

Nothing is ever logged to the terminal, which belongs to the screen.
"""

import contextlib
import logging
from collections import deque
from pathlib import Path

import msgspec

from app.system.clock import Clock, SystemClock
from app.system.errors import KisTuiError, UsageError
from app.system.event_log import LineFormatter
from app.system.files import make_folder, read_bounded, write_atomically
from app.system.os_errors import os_reason

MOST_LINES = 200


class LogRing(logging.Handler):
    """Keeps the newest lines; any thread may log, any thread may call `lines`.

    The handler's own lock guards the deque.  Lines below INFO are left out: at debug every frame is
    one, and the ring would hold a second.
    """

    def __init__(self, most: int = MOST_LINES) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[str] = deque(maxlen=most)
        self.written = 0
        """Lines since the start; it grows whenever `lines` has something new."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record's line; called with the lock held."""
        self._lines.append(self.format(record))
        self.written += 1

    def lines(self) -> tuple[str, ...]:
        """Return the lines that are kept, oldest first."""
        self.acquire()
        try:
            return tuple(self._lines)
        finally:
            self.release()


LEVELS = ("debug", "info", "warning", "error")

_formatter = LineFormatter(SystemClock())


def set_up(path: Path | None, level: str = "info") -> LogRing:
    """Log into a ring, which is returned, and from `level` on into a file if there is a path.

    Raises:
        UsageError: the file cannot be written.
    """
    logging.raiseExceptions = False
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        if handler.formatter is _formatter:
            handler.close()
    ring = LogRing()
    ring.setFormatter(_formatter)
    root.addHandler(ring)
    root.setLevel(logging.INFO)
    if path is not None:
        _log_to_file(root, path, level.upper())
    return ring


def use_clock(clock: Clock) -> None:
    """Have every line from here on carry the time of this clock."""
    _formatter.clock = clock


def _log_to_file(root: logging.Logger, path: Path, level: str) -> None:
    # Imported late: `logging.handlers` brings sockets and pickle, for nothing without a file.
    from app.system.log_file import LogFile

    try:
        make_folder(path.absolute().parent)
        handler = LogFile(path)
    except OSError as error:
        raise UsageError("files.unwritable", path=path, why=os_reason(error)) from error
    handler.setFormatter(_formatter)
    handler.setLevel(level)
    root.addHandler(handler)
    root.setLevel(min(logging.INFO, handler.level))


MOST_PATHS = 5
"""Paths that are kept, the newest first."""


class LogPaths:
    """The paths of the log files of the last runs."""

    def __init__(self, state: Path) -> None:
        self._path = state / "logs.json"

    def load(self) -> list[Path]:
        """Return the paths, the newest first; an empty list if the file is missing or damaged."""
        try:
            found = msgspec.json.decode(read_bounded(self._path), type=list[str])
        except (OSError, KisTuiError, msgspec.MsgspecError, UnicodeError, RecursionError):
            return []
        return [Path(path) for path in found]

    def add(self, path: Path) -> None:
        """Keep a path; a disk that takes nothing costs the next bug report a log, and no more."""
        kept = list(dict.fromkeys((path.absolute(), *self.load())))[:MOST_PATHS]
        with contextlib.suppress(KisTuiError):
            write_atomically(self._path, msgspec.json.encode([str(one) for one in kept]))
