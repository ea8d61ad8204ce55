"""The recorder: writes the feed's messages and steps to tapes while it is on.

The feed's thread calls it for every message; it hands over to a thread of its own and returns.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.feed.link_step import LinkStep
from app.feed.recording import Recording
from app.system.clock import Clock, SystemClock
from app.system.errors import UsageError
from app.system.os_errors import os_reason
from app.tape.backlog import MOST, Backlog, StateNote
from app.tape.destination import TapeDestination
from app.tape.entry import EntryKind
from app.tape.gap import EndEntry
from app.tape.retention import Retention, make_room
from specs.user_message import UserMessage

if TYPE_CHECKING:
    from app.tape.writer_thread import WriterThread

RETRY = 5.0
"""Seconds until what could not be written is tried again."""

PATIENCE = 2.0
"""Seconds that the end of a recording may take."""


# Cached: each access to an enumeration member costs a lookup.
_FRAME = EntryKind.FRAME


class Recorder:
    """Records while it is on; all but `recording` are for one thread at a time.

    A demo's clock has a `speed`: seconds of wall time in one of its monotonic ones.
    """

    def __init__(
        self,
        place: TapeDestination,
        clock: Clock,
        keep: Retention | None = None,
        *,
        retry: float = RETRY,
        most: int = MOST,
        speed: float = 1.0,
    ) -> None:
        self.place = place
        self.changed: Callable[[], None] = lambda: None
        """Called from another thread when `recording` changes."""
        self._clock = clock
        self._keep = keep or Retention()
        self._retry = retry
        self._most = most
        self._speed = speed
        self._backlog: Backlog | None = None
        self._writer_thread: WriterThread | None = None
        self._step: LinkStep | None = None
        self._names: dict[str, str] = {}
        self._missed: Mapping[str, float] = {}

    @property
    def recording(self) -> Recording:
        """The state of the recording."""
        writer_thread = self._writer_thread
        return writer_thread.recording if writer_thread is not None else Recording()

    def start(self, *, strict: bool = False) -> None:
        """Record from here on; strictly, the file is there when this returns.

        Raises:
            UsageError: strictly, it cannot be made.
        """
        if self._backlog is not None:
            return
        # Imported late: a run without a recording needs no compressor.
        from app.tape.keyframe import KeyframeBuilder
        from app.tape.tape_set import TapeSet
        from app.tape.writer_thread import WriterThread

        backlog, heads = Backlog(self._clock, self._most, self._speed), KeyframeBuilder()
        heads.name(self._names)
        heads.miss(self._missed)
        shared = self._clock, backlog, heads
        series = TapeSet(self.place, *shared, changed=self._change, make_room=self._make_room)
        writer_thread = WriterThread(series, *shared, changed=self._change, retry=self._retry)
        if strict:
            try:
                writer_thread.open()
            except OSError as error:
                where = self.place.file or self.place.folder
                hint = UserMessage("record.place_hint")
                raise UsageError(
                    "files.unwritable", path=where, why=os_reason(error), hint=hint
                ) from error
        self._writer_thread, self._backlog = writer_thread, backlog
        if self._step is not None:
            self.link(self._step, self._clock.monotonic())
        writer_thread.start()

    def stop(self, *, wait: bool = True) -> None:
        """Write the backlog, end the tape, and wait for that up to two seconds."""
        backlog, self._backlog = self._backlog, None
        if backlog is None or self._writer_thread is None:
            return
        ending = msgspec.json.encode(EndEntry("asked"))
        backlog.close(EntryKind.END, ending, self._clock.monotonic())
        self._writer_thread.close(PATIENCE if wait else 0.0)

    def record(self, kind: EntryKind, message: str | bytes, monotonic: float) -> None:
        """A message came, at so many monotonic seconds."""
        if self._backlog is not None:
            self._backlog.add(kind, message, monotonic)

    def record_message(self, message: object, monotonic: float) -> None:
        """Record a websocket message of any type."""
        backlog = self._backlog
        if backlog is None:
            return
        if isinstance(message, str):
            backlog.add(_FRAME, message, monotonic)
        elif isinstance(message, bytes | bytearray):
            backlog.add(EntryKind.BINARY, bytes(message), monotonic)

    def link(self, step: LinkStep, monotonic: float) -> None:
        """The connection took a step."""
        self._step = step
        if self._backlog is not None:
            self.record(EntryKind.LINK, msgspec.json.encode(step).decode(), monotonic)

    def name(self, names: Mapping[str, str]) -> None:
        """Set the names of codes; new ones are written in a keyframe at once."""
        new = {code: name for code, name in names.items() if self._names.get(code) != name}
        if new:
            self._names |= new
            self._note(StateNote(lambda heads: heads.name(new), at_once=True))

    def miss(self, missed: Mapping[str, float]) -> None:
        """Set the missed contracts by code for the next keyframe."""
        self._missed = missed
        self._note(StateNote(lambda heads: heads.miss(missed)))

    def _note(self, note: StateNote) -> None:
        if self._backlog is not None:
            self._backlog.add(EntryKind.KEYFRAME, note, self._clock.monotonic())

    def _change(self) -> None:
        self.changed()

    def _make_room(self, path: Path) -> int:
        if not self.place.is_generated:
            return 0
        # Files have the machine's time, whatever a demo's clock says.
        return len(make_room(path.parent, self._keep, SystemClock().now(), path))
