"""The ways out: signals, and failures that nobody foresaw, all with the terminal as it was."""

import asyncio
import contextlib
import errno
import os
import signal
import sys
import termios
import threading
from types import FrameType
from typing import Any

from rich.text import Text
from textual.driver import Driver

from app.crash import CrashReports, catch_the_rest, catch_threads, one_line
from app.screens.textual_compat import SafeApp
from widgets.texts import t

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
PATIENCE = 1.5
"""Seconds that a signal leaves the screen to end by itself; one that is stalled never does."""

# Alternate screen, mouse, paste and keyboard modes off, cursor shown.
_RESTORED = b"\x1b[<u\x1b[?2004l\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?1049l\x1b[?25h"


class Exits(SafeApp):
    """An app that restores the terminal whichever way it ends."""

    reports: CrashReports | None = None

    def get_driver_class(self) -> type[Driver]:
        if sys.platform == "win32":
            return super().get_driver_class()
        from app.screens.terminal_driver import TerminalDriver

        return TerminalDriver

    def watch_the_exits(self) -> None:
        """Hook signals, threads and the interpreter; called once the loop runs."""
        loop = asyncio.get_running_loop()
        if threading.current_thread() is threading.main_thread():
            # A loop's own handlers would wait for a screen that waits for its terminal.
            for number in SIGNALS:
                signal.signal(number, self._on_signal)
        catch_threads(self._fail_from_anywhere)
        catch_the_rest(self._fail_from_anywhere)
        loop.set_exception_handler(self._on_loop_error)

    def let_go(self) -> None:
        """Called before the process is ended by force: give back what others wait for."""

    def leave(self, code: int) -> None:
        """Leave with an exit code."""
        self.exit(code, return_code=code)

    def fail(self, error: BaseException) -> None:
        """Leave because of a failure: a report, a line about it, exit code 1."""
        if isinstance(error, OSError) and error.errno == errno.EIO:
            # The terminal is gone, and with it whoever could read about it.
            self.leave(128 + signal.SIGHUP)
            return
        path = self.reports.write(error) if self.reports is not None else None
        lines = [t("crash.ended", what=one_line(error))]
        if path is not None:
            lines.append(t("crash.report", path=path))
        told = Text("\n".join(lines), no_wrap=True, overflow="ignore")
        self.exit(1, return_code=1, message=told)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        code = 128 + number
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.leave, code)
        by_force = threading.Timer(PATIENCE, self._leave_by_force, (code,))
        by_force.daemon = True
        by_force.start()

    def _leave_by_force(self, code: int) -> None:
        self.let_go()
        driver = self._driver
        attributes = getattr(driver, "attrs_before", None)
        terminal = getattr(driver, "fileno", None)
        if terminal is not None and attributes is not None:
            with contextlib.suppress(OSError, termios.error):
                termios.tcflush(terminal, termios.TCIOFLUSH)
                termios.tcsetattr(terminal, termios.TCSANOW, attributes)
                os.set_blocking(terminal, False)
                os.write(terminal, _RESTORED)
        os._exit(code)

    def _handle_exception(self, error: Exception) -> None:
        # A worker's failure comes wrapped; what it wraps is what happened.
        self._failure = getattr(error, "error", error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual's own report prints local variables, keys included.
        error = getattr(self, "_failure", None) or sys.exc_info()[1] or RuntimeError()
        self.fail(error)
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        with contextlib.suppress(OSError):
            super()._print_error_renderables()

    def _on_loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            self.fail(error)

    def _fail_from_anywhere(self, error: BaseException) -> None:
        if threading.current_thread() is threading.main_thread():
            self.fail(error)
        else:
            self.call_from_thread(self.fail, error)
