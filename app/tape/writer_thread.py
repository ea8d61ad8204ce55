"""The thread that writes a recording, so that a slow disk delays no other thread.

It gathers for a moment what the feed's thread hands over, then drains it.  While the disk takes
nothing that waits; the next try begins a segment, or a file, that says why there was none.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress

from app.feed.recording import Recording
from app.system.clock import Clock
from app.system.event_log import log_event, seconds
from app.system.os_errors import FAILED, FULL, os_error_key
from app.tape.backlog import Backlog, StateNote
from app.tape.entry import EntryKind, TapeEntry
from app.tape.gap import Gap
from app.tape.keyframe import KeyframeBuilder
from app.tape.mask import masked
from app.tape.tape_set import TapeSet
from app.tape.times import nanoseconds

GATHER = 0.08
"""Seconds that messages are gathered before they are written, all in one write.

With the time to write them a process that is killed loses less than 0.1 s.
"""

FLUSH_ENTRIES = 1024
"""Entries after which a write is due, of a backlog that is longer than a beat."""

LOOK = 1.0
"""Seconds between two looks at file and calendar."""

RETRY = 5.0

# Cached: each access to an enumeration member costs a lookup.
_FRAME, _BINARY, _END = EntryKind.FRAME, EntryKind.BINARY, EntryKind.END


class WriterThread:
    """One recording from its beginning to its end: one tape after another."""

    def __init__(
        self,
        series: TapeSet,
        clock: Clock,
        backlog: Backlog,
        heads: KeyframeBuilder,
        *,
        changed: Callable[[], None],
        retry: float = RETRY,
    ) -> None:
        self._clock = clock
        self._backlog = backlog
        self._changed = changed
        self._retry = retry
        self._heads = heads
        self._series = series
        self._trouble = ""
        self._troubled_at = 0.0
        self._retry_at = 0.0
        self._looked_at = 0.0
        self._unflushed: list[TapeEntry] = []
        """The first entries of the backlog, which the writer has and the file has not."""
        self._over = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tape", daemon=True)

    # --- for other threads

    def open(self) -> None:
        """Make the file at once; before `start` only.

        Raises:
            OSError: it cannot be made.
        """
        self._series.open(*self._series.times())

    def start(self) -> None:
        """Write what waits."""
        self._thread.start()

    def close(self, patience: float) -> None:
        """End when everything that waits is written; wait so many seconds for that at the most."""
        self._closing.set()
        if patience and self._thread.is_alive():
            self._thread.join(patience)

    @property
    def recording(self) -> Recording:
        """The state of the recording."""
        series = self._series
        # In this order: a tape that was begun has a name, and the one before it an end.
        begun, closed, writer, path = series.begun, series.closed, series.writer, series.path
        return Recording(
            not self._over,
            path.name if path is not None else "",
            series.messages,
            writer.size if writer is not None else 0,
            self._backlog.dropped,
            self._trouble,
            series.removed,
            begun,
            closed,
        )

    # --- its own

    def _run(self) -> None:
        try:
            self._trying(self._begin)
            while not self._closing.is_set():
                self._backlog.wait(LOOK)
                self._closing.wait(GATHER)
                self._backlog.settle()
                self._trying(self._drain)
                self._trying(self._look)
            self._trying(self._drain)
        finally:
            self._backlog.dropped += len(self._backlog.waiting)
            self._series.close("asked", say=False)
            self._over = True
            self._changed()
            self._series.syncer.stop(LOOK)

    def _trying(self, work: Callable[[], None]) -> None:
        """Do a part of the work, if the time for it has come; a disk's fault puts it off."""
        waits = self._clock.monotonic() < self._retry_at
        if self._trouble and waits and not self._closing.is_set():
            return
        try:
            work()
        except OSError as error:
            self._halt(os_error_key(error))
        except Exception as error:
            # On any error: the screen must not wait for the recording.
            log_event("tape", "failed", level=logging.ERROR, error=error)
            # The entry at fault is the first that waits once those before it are in the file.
            with suppress(OSError):
                self._flush()
            if self._backlog.waiting:
                self._backlog.drop_first()
                self._backlog.dropped += 1
                self._series.gaps.append(Gap(FAILED, 0.0, 1))
            self._halt(FAILED)

    def _begin(self) -> None:
        if self._series.writer is None:
            self._series.open(*self._series.times())

    def _drain(self) -> None:
        if self._trouble:
            self._resume()
        backlog, series, unflushed = self._backlog, self._series, self._unflushed
        waiting, ticks = backlog.waiting, backlog.ticks
        while len(waiting) > len(unflushed):
            kind, message, monotonic, ahead = waiting[len(unflushed)]
            if isinstance(message, StateNote):
                self._flush()
                message.apply(self._heads)
                series.due = series.due or message.at_once
                backlog.drop_first()
                continue
            moment = ticks(monotonic)
            wall = moment + ahead
            writer = series.writer
            if wall >= series.until and kind is not _END:
                self._flush()
                series.close("session")
                writer = None
            if writer is None or series.due or series.gaps or writer.is_due(moment):
                self._flush()
                writer = series.ready(moment, wall)
            entry = TapeEntry(kind, moment, wall, masked(kind, message))
            writer.write(entry)
            unflushed.append(entry)
            if len(unflushed) >= FLUSH_ENTRIES:
                self._flush()
        self._flush()

    def _flush(self) -> None:
        """Write the entries to the file, and only then take them off the backlog.

        Raises:
            OSError: they cannot be written; they wait as before.
        """
        entries, series = self._unflushed, self._series
        if not entries or series.writer is None:
            return
        series.writer.flush()
        for entry in entries:
            self._backlog.drop_first()
            series.messages += entry.kind is _FRAME or entry.kind is _BINARY
        for entry in entries:
            self._heads.apply(entry)
        entries.clear()

    def _look(self) -> None:
        """See to the file and the calendar, once a second."""
        now, wall = self._clock.monotonic(), nanoseconds(self._clock.now())
        if self._trouble or now - self._looked_at < LOOK or self._closing.is_set():
            return
        self._looked_at = now
        series = self._series
        if (failure := series.syncer.failure()) is not None:
            raise failure
        if series.release():
            series.ready(*series.times())
        elif wall >= series.until and not self._backlog.waiting:
            series.close("session")
            series.open(*series.times())

    # --- where the disk is at fault

    def _halt(self, why: str) -> None:
        """Nothing can be written: wait, and go on then."""
        self._unflushed.clear()
        now = self._clock.monotonic()
        if not self._trouble:
            self._troubled_at = now
        if why != FULL:
            # Try another file, whatever the error.
            self._series.close("trouble", say=False)
        self._retry_at = now + self._retry
        if why != self._trouble:
            self._trouble = self._backlog.trouble = why
            word = why.removeprefix("record.why_")
            log_event("tape", "halted", word, level=logging.WARNING)
            self._changed()

    def _resume(self) -> None:
        """Start a segment, or another file, with an entry about the gap before it."""
        self._series.release()
        waited = self._backlog.ticks(self._clock.monotonic() - self._troubled_at) / 1e9
        # Before what waited, none of which is missing.
        self._series.gaps.append(Gap(self._trouble, round(waited, 3), 0))
        try:
            self._series.ready(*self._series.times())
        except BaseException:
            # The next try says for how long it was by then.
            self._series.gaps.pop()
            raise
        log_event("tape", "resumed", after=seconds(waited), dropped=self._backlog.dropped)
        self._trouble = self._backlog.trouble = ""
        self._changed()
