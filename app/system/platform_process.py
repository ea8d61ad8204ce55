"""Processes where POSIX and Windows differ: signals, core files and the terminal's modes."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

CLOSED_TERMINAL = 128 + 1
"""The exit code of a program whose terminal was closed, as after the signal SIGHUP."""

if sys.platform == "win32":
    ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGBREAK)
    """Signals that end a run in order; Windows sends SIGBREAK when a console window closes."""

    ENDING_SCREEN = ENDING

    def limit_core_files() -> None:
        """Do nothing: Windows writes no core files."""

    def restore_modes(terminal: int, attributes: Any, sequences: bytes) -> None:
        """Write sequences to the terminal; its modes end with the process."""
        with contextlib.suppress(OSError):
            os.write(terminal, sequences)

    def on_signal(number: int, handler: Callable[[int], object]) -> None:
        """Call a function on the running loop when a signal arrives."""
        import asyncio

        loop = asyncio.get_running_loop()

        def forward(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(handler, number)

        signal.signal(number, forward)

    def is_ignored(number: int) -> bool:
        """Return False: nothing like nohup runs a program here."""
        return False

else:
    import resource
    import termios

    ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    """Signals that end a run in order."""

    ENDING_SCREEN = (*ENDING, signal.SIGQUIT)
    """Signals that end the dashboard."""

    def limit_core_files() -> None:
        """Have this process leave no core file."""
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def restore_modes(terminal: int, attributes: Any, sequences: bytes) -> None:
        """Set the modes that a terminal had, and write sequences to it without waiting."""
        with contextlib.suppress(OSError, termios.error):
            termios.tcflush(terminal, termios.TCIOFLUSH)
            termios.tcsetattr(terminal, termios.TCSANOW, attributes)
            os.set_blocking(terminal, False)
            os.write(terminal, sequences)

    def on_signal(number: int, handler: Callable[[int], object]) -> None:
        """Call a function on the running loop when a signal arrives."""
        import asyncio

        asyncio.get_running_loop().add_signal_handler(number, handler, number)

    def is_ignored(number: int) -> bool:
        """Return whether a signal was ignored from the start, as nohup asks for."""
        return number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN
