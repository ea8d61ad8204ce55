"""The last lines of the log, kept in memory for the screen and for reports."""

import logging
from collections import deque

MOST_LINES = 200


class LogRing(logging.Handler):
    """Keeps the newest lines; any thread may log, any thread may call `lines`.

    The handler's own lock guards the deque.  Lines below INFO are left out: at debug every frame is
    one, and the ring would hold a second.
    """

    def __init__(self, most: int = MOST_LINES) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[str] = deque(maxlen=most)
        self.written = 0
        """Lines since the start; it grows whenever `lines` has something new."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record's line; called with the lock held."""
        self._lines.append(self.format(record))
        self.written += 1

    def lines(self) -> tuple[str, ...]:
        """Return the lines that are kept, oldest first."""
        self.acquire()
        try:
            return tuple(self._lines)
        finally:
            self.release()
