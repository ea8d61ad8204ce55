"""The ways out: signals, and failures that nobody foresaw, all with the terminal as it was."""

import asyncio
import signal
import sys
import threading
from typing import Any

from rich.text import Text
from textual.app import App

from app.crash import CrashReports, catch_the_rest, catch_threads, one_line
from widgets.texts import t

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class Exits(App[int]):
    """An app that restores the terminal whichever way it ends."""

    reports: CrashReports | None = None

    def watch_the_exits(self) -> None:
        """Hook signals, threads and the interpreter; called once the loop runs."""
        loop = asyncio.get_running_loop()
        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:
                # Textual restores the terminal on SIGINT alone; these would leave it raw.
                loop.add_signal_handler(number, self.leave, 128 + number)
        catch_threads(self._fail_from_anywhere)
        catch_the_rest(self._fail_from_anywhere)
        loop.set_exception_handler(self._on_loop_error)

    def leave(self, code: int) -> None:
        """Leave with an exit code."""
        self.exit(code, return_code=code)

    def fail(self, error: BaseException) -> None:
        """Leave because of a failure: a report, a line about it, exit code 1."""
        path = self.reports.write(error) if self.reports is not None else None
        lines = [t("crash.ended", what=one_line(error))]
        if path is not None:
            lines.append(t("crash.report", path=path))
        self.exit(1, return_code=1, message=Text("\n".join(lines)))

    def _handle_exception(self, error: Exception) -> None:
        # A worker's failure comes wrapped; what it wraps is what happened.
        self._failure = getattr(error, "error", error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual's own report prints local variables, keys included.
        error = getattr(self, "_failure", None) or sys.exc_info()[1] or RuntimeError()
        self.fail(error)
        self._close_messages_no_wait()

    def _on_loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            self.fail(error)

    def _fail_from_anywhere(self, error: BaseException) -> None:
        if threading.current_thread() is threading.main_thread():
            self.fail(error)
        else:
            self.call_from_thread(self.fail, error)
