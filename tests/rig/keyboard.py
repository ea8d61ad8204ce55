"""A terminal for random hands: it types much at once, and knows what the program left unread."""

import contextlib
import os
import select
import time

from rig.posix_calls import do_not_block, unread_bytes
from rig.terminal import Terminal

ANSWERS_WITHIN = 30.0
"""Seconds within which everything that was typed is handled, on a machine that others use too."""

PIECE = 1024


class Keyboard(Terminal):
    """A terminal that takes much at once, even when the program does not read."""

    def send(self, data: bytes, within: float = ANSWERS_WITHIN) -> None:
        """Type bytes.

        Raises:
            TimeoutError: the program does not read.
        """
        do_not_block(self._own)
        end = time.monotonic() + within
        while data and self.status is None:
            if time.monotonic() > end:
                raise TimeoutError
            if select.select([], [self._own], [], 0.05)[1]:
                with contextlib.suppress(BlockingIOError):
                    data = data[os.write(self._own, data[:PIECE]) :]

    def stalls(self, seconds: float, within: float) -> None:
        """Wait until the unread output has not grown for some seconds, at most `within`."""
        begun = grown = time.monotonic()
        unread = -1
        while (now := time.monotonic()) < begun + within and now < grown + seconds:
            if (waiting := unread_bytes(self._own)) != unread:
                unread, grown = waiting, now
            time.sleep(0.01)
