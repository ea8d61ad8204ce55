"""Standard output and standard error in UTF-8, with errors that name what failed.

The encoding does not follow the locale or ``PYTHONIOENCODING``: contract names are Korean.
"""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from app.system.errors import KisTuiError
from app.system.os_errors import os_reason
from app.system.platform_process import CLOSED_TERMINAL

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class OutputError(KisTuiError):
    """Standard output does not accept what is written."""

    def __init__(self, error: OSError, *, terminal: bool) -> None:
        super().__init__("cli.output_failed", why=os_reason(error))
        if terminal and error.errno == errno.EIO:
            # The terminal was closed: exit as on the signal that says so.
            self.exit_code = CLOSED_TERMINAL


class _Output(io.RawIOBase):
    """A file descriptor; a failed write raises, or is ignored where `strict` is false.

    Raises:
        BrokenPipeError: the reader of a pipe has left; without an errno, because click exits
            with 1 on EPIPE.
        OutputError: any other failure.
    """

    def __init__(self, descriptor: int, *, strict: bool) -> None:
        self._descriptor = descriptor
        self.strict = strict
        # Asked now: a terminal that was closed no longer answers that it is one.
        self._is_terminal = os.isatty(descriptor)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return os.write(self._descriptor, data)
        except BrokenPipeError:
            if self.strict:
                raise BrokenPipeError from None
        except OSError as error:
            if self.strict:
                raise OutputError(error, terminal=self._is_terminal) from error
        return memoryview(data).nbytes


@contextmanager
def standard_streams() -> Iterator[None]:
    """Replace `sys.stdout` and `sys.stderr` and restore them afterwards.

    Standard output raises when a write fails; standard error ignores it, because progress and
    warnings must not end a recording whose terminal is gone.  The terminal driver of the
    dashboard writes to the original streams, which become UTF-8 too.
    """
    for descriptor in range(3):
        with suppress(OSError):
            os.fstat(descriptor)
            continue
        # Otherwise the next file to be opened gets this number, and what is printed.
        os.open(os.devnull, os.O_RDONLY)
    before = sys.stdout, sys.stderr
    for stream in (sys.__stdout__, sys.__stderr__):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    output = _Output(1, strict=True)
    sys.stdout = _text(output)
    sys.stderr = _text(_Output(2, strict=False), line_buffering=True)
    try:
        yield
    finally:
        # The rest of a failed write in the buffer must not fail again.
        output.strict = False
        for stream in (sys.stdout, sys.stderr):
            with suppress(ValueError):
                stream.flush()
        sys.stdout, sys.stderr = before


def _text(raw: _Output, *, line_buffering: bool = False) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding="utf-8",
        errors="replace" if raw.strict else "backslashreplace",
        line_buffering=line_buffering or raw.isatty(),
    )
