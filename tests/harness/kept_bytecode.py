"""Keeps compiled modules between runs, where Python is told to write none into the tree.

All tests and all programs that they start would be compiled anew in every run, by each worker:
a tenth of the suite's processor time.  Import this module before the others.
"""

import os
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".pytest_cache" / "bytecode"


def keep_bytecode() -> None:
    """Have this process and those that it starts write bytecode to `FOLDER`, if to none yet."""
    if sys.dont_write_bytecode:
        sys.dont_write_bytecode = False
        sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(FOLDER)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


keep_bytecode()
