"""The thread that writes a recording, an entry a write, and lets no disk hold up anybody else.

It gathers for a moment what the feed's thread hands over, then drains it.  While the disk takes
nothing that waits; the next try begins a segment, or a file, that says why there was none.
"""

import errno
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from app.clock import Clock
from app.tape import faults
from app.tape.backlog import Backlog, Note, ticks
from app.tape.entry import Entry, Header, Kind
from app.tape.gap import Ending, Gap
from app.tape.keyframe import Heads
from app.tape.label import label_at
from app.tape.mask import masked
from app.tape.place import TapePlace
from app.tape.recording import Recording
from app.tape.syncer import Syncer
from app.tape.times import moment as moment_at
from app.tape.times import nanoseconds
from app.tape.writer import TapeWriter

GATHER = 0.04
"""Seconds that messages are gathered before they are written."""

LOOK = 1.0
"""Seconds between two looks at file and calendar."""

RETRY = 5.0

_NEVER = 1 << 63
_END = Kind.END
_log = logging.getLogger(__name__)


class Scribe:
    """One recording from its beginning to its end: one tape after another."""

    def __init__(
        self,
        place: TapePlace,
        clock: Clock,
        backlog: Backlog,
        heads: Heads,
        *,
        changed: Callable[[], None],
        make_room: Callable[[Path], int],
        retry: float = RETRY,
    ) -> None:
        self._place = place
        self._clock = clock
        self._backlog = backlog
        self._heads = heads
        self._changed = changed
        self._make_room = make_room
        self._retry = retry
        self._written = 0
        self._removed = 0
        self._path: Path | None = None
        self._writer: TapeWriter | None = None
        self._until = _NEVER
        self._trouble = ""
        self._troubled_at = 0.0
        self._retry_at = 0.0
        self._looked_at = 0.0
        self._gap: Gap | None = None
        self._due = False
        self._over = False
        self._closing = threading.Event()
        self._syncer = Syncer()
        self._thread = threading.Thread(target=self._run, name="tape", daemon=True)

    # --- for other threads

    def open(self) -> None:
        """Make the file at once; before `start` only.

        Raises:
            OSError: it cannot be made.
        """
        self._open(nanoseconds(self._clock.now()))

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
        """How it stands."""
        writer, path = self._writer, self._path
        return Recording(
            not self._over,
            path.name if path is not None else "",
            self._written,
            writer.size if writer is not None else 0,
            self._backlog.dropped,
            self._trouble,
            self._removed,
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
            self._close("")
            self._over = True
            self._changed()
            self._syncer.end(LOOK)

    def _trying(self, work: Callable[[], None]) -> None:
        """Do a part of the work, if the time for it has come; a disk's fault puts it off."""
        waits = self._clock.monotonic() < self._retry_at
        if self._trouble and waits and not self._closing.is_set():
            return
        try:
            work()
        except OSError as error:
            self._halt(faults.why(error))
        except Exception:
            # Whatever it is, what is on the screen does not wait for its recording.
            _log.exception("recording")
            if self._backlog.waiting:
                self._backlog.drop_first()
                self._backlog.dropped += 1
            self._halt(faults.FAILED)

    def _begin(self) -> None:
        if self._writer is None:
            self._open(nanoseconds(self._clock.now()))

    def _drain(self) -> None:
        if self._trouble:
            self._resume()
        backlog, hear = self._backlog, self._heads.hear
        waiting = backlog.waiting
        while waiting:
            kind, message, monotonic, ahead = waiting[0]
            if isinstance(message, Note):
                message.tell(self._heads)
                self._due = self._due or message.at_once
            else:
                moment = ticks(monotonic)
                wall = moment + ahead
                writer = self._writer
                if wall >= self._until and kind is not _END:
                    self._close("session")
                    writer = None
                if writer is None or self._due or self._gap or writer.is_due(moment):
                    writer = self._ready(moment, wall)
                entry = Entry(kind, moment, wall, masked(kind, message))
                writer.write(entry)
                hear(entry)
                self._written += kind is not _END
            backlog.drop_first()

    def _ready(self, monotonic: int, wall: int) -> TapeWriter:
        """A writer with a segment begun that takes an entry of these times."""
        writer = self._writer or self._open(wall)
        if self._due or writer.is_due(monotonic):
            self._due = False
            writer.begin(self._heads.pack(), monotonic, wall)
        if self._gap is not None:
            writer.write(Entry(Kind.GAP, monotonic, wall, msgspec.json.encode(self._gap)))
            self._gap = None
        return writer

    def _open(self, wall: int) -> TapeWriter:
        label = label_at(moment_at(wall) or self._clock.now())
        header = Header(f"{label.trade_date}", label.session, self._place.demo, _program())
        for path in self._place.paths(label):
            with suppress(FileExistsError):
                writer = TapeWriter(path, header)
                break
        else:
            raise FileExistsError(errno.EEXIST, "")
        self._writer, self._path = writer, path
        self._until = nanoseconds(label.until) if self._place.file is None else _NEVER
        self._syncer.keep(writer)
        self._removed += self._make_room(path)
        self._changed()
        return writer

    def _close(self, why: str) -> None:
        """Be done with the file, in good order where there is a reason."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        if why:
            times = ticks(self._clock.monotonic()), nanoseconds(self._clock.now())
            with suppress(OSError):
                if writer.is_due(times[0]):
                    writer.begin(self._heads.pack(), *times)
                writer.write(Entry(Kind.END, *times, msgspec.json.encode(Ending(why))))
        self._syncer.close(writer)

    def _look(self) -> None:
        """See to the file and the calendar, once a second."""
        now, wall = self._clock.monotonic(), nanoseconds(self._clock.now())
        if self._trouble or now - self._looked_at < LOOK or self._closing.is_set():
            return
        self._looked_at = now
        if (failure := self._syncer.failure()) is not None:
            raise failure
        if self._writer is not None and self._writer.is_lost():
            self._close("lost")
            self._gap = Gap("record.why_lost")
            self._open(wall)
        elif wall >= self._until and not self._backlog.waiting:
            self._close("session")
            self._open(wall)

    # --- where the disk is at fault

    def _halt(self, why: str) -> None:
        """Nothing can be written: wait, and go on then."""
        now = self._clock.monotonic()
        if not self._trouble:
            self._troubled_at = now
        if why != faults.FULL:
            # Whatever has become of it, another file may fare better.
            self._close("")
        self._retry_at = now + self._retry
        if why != self._trouble:
            self._trouble = self._backlog.trouble = why
            self._changed()

    def _resume(self) -> None:
        """Begin a segment, or another file, with a word about why there was none."""
        now = self._clock.monotonic()
        monotonic, wall = ticks(now), nanoseconds(self._clock.now())
        if self._backlog.waiting:
            # What waited comes after this.
            _, _, seconds, ahead = self._backlog.waiting[0]
            monotonic = ticks(seconds)
            wall = monotonic + ahead
        if self._writer is not None and self._writer.is_lost():
            self._close("")
        self._gap = Gap(self._trouble, round(now - self._troubled_at, 3), 0)
        self._ready(monotonic, wall)
        self._trouble = self._backlog.trouble = ""
        self._changed()


def _program() -> str:
    from importlib.metadata import version

    return f"kis-tui {version('kis-tui')}"
