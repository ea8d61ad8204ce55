"""Handling of unexpected failures: a report in a file, and one line for the user.

The report holds no local variables, is redacted and cleaned, and is at most 64 KiB.
"""

import contextlib
import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from app.system.clock import Clock
from app.system.errors import KisTuiError
from app.system.event_log import log_event
from app.system.files import write_atomically
from app.system.logs import LogRing
from app.system.platform_process import limit_core_files
from app.system.secret import redact
from specs.clean import clean

LARGEST = 64 * 1024
_PR_SET_DUMPABLE = 4


class CrashReports:
    """Writes reports into a folder."""

    def __init__(self, folder: Path, clock: Clock, log: LogRing | None = None) -> None:
        """`log` holds the lines that a report ends with."""
        self._folder = folder
        self._clock = clock
        self._log = log or LogRing()

    def write(self, error: BaseException) -> Path | None:
        """Report a failure; where the report lies, or none if it could not be written."""
        import platform
        import traceback
        from importlib.metadata import version

        log_event("program", "crash", level=logging.CRITICAL, error=error)
        now = self._clock.now()
        path = self._folder / f"crash-{now:%Y%m%dT%H%M%S-%f}.txt"
        lines = "".join(traceback.format_exception(error, limit=-40)).splitlines()
        text = "\n".join(clean(line, 500) for line in redact("\n".join(lines)).splitlines())
        text = "\n".join((text, "", *self._log.lines()))
        head = f"kis-tui {version('kis-tui')}, Python {platform.python_version()}, {sys.platform}\n"
        with contextlib.suppress(KisTuiError):
            write_atomically(path, f"{head}{now.isoformat()}\n{text}\n".encode()[:LARGEST])
            return path
        return None


def one_line(error: BaseException) -> str:
    """A failure in one line that is safe to show."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return clean(redact(f"{type(error).__name__}: {error}"), 200)


def no_core_dumps() -> None:
    """Keep the memory of this process, and the keys in it, out of core files."""
    limit_core_files()
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def catch_threads(report: Callable[[BaseException], None]) -> None:
    """Report what ends a thread, instead of printing it over the screen."""

    def hook(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            report(args.exc_value)

    threading.excepthook = hook


def catch_the_rest(report: Callable[[BaseException], None]) -> None:
    """Report what would end the program with a traceback on the terminal."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        report(error)

    sys.excepthook = hook
