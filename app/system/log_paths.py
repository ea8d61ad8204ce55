"""Paths of the log files of the last runs: ``logs.json`` in the state directory."""

import contextlib
from pathlib import Path

import msgspec

from app.system.errors import KisTuiError
from app.system.files import read_bounded, write_atomically

MOST = 5
"""Paths that are kept, the newest first."""


class LogPaths:
    """The paths of the log files of the last runs."""

    def __init__(self, state: Path) -> None:
        self._path = state / "logs.json"

    def load(self) -> list[Path]:
        """Return the paths, the newest first; an empty list if the file is missing or damaged."""
        try:
            found = msgspec.json.decode(read_bounded(self._path), type=list[str])
        except (OSError, KisTuiError, msgspec.MsgspecError, UnicodeError, RecursionError):
            return []
        return [Path(path) for path in found]

    def add(self, path: Path) -> None:
        """Keep a path; a disk that takes nothing costs the next bug report a log, and no more."""
        kept = list(dict.fromkeys((path.absolute(), *self.load())))[:MOST]
        with contextlib.suppress(KisTuiError):
            write_atomically(self._path, msgspec.json.encode([str(one) for one in kept]))
