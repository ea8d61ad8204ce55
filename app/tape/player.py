"""Plays a tape instead of the live feed: the same decoder and conflation, on the tape's time.

Everything here runs on one asyncio loop on the I/O thread.  Other threads reach the player through
its commands, which are queued; they may read `tape_index`, `timeline` and the clock's pace, each of
which only the player replaces, as a whole.
"""

import asyncio
import contextlib
import queue
from collections.abc import Callable, Iterator, Mapping
from math import inf, isfinite

from app.feed.batch import Batch, Received
from app.feed.conflation import BEAT, Conflation
from app.feed.demand import Reader, WatchRequest
from app.tape.earlier_trades import EarlierTrades
from app.tape.event_scan import EventScan
from app.tape.player_state import PlayerState
from app.tape.tape_clock import PlaybackPace, TapeClock, bounded
from app.tape.tape_index import SECOND, IndexedEntry, TapeIndex, is_seen
from app.tape.timeline import Timeline
from specs.codes import read

SLICE = 0.02
"""Seconds of work after which commands and beats have their turn."""

LONGEST_NAP = 0.5


class Player:
    """A player of one tape; every pair on the tape counts as registered."""

    def __init__(
        self,
        tape_index: TapeIndex,
        clock: TapeClock,
        deliver: Callable[[Batch], None],
        *,
        start: float = 0.0,
        speed: float = 1.0,
        playing: bool = True,
        beat: float = BEAT,
        reader: Reader = read,
    ) -> None:
        self.tape_index = tape_index
        self.clock = clock
        self.timeline = Timeline.from_calendar(tape_index)
        self._deliver = deliver
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._stopped = False
        self._conflation = Conflation(self._hand_over, beat)
        self._state = PlayerState(tape_index, self._conflation, reader)
        self._coming: Iterator[IndexedEntry] = iter(())
        self._next: IndexedEntry | None = None
        self._last: IndexedEntry | None = None
        self._afresh = False
        self._request = WatchRequest()
        self._survey = EventScan(tape_index, lambda: clock.real, self._show_timeline)
        self._earlier = EarlierTrades(tape_index, lambda: clock.real, self._conflation.touch)
        wall = tape_index.wall_at(start)
        clock.pace = PlaybackPace(clock.real, start, start, wall, 0.0, speed, playing)

    # --- from any thread

    def watch(self, request: WatchRequest) -> None:
        """Watch these codes and no others."""
        self._command(lambda: self._watch(request))

    def retry(self) -> None:
        """Do nothing: a tape has no connection."""

    def record(self, on: bool) -> None:
        """Do nothing: playback is not recorded."""

    def name(self, names: Mapping[str, str]) -> None:
        """The tape knows the names of its codes."""

    def acknowledge_batch(self) -> None:
        """The last batch has been taken; the next may come."""
        self._command(self._conflation.acknowledge_batch)

    def stop(self) -> None:
        """Let `run` return."""
        self._command(self._stop)

    def play(self, playing: bool) -> None:
        """Start or pause the playback."""
        self._command(lambda: self._pace(playing=playing))

    def run_at(self, speed: float) -> None:
        """Play so many seconds of the tape in a real one; infinite is as fast as can be."""
        self._command(lambda: self._pace(speed=speed))

    def seek(self, place: float) -> None:
        """Go to a place, playing or standing as before."""
        self._command(lambda: self._seek(place))

    def skip(self, seconds: float) -> None:
        """Go so many seconds on from where it is then, or back."""
        self._command(lambda: self._seek(self.clock.position + seconds))

    def step(self, way: int) -> None:
        """Stand still at the next thing that was recorded (1), or at the one before (-1)."""
        self._command(self._forward if way > 0 else self._back)

    # --- on the loop

    async def run(self) -> None:
        """Play until stopped."""
        self._loop = asyncio.get_running_loop()
        self._seek(self.clock.pace.position)
        aside = asyncio.gather(self._survey.run(), self._earlier.run())
        try:
            while not self._stopped:
                self._wake.clear()
                while not self._commands.empty():
                    self._commands.get_nowait()()
                nap = self._advance()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(nap):
                        await self._wake.wait()
        finally:
            self._conflation.close()
            aside.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await aside

    def _command(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        self._wake_up()

    def _wake_up(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    def _stop(self) -> None:
        self._stopped = True

    def _watch(self, request: WatchRequest) -> None:
        before, self._request = set(self._request.codes), request
        # The tape has the records of a code from before it was watched, too.
        for received in self._state.newest_of(set(request.codes) - before):
            self._conflation.accept(received.tr_id, [received.record], received.at)
        self._conflation.touch()

    def _show_timeline(self, timeline: Timeline) -> None:
        self.timeline = timeline

    def _advance(self) -> float:
        """Play what is due; seconds until something is."""
        pace, real = self.clock.pace, self.clock.real
        if not pace.playing:
            return LONGEST_NAP
        fast = not isfinite(pace.speed)
        due = inf if fast else pace.position + max(0.0, real - pace.real) * pace.speed
        until = self.clock.real + SLICE
        while self._next is not None and self._next.position <= due and self.clock.real < until:
            self._take()
        behind = fast or (self._next is not None and self._next.position <= due)
        reached = pace.position if self._last is None else max(pace.position, self._last.position)
        self._publish(reached if behind else min(due, self._upcoming), real)
        if self._next is None:
            return LONGEST_NAP
        if behind:
            return 0.0
        return min(LONGEST_NAP, (self._next.position - due) / pace.speed)

    @property
    def _upcoming(self) -> float:
        return self._next.position if self._next is not None else self.tape_index.length

    def _take(self) -> None:
        """Let the next entry have come."""
        passage = self._next
        assert passage is not None
        self._last, self._next = passage, next(self._coming, None)
        self._state.apply(passage)

    def _publish(
        self,
        place: float,
        real: float,
        *,
        shift: float | None = None,
        speed: float | None = None,
        playing: bool | None = None,
    ) -> None:
        """Say where the tape stands at a real moment."""
        pace = self.clock.pace
        place = max(0.0, min(place, self.tape_index.length))
        last = self._last
        if last is not None:
            wall = bounded(bounded(last.entry.wall) + round((place - last.position) * SECOND))
        else:
            wall = self.tape_index.wall_at(place)
        ended = self._next is None and place >= self.tape_index.length
        now = PlaybackPace(
            real,
            place,
            max(place, self._upcoming),
            wall,
            pace.shift if shift is None else shift,
            pace.speed if speed is None else speed,
            pace.playing if playing is None else playing,
            ended,
        )
        self.clock.pace = now
        if ended and not pace.ended:
            self._conflation.touch()

    def _pace(self, *, speed: float | None = None, playing: bool | None = None) -> None:
        real = self.clock.real
        self._publish(self.clock.pace.position_at(real), real, speed=speed, playing=playing)
        self._conflation.touch()

    # --- jumps

    def _seek(self, place: float) -> None:
        place = max(0.0, min(place, self.tape_index.length))
        real, shift = self._wind(place)
        self._begin(self.tape_index.segment_at(place), shift)
        while self._next is not None and self._next.position <= place:
            self._take()
        self._publish(place, real, shift=shift)

    def _begin(self, segment: int, shift: float) -> None:
        """Be before the first entry of a segment, knowing nothing."""
        self._conflation.clear()
        self._earlier.restart(segment)
        self._state.reset(shift)
        self._coming = self.tape_index.passages(segment)
        self._last, self._next = None, next(self._coming, None)
        self._afresh = True
        self._conflation.touch()

    def _wind(self, place: float) -> tuple[float, float]:
        """The real moment, and how far ahead the monotonic seconds are behind a jump.

        They go on where the tape is wound back, so that nothing that waits for them waits longer.
        """
        real, pace = self.clock.real, self.clock.pace
        return real, pace.shift + max(0.0, pace.position_at(real) - place)

    def _forward(self) -> None:
        while self._next is not None:
            self._take()
            if self._last is not None and is_seen(self._last.entry):
                break
        place = self.tape_index.length if self._last is None else self._last.position
        self._publish(place, self.clock.real, playing=False)
        self._conflation.touch()

    def _back(self) -> None:
        last = self._last
        target = self.tape_index.seen_before(last) if last is not None else None
        place = target.position if target is not None else 0.0
        real, shift = self._wind(place)
        self._begin(target.segment if target is not None else 0, shift)
        if target is not None:
            while self._next is not None and self._next.sort_key <= target.sort_key:
                self._take()
        self._publish(place, real, shift=shift, playing=False)

    # --- what goes out

    def _hand_over(self, received: tuple[Received, ...]) -> None:
        afresh, self._afresh = self._afresh, False
        earlier, now = self._earlier.collect(), self.clock.now()
        codes = self._request.codes
        self._deliver(self._state.batch(received, codes, now, afresh=afresh, earlier=earlier))
