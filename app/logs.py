"""The log: a file if one is asked for, nothing otherwise, and never a secret in it.

Nothing is ever logged to the terminal, which belongs to the screen.
"""

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.errors import UsageError
from app.files import make_folder
from app.secret import redact
from app.system.os_errors import os_reason
from specs.clean import clean
from widgets.texts import t

LARGEST = 2 * 1024 * 1024
FILES = 5
LONGEST_LINE = 2000
LEVELS = ("debug", "info", "warning", "error")


class _Redacted(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        lines = redact(super().format(record)).splitlines()
        return "\n".join(clean(line, LONGEST_LINE) for line in lines)


class _Private(RotatingFileHandler):
    """A rotating file that only its owner reads."""

    def _open(self):  # type: ignore[no-untyped-def]
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(handle, self.mode, encoding="utf-8")


def set_up(path: Path | None, level: str = "info") -> None:
    """Log to a file, or to nowhere.

    Raises:
        UsageError: the file cannot be written.
    """
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers.clear()
    if path is None:
        root.addHandler(logging.NullHandler())
        return
    try:
        make_folder(path.absolute().parent)
        handler = _Private(path, maxBytes=LARGEST, backupCount=FILES - 1, delay=False)
    except OSError as error:
        raise UsageError(t("files.unwritable", path=path, why=os_reason(error))) from error
    handler.setFormatter(_Redacted("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(level.upper())
