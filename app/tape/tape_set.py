"""The tapes of one recording: one after another, what each of them holds, and how it ended."""

import errno
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from app.feed.recording import ClosedTape
from app.system.clock import Clock
from app.system.event_log import log_event
from app.system.files import make_folder
from app.tape.backlog import Backlog
from app.tape.destination import TapeDestination
from app.tape.entry import EntryKind, Header, TapeEntry
from app.tape.gap import EndEntry, Gap
from app.tape.keyframe import KeyframeBuilder
from app.tape.syncer import Syncer
from app.tape.times import moment as moment_at
from app.tape.times import nanoseconds
from app.tape.trade_session import label_at
from app.tape.writer import TapeWriter

_NEVER = 1 << 63


class TapeSet:
    """At most one tape is written at a time; only the writer thread calls this."""

    def __init__(
        self,
        place: TapeDestination,
        clock: Clock,
        backlog: Backlog,
        heads: KeyframeBuilder,
        *,
        changed: Callable[[], None],
        make_room: Callable[[Path], int],
    ) -> None:
        self._place = place
        self._clock = clock
        self._backlog = backlog
        self._heads = heads
        self._changed = changed
        self._make_room = make_room
        self._began = 0
        self.syncer = Syncer()
        self.writer: TapeWriter | None = None
        self.until = _NEVER
        """The wall time at which the tape that is written is over."""
        self.due = False
        """Whether a keyframe comes before the next entry."""
        self.gaps: list[Gap] = []
        """The gaps to write before the next entry."""
        self.path: Path | None = None
        """The tape that is written, or was written last."""
        self.messages = 0
        """Messages in it."""
        self.begun = 0
        """Tapes so far."""
        self.closed: tuple[ClosedTape, ...] = ()
        """Those that are done with."""
        self.removed = 0
        """Old tapes that had to make room."""

    def times(self) -> tuple[int, int]:
        """Monotonic and wall time of what is written next: the first that waits, or now."""
        if self._backlog.waiting:
            _, _, seconds, ahead = self._backlog.waiting[0]
            monotonic = self._backlog.ticks(seconds)
            return monotonic, monotonic + ahead
        return self._backlog.ticks(self._clock.monotonic()), nanoseconds(self._clock.now())

    def open(self, monotonic: int, wall: int) -> TapeWriter:
        """Make the file of the next tape, whose first entry has these times.

        Raises:
            OSError: it cannot be made.
        """
        label = label_at(moment_at(wall) or self._clock.now(), self._place.schedule)
        header = Header(f"{label.trade_date}", label.session, self._place.demo, _program())
        if self._place.is_generated:
            make_folder(self._place.folder)
        for path in self._place.paths(label):
            with suppress(FileExistsError):
                writer = TapeWriter(path, header)
                break
        else:
            raise FileExistsError(errno.EEXIST, "")
        self.messages, self._began = 0, monotonic
        self.writer, self.path = writer, path
        self.begun += 1
        self.until = nanoseconds(label.until) if self._place.file is None else _NEVER
        self.syncer.add(writer)
        self.removed += self._make_room(path)
        self._changed()
        log_event("tape", "begun", path.name, session=label.session)
        return writer

    def ready(self, monotonic: int, wall: int) -> TapeWriter:
        """A writer with a segment begun that takes an entry of these times.

        Raises:
            OSError: it cannot be written.
        """
        writer = self.writer or self.open(monotonic, wall)
        if self.due or writer.is_due(monotonic):
            self.due = False
            writer.begin_segment(self._heads.pack(), monotonic, wall)
        while self.gaps:
            writer.write(
                TapeEntry(EntryKind.GAP, monotonic, wall, msgspec.json.encode(self.gaps[0]))
            )
            writer.flush()
            del self.gaps[0]
        return writer

    def close(self, why: str, *, say: bool = True) -> None:
        """Close the tape with an end entry, unless it has one or cannot be written."""
        writer, self.writer = self.writer, None
        if writer is None:
            return
        if writer.is_lost():
            why = self._miss(writer)
        if say:
            monotonic = self._backlog.ticks(self._clock.monotonic())
            wall = nanoseconds(self._clock.now())
            with suppress(OSError):
                if writer.is_due(monotonic):
                    writer.begin_segment(self._heads.pack(), monotonic, wall)
                writer.write(
                    TapeEntry(EntryKind.END, monotonic, wall, msgspec.json.encode(EndEntry(why)))
                )
                writer.flush()
        self.closed = (*self.closed, ClosedTape(writer.path.name, self.messages, why))
        log_event("tape", "ended", writer.path.name, why=why, messages=self.messages)
        self.syncer.close(writer)

    def release(self) -> bool:
        """Be done with a tape that was deleted or moved; whether it was."""
        is_lost = self.writer is not None and self.writer.is_lost()
        if is_lost:
            self.close("lost")
        return is_lost

    def _miss(self, writer: TapeWriter) -> str:
        """Have the next tape say that this one is not where it was; how that came."""
        if not writer.is_deleted():
            # All that was recorded is there, under another name.
            self.gaps.append(Gap("record.why_moved", 0.0, 0))
            return "moved"
        seconds = max(0.0, (self.times()[0] - self._began) / 1e9)
        self.gaps.append(Gap("record.why_lost", round(seconds, 3), self.messages))
        return "lost"


def _program() -> str:
    from importlib.metadata import version

    return f"kis-tui {version('kis-tui')}"
