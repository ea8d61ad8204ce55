"""The exits: signals and failures from any thread, all with the terminal as it was before."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Protocol

from app.system.crash import catch_the_rest, catch_threads
from app.system.event_log import log_event
from app.system.os_errors import is_terminal_gone
from app.system.platform_process import CLOSED_TERMINAL, ENDING_SCREEN, restore_modes
from specs.item_errors import listen_to_item_errors

PATIENCE = 1.5
"""Seconds in which the screen may end by itself after a signal; a stalled one never does."""

_REPORT_PATIENCE = 5.0
"""Seconds in which it may end after a failure, which is reported first."""

# Alternate screen, mouse, paste and keyboard modes off, cursor shown.
_RESTORED = b"\x1b[<u\x1b[?2004l\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?1049l\x1b[?25h"


class LeavingApp(Protocol):
    """The part of the app that the exits use."""

    @property
    def terminal(self) -> tuple[int | None, Any]: ...
    def leave(self, code: int) -> None: ...
    def fail(self, error: BaseException) -> None: ...
    def contain(self, error: BaseException) -> bool: ...
    def release_resources(self) -> None: ...
    def call_from_anywhere(self, action: Callable[..., None], *args: object) -> None: ...


class Exits:
    """Ends an app on a signal or on a failure outside its handlers, and restores the terminal."""

    def __init__(self, app: LeavingApp) -> None:
        self._app = app

    def install(self) -> None:
        """Hook signals, threads and the interpreter; to be called once the loop runs."""
        loop = asyncio.get_running_loop()
        if threading.current_thread() is threading.main_thread():
            # A loop's own handlers would wait for a screen that waits for its terminal.
            for number in ENDING_SCREEN:
                signal.signal(number, self._on_signal)
        catch_threads(self._fail_from_anywhere)
        catch_the_rest(self._fail_from_anywhere)
        loop.set_exception_handler(self._on_loop_error)
        listen_to_item_errors(self.on_item_error)

    def on_item_error(self, error: Exception) -> None:
        """Contain an error of one item of many.

        Raises:
            Exception: the error, if the app does not go on after it.
        """
        if not self._app.contain(error):
            raise error

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        code = 128 + number
        self._app.call_from_anywhere(self._app.leave, code)
        self._leave_by_force_later(code, PATIENCE)

    def _leave_by_force_later(self, code: int, patience: float) -> None:
        by_force = threading.Timer(patience, self._leave_by_force, (code,))
        by_force.daemon = True
        by_force.start()

    def _leave_by_force(self, code: int) -> None:
        self._app.release_resources()
        log_event("program", "exit", code, forced=True)
        # Lines that the log's thread has not written yet would be lost.
        logging.shutdown()
        terminal, attributes = self._app.terminal
        if terminal is not None and attributes is not None:
            restore_modes(terminal, attributes, _RESTORED)
        os._exit(code)

    def _on_loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException) and not self._app.contain(error):
            self._app.fail(error)

    def _fail_from_anywhere(self, error: BaseException) -> None:
        if threading.current_thread() is threading.main_thread():
            self._app.fail(error)
            return
        # Not awaited: the loop's end joins the terminal's threads, this one among them.
        self._app.call_from_anywhere(self._app.fail, error)
        if is_terminal_gone(error):
            self._leave_by_force_later(CLOSED_TERMINAL, PATIENCE)
        else:
            self._leave_by_force_later(1, _REPORT_PATIENCE)
