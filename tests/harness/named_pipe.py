"""A named pipe where a file is expected; Windows has none in folders, so the test is skipped."""

import os
import sys
from pathlib import Path

import pytest


def make_named_pipe(path: Path) -> None:
    """Make a named pipe, or skip the test on Windows."""
    if sys.platform == "win32":
        pytest.skip("named pipes in folders are POSIX")
    os.mkfifo(path)
