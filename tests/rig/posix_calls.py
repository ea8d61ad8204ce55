"""Calls on terminals, pipes and processes that only POSIX has, with the modules of POSIX.

They stand in `else` branches, which mypy leaves out for Windows together with those imports.
"""

import os
import signal
import sys
from pathlib import Path

if sys.platform != "win32":
    import fcntl
    import struct
    import termios


def open_pair() -> tuple[int, int]:
    """Open a pseudo-terminal and return its two ends: ours, and the program's."""
    if sys.platform == "win32":
        raise NotImplementedError
    else:
        return os.openpty()


def set_size(end: int, width: int, height: int) -> None:
    """Set the columns and rows of a terminal."""
    if sys.platform == "win32":
        raise NotImplementedError
    else:
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))


def modes(end: int) -> list[object]:
    """Return the modes of a terminal, to be compared."""
    if sys.platform == "win32":
        raise NotImplementedError
    else:
        return list(termios.tcgetattr(end))


def unread_bytes(end: int) -> int:
    """Return how much the other end wrote that has not been read."""
    if sys.platform == "win32":
        raise NotImplementedError
    else:
        return int.from_bytes(fcntl.ioctl(end, termios.FIONREAD, bytes(4)), sys.byteorder)


def do_not_block(end: int) -> None:
    """Have reads and writes of an end raise instead of wait."""
    if sys.platform == "win32":
        raise NotImplementedError
    else:
        os.set_blocking(end, False)


def open_new_pipe(path: Path) -> int:
    """Make a named pipe and open it for both ends, so that it never ends between two writers."""
    if sys.platform == "win32":
        raise NotImplementedError
    else:
        os.mkfifo(path)
        return os.open(path, os.O_RDWR | os.O_NONBLOCK)


def kill_process(pid: int) -> None:
    """End a process without asking it."""
    if sys.platform == "win32":
        raise NotImplementedError
    else:
        os.kill(pid, signal.SIGKILL)
