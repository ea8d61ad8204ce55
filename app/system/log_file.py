"""The log on disk: a rotated file for its owner alone, written by a thread of its own.

Whoever logs only formats a line and queues it, so that a slow disk never holds up PINGPONG.
"""

import contextlib
import logging
import os
import queue
import stat
import threading
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.system.platform_files import READABLE, keep_private

LARGEST = 10 * 1024 * 1024
"""Bytes of a file from which the next one is begun."""

FILES = 5
"""The file that is written and those before it: ``.1`` to ``.4``."""

MOST_QUEUED = 10_000
"""Lines that wait for the disk; further ones are dropped, and counted in a line of their own."""

PATIENCE = 0.5
"""Seconds that the end of the program waits for the lines that are queued."""


class LogFile(logging.Handler):
    """Writes lines into a file.

    Raises:
        OSError: the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = _PrivateFile(path)
        self._dropped = 0
        self._queue: queue.Queue[str | None] = queue.Queue(MOST_QUEUED)
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue the record's line; called with the handler's lock held."""
        try:
            line = self.format(record)
            if self._dropped:
                self._queue.put_nowait(f"{line} dropped_before={self._dropped}")
            else:
                self._queue.put_nowait(line)
            self._dropped = 0
        except queue.Full:
            self._dropped += 1
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        """Write what is queued, for a second at most; called by `logging.shutdown`."""
        if self._thread.is_alive():
            try:
                self._queue.put(None, timeout=PATIENCE)
                self._thread.join(PATIENCE)
            except queue.Full:
                pass
        super().close()

    def _write(self) -> None:
        while (line := self._queue.get()) is not None:
            # A disk that takes nothing loses the line; the rotating handler swallows its error.
            self._file.emit(logging.makeLogRecord({"msg": line}))
        with contextlib.suppress(OSError):
            self._file.close()


class _PrivateFile(RotatingFileHandler):
    """A rotating file with mode 0600, which an existing file is given too."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=LARGEST, backupCount=FILES - 1, encoding="utf-8")

    def _open(self) -> TextIOWrapper:
        handle = os.open(
            self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND | READABLE, 0o600
        )
        if stat.S_ISREG(os.fstat(handle).st_mode):
            keep_private(handle)
        return TextIOWrapper(os.fdopen(handle, "ab"), encoding="utf-8", errors="backslashreplace")
