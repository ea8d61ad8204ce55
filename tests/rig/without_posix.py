"""``python -m rig.without_posix WHAT [ARGUMENT...]``: the program without what only POSIX has.

WHAT is ``run`` with a command line of kis-tui, ``dashboard`` or ``lock``.  The libraries are
imported first, as they have their own ways on Windows; then the platform is called win32, modules
and functions that Windows lacks are gone, and the few that it has besides are stood in for.
"""

import asyncio
import ctypes
import os
import signal
import sys
import time
from types import ModuleType, SimpleNamespace

LACKING_MODULES = ("fcntl", "termios", "resource", "pwd", "grp", "tty", "pty", "uvloop")
LACKING_NAMES = {
    os: ("fchmod", "pread", "pwrite", "uname", "O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK"),
    signal: ("SIGHUP", "SIGQUIT", "SIGKILL"),
    time: ("clock_gettime", "CLOCK_BOOTTIME"),
}


def become_windows() -> None:
    """Take away what Windows lacks, and stand in for what it has."""
    if sys.platform == "win32":
        raise NotImplementedError
    import fcntl

    import aiohttp
    import click
    import holidays
    import platformdirs
    import textual.app
    import tomli_w
    import zstandard
    from textual.drivers.headless_driver import HeadlessDriver

    assert all((aiohttp, click, holidays, platformdirs, textual.app, tomli_w, zstandard))
    locks = ModuleType("msvcrt")
    vars(locks)["LK_NBLCK"] = 2
    # `lockf` would lose the lock with any handle of the file that this process closes.
    vars(locks)["locking"] = lambda handle, mode, size: fcntl.flock(
        handle, fcntl.LOCK_EX | fcntl.LOCK_NB
    )
    for name in LACKING_MODULES:
        vars(sys)["modules"][name] = None
    sys.modules["msvcrt"] = locks
    for module, names in LACKING_NAMES.items():
        for name in names:
            delattr(module, name)
    vars(signal)["SIGBREAK"] = signal.SIGUSR2
    vars(ctypes)["windll"] = SimpleNamespace(kernel32=_Kernel())
    setattr(textual.app.App, "get_driver_class", lambda app: HeadlessDriver)  # noqa: B010
    setattr(asyncio.SelectorEventLoop, "add_signal_handler", _lacking)  # noqa: B010
    link = os.link
    vars(os)["link"] = lambda src, dst: link(src, dst, follow_symlinks=False)
    sys.platform = "win32"


class _Kernel:
    """The functions of kernel32 that the program calls."""

    def OpenProcess(self, access: int, inherit: bool, pid: int) -> int:
        return pid if os.path.exists(f"/proc/{pid}") else 0

    def GetExitCodeProcess(self, process: int, code: object) -> int:
        ctypes.cast(code, ctypes.POINTER(ctypes.c_ulong))[0] = 259  # type: ignore[arg-type]
        return 1

    def CloseHandle(self, process: int) -> int:
        return 1

    def QueryUnbiasedInterruptTime(self, awake: object) -> int:
        value = int(time.monotonic() * 1e7)
        ctypes.cast(awake, ctypes.POINTER(ctypes.c_ulonglong))[0] = value  # type: ignore[arg-type]
        return 1

    class GetTickCount64:
        """The milliseconds since the start, called as a function."""

        restype: object = None

        def __new__(cls) -> int:  # type: ignore[misc]
            return int(time.monotonic() * 1e3)


def _lacking(*arguments: object) -> None:
    raise NotImplementedError


def run(arguments: list[str]) -> None:
    """Run a command line of the program."""
    from app.cli import main

    sys.argv = ["kis-tui", *arguments]
    main()


async def dashboard() -> None:
    """Add a code, save a layout and find it again."""
    from harness.dashboard import at, run_dashboard

    from app.storage.layout_store import LayoutStore
    from app.system.files import ProgramFolders

    async with run_dashboard(("A01612", "B01612A31")) as stage:
        await stage.add("C01612A31")
        await stage.settle_at(at(18, 1))
        assert "C01612A31" in stage.text
        await stage.press("w")
        await stage.fill_field("windows")
        await stage.press("enter")
        layout = LayoutStore(ProgramFolders.find(), stage.clock).load("windows")
        assert layout.codes == ["A01612", "B01612A31", "C01612A31"]
    print("dashboard")


def lock() -> None:
    """Hold the lock of a key, which another process then cannot."""
    from app.system.files import ProgramFolders
    from app.system.lock import hold, is_held, lock_path
    from app.system.secret import Secret

    folders, key = ProgramFolders.find(), Secret("k" * 36)
    with hold(folders, key) as left:
        assert not left
        # Another process asks: a process is given its own lock again.
        command = [sys.executable, "-m", "rig.without_posix", "ask"]
        asked = os.spawnv(os.P_WAIT, sys.executable, command)
        assert asked == 0
    assert not is_held(lock_path(folders, key))
    print("lock")


def ask() -> None:
    """Exit with 0 if the lock is held by another process."""
    from app.system.files import ProgramFolders
    from app.system.lock import is_held, lock_path
    from app.system.secret import Secret

    sys.exit(0 if is_held(lock_path(ProgramFolders.find(), Secret("k" * 36))) else 1)


if __name__ == "__main__":
    become_windows()
    what, *arguments = sys.argv[1:]
    if what == "run":
        run(arguments)
    elif what == "dashboard":
        asyncio.run(dashboard())
    else:
        {"lock": lock, "ask": ask}[what]()
