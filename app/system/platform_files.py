"""Files where POSIX and Windows differ: flags, positions, locks, names and who may read.

On Windows the profile folder's access list keeps other users out, and no link is followed into it.
"""

import os
import sys
import threading
from pathlib import Path

READABLE: int = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""Flags of every file that is opened: not for child processes, and no other line ends."""

PRIVATE: int = READABLE | getattr(os, "O_NOFOLLOW", 0)
"""Flags of the program's own files, which are no links."""

NO_WAIT: int = getattr(os, "O_NONBLOCK", 0)
"""The flag that opens a pipe without waiting for its writer."""

if sys.platform == "win32":
    import ctypes
    import msvcrt

    _LOCKED_AT = 1 << 30
    """The byte that is locked: others may not read it, so it lies behind the content."""
    _QUERY, _RUNS = 0x1000, 259
    _POSITION = threading.Lock()

    def keep_private(handle: int) -> None:
        """Do nothing: the profile folder's access list holds."""

    def read_at(handle: int, size: int, position: int) -> bytes:
        """Return up to `size` bytes from a position; reads of other threads wait."""
        with _POSITION:
            os.lseek(handle, position, os.SEEK_SET)
            return os.read(handle, size)

    def write_at(handle: int, content: bytes, position: int) -> int:
        """Write bytes at a position and return how many were."""
        with _POSITION:
            os.lseek(handle, position, os.SEEK_SET)
            return os.write(handle, content)

    def lock_file(handle: int) -> None:
        """Lock an open file for this process until it is closed.

        Raises:
            OSError: another process has the lock.
        """
        with _POSITION:
            os.lseek(handle, _LOCKED_AT, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def give_name(path: Path, name: Path) -> None:
        """Give a file a second name.

        Raises:
            FileExistsError: the name is taken.
            OSError: the disk does not know second names.
        """
        os.link(path, name)

    def is_running(pid: int) -> bool:
        """Return whether a process runs; `os.kill` with signal 0 would end it."""
        process = ctypes.windll.kernel32.OpenProcess(_QUERY, False, pid)
        if not process:
            return False
        code = ctypes.c_ulong()
        ctypes.windll.kernel32.GetExitCodeProcess(process, ctypes.byref(code))
        ctypes.windll.kernel32.CloseHandle(process)
        return code.value == _RUNS

    def sync_path(path: Path) -> None:
        """Have the disk hold a file; NTFS keeps the names in a folder in a journal.

        Raises:
            OSError: it does not.
        """
        if path.is_dir():
            return
        # Windows syncs only what is open for writing.
        handle = os.open(path, os.O_RDWR | PRIVATE)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

else:
    import fcntl

    def keep_private(handle: int) -> None:
        """Let the user alone read and write a file."""
        os.fchmod(handle, 0o600)

    def read_at(handle: int, size: int, position: int) -> bytes:
        """Return up to `size` bytes from a position."""
        return os.pread(handle, size, position)

    def write_at(handle: int, content: bytes, position: int) -> int:
        """Write bytes at a position and return how many were."""
        return os.pwrite(handle, content, position)

    def lock_file(handle: int) -> None:
        """Lock an open file for this process until it is closed.

        Raises:
            OSError: another process has the lock.
        """
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def give_name(path: Path, name: Path) -> None:
        """Give a file a second name.

        Raises:
            FileExistsError: the name is taken.
            OSError: the disk does not know second names.
        """
        os.link(path, name, follow_symlinks=False)

    def is_running(pid: int) -> bool:
        """Return whether a process runs."""
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except (OSError, OverflowError):
            return True
        return True

    def sync_path(path: Path) -> None:
        """Have the disk hold a file, or the names in a folder.

        Raises:
            OSError: it does not.
        """
        handle = os.open(path, os.O_RDONLY | PRIVATE)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
