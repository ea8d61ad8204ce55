"""Runs pytest in forked children of a process that has already imported pytest, Textual and others.

``python -m rig.fork_server`` reads one JSON request a line, ``{"folder", "arguments", "seconds"}``,
and answers each with one line: the exit code of pytest, or -1 after a time-out.  No module of the
repository is imported before the fork, so that every run sees the files as they are then.
"""

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

TIME_OUT = -1
_PRELOADED = (
    "aiohttp.web", "hypothesis.strategies", "msgspec.json",
    "pytest", "pytest_asyncio", "pytest_textual_snapshot", "rich.console", "rich.text",
    "syrupy", "textual.app", "textual.containers", "textual.pilot", "textual.screen",
    "textual.widgets", "xdist", "zstandard",
)  # fmt: skip
_POLL = 0.02


class ForkServer:
    """A server process and the pipe to it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rig.fork_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        )

    def run(self, folder: Path, arguments: Sequence[str], seconds: float) -> int:
        """Run pytest in a folder; return its exit code, or `TIME_OUT`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = {"folder": str(folder), "arguments": list(arguments), "seconds": seconds}
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End the server."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def _serve() -> None:
    for name in _PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    assert not [name for name in sys.modules if name.split(".")[0] in ("app", "specs", "widgets")]
    if sys.platform == "win32":
        raise NotImplementedError
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            _child(Path(request["folder"]), request["arguments"])
        print(_wait(child, time.monotonic() + request["seconds"]), flush=True)


def _child(folder: Path, arguments: list[str]) -> None:
    """Run pytest with this process as the leader of a session of its own; do not return."""
    if sys.platform == "win32":
        raise NotImplementedError
    code = 1
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        os.chdir(folder)
        sys.path[:] = [
            path for path in sys.path if path and Path(path) != Path(__file__).parents[1]
        ]
        sys.path[:0] = [str(folder), str(folder / "tests")]
        os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[:2])
        for name in [name for name in sys.modules if name == "rig" or name.startswith("rig.")]:
            del sys.modules[name]
        code = int(importlib.import_module("pytest").main(arguments))
    finally:
        os._exit(code)


def _wait(child: int, end: float) -> int:
    """Wait for a child and end what it started; return its exit code, or `TIME_OUT`."""
    if sys.platform == "win32":
        raise NotImplementedError
    code = None
    while code is None and time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
        else:
            time.sleep(_POLL)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if code is None:
        os.waitpid(child, 0)
        return TIME_OUT
    # A run that a signal ends has failed as well.
    return code if code >= 0 else 1


if __name__ == "__main__":
    _serve()
