"""The fsync policy of a tape: once a second, on a thread of its own that a slow disk may block."""

import errno
import threading
from collections import deque
from contextlib import suppress

from app.tape.writer import TapeWriter

EVERY = 1.0


class Syncer:
    """Syncs the tape that is written, and closes those that are done with."""

    def __init__(self) -> None:
        self._current: TapeWriter | None = None
        self._done: deque[TapeWriter] = deque()
        self._synced: tuple[TapeWriter, int] | None = None
        self._wake = threading.Event()
        self._ending = False
        self._failure: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="tape sync", daemon=True)
        self._thread.start()

    def add(self, writer: TapeWriter) -> None:
        """Sync this one from now on."""
        self._current = writer

    def close(self, writer: TapeWriter) -> None:
        """Sync and close one that nobody else uses any more."""
        if self._current is writer:
            self._current = None
        self._done.append(writer)
        self._wake.set()

    def failure(self) -> OSError | None:
        """Return the result of a sync since the last call."""
        failure, self._failure = self._failure, None
        return failure

    def stop(self, patience: float) -> None:
        """Close what is to be closed, and end; not later than that many seconds."""
        self._ending = True
        self._wake.set()
        self._thread.join(patience)

    def _run(self) -> None:
        while not (self._ending and not self._done):
            self._wake.wait(EVERY)
            self._wake.clear()
            current = self._current
            if current is not None and (current, current.size) != self._synced:
                self._synced = current, current.size
                self._sync(current)
            while self._done:
                writer = self._done[0]
                # What closing adds may be lost with the power: it is no entry.
                with suppress(OSError):
                    writer.sync()
                with suppress(OSError):
                    writer.close()
                self._done.popleft()

    def _sync(self, writer: TapeWriter) -> None:
        try:
            writer.sync()
        except OSError as error:
            # A file system that knows no sync keeps what it was given as it can.
            if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
                self._failure = error
