"""The ways out: signals, and failures that nobody foresaw, all with the terminal as it was."""

import asyncio
import contextlib
import errno
import logging
import os
import signal
import sys
import termios
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, ClassVar, ParamSpec, TypeVar

from rich.text import Text
from textual.driver import Driver

from app.screens.textual_compat import SafeApp
from app.system.clock import SystemClock
from app.system.contained_errors import ContainedErrors, error_id
from app.system.crash import CrashReports, catch_the_rest, catch_threads, one_line
from app.system.event_log import log_event
from specs.item_errors import listen_to_item_errors, stop_listening
from widgets.texts import t

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
PATIENCE = 1.5
"""Seconds that a signal leaves the screen to end by itself; one that is stalled never does."""

# Alternate screen, mouse, paste and keyboard modes off, cursor shown.
_RESTORED = b"\x1b[<u\x1b[?2004l\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?1049l\x1b[?25h"


P = ParamSpec("P")
Result = TypeVar("Result")


class Exits(SafeApp):
    """An app that restores the terminal whichever way it ends."""

    reports: CrashReports | None = None

    contains_errors: ClassVar[bool] = True
    """Whether the dashboard goes on after an unexpected error; tests do not."""

    def __init__(self) -> None:
        super().__init__()
        self.contained_errors = ContainedErrors(SystemClock().monotonic)
        self.fatal_error: BaseException | None = None
        """An error that ends the dashboard wherever it is caught."""
        self._failed = False

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
        listen_to_item_errors(self._on_item_error)

    def on_unmount(self) -> None:
        stop_listening(self._on_item_error)

    def release_resources(self) -> None:
        """Called before the process is ended by force: give back what others wait for."""

    def leave(self, code: int) -> None:
        """Leave with an exit code."""
        self.exit(code, return_code=code)

    def is_fatal(self, error: BaseException) -> bool:
        """Return whether an error must end the dashboard."""
        is_general = isinstance(error, Exception) and not _is_terminal_gone(error)
        return error is self.fatal_error or not is_general

    def contain(self, error: BaseException) -> bool:
        """Show and log an error and return whether the dashboard goes on after it.

        The third different one within a minute ends it; those of one beat count as one.
        """
        if self._failed:
            return True
        if not self.contains_errors or not self.is_shown or self.is_fatal(error):
            return False
        if self.is_in_closed_screen:
            # Nobody sees that screen any more, and its parts may be gone already.
            log_event("screen", "exception", error_id(error), level=logging.DEBUG, error=error)
            return True
        if self.is_ending:
            return False
        occurred = self.contained_errors.note(error)
        if occurred.shows:
            trace = error if occurred.is_first else None
            log_event(
                "screen", "exception", occurred.id,
                level=logging.ERROR, error=trace, count=occurred.occurrences,
            )  # fmt: skip
        if occurred.is_too_much:
            self.fail(error)
        else:
            if occurred.shows:
                text = t("error.contained", id=occurred.id)
                self.notify(text, severity="error", timeout=8, markup=False)
            self.abandon_broken_screen(error)
        return True

    def attempt(
        self, action: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
    ) -> Result | None:
        """Call a function whose failure leaves others to do their part; None if it failed."""
        try:
            return action(*args, **kwargs)
        except Exception as error:
            if not self.contain(error):
                raise
            return None

    def fail(self, error: BaseException) -> None:
        """Leave because of a failure: a report, a line about it, exit code 1."""
        self._failed = True
        if _is_terminal_gone(error):
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
        self.release_resources()
        log_event("program", "exit", code, forced=True)
        # What the log's thread has not written yet would be lost.
        logging.shutdown()
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

    def _fatal_error(self) -> None:
        # Textual's own report prints local variables, keys included.
        error = getattr(self, "failure", None) or sys.exc_info()[1] or RuntimeError()
        self.fail(error)
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        with contextlib.suppress(OSError):
            super()._print_error_renderables()

    def _on_loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException) and not self.contain(error):
            self.fail(error)

    def _on_item_error(self, error: Exception) -> None:
        if not self.contain(error):
            raise error

    def _fail_from_anywhere(self, error: BaseException) -> None:
        if threading.current_thread() is threading.main_thread():
            self.fail(error)
        else:
            self.call_from_thread(self.fail, error)


def _is_terminal_gone(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno == errno.EIO
