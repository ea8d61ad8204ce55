"""The state and the steps of a connection, for the screen, for diagnostics and for the recorder."""

from collections import deque
from collections.abc import Callable, Mapping
from itertools import zip_longest

from app.feed.batch import LinkState, LinkTransition
from app.feed.feed_log import is_traced, trace_message
from app.feed.frame_sink import FrameSink
from app.feed.key_sessions import KeySessions
from app.feed.link_step import LinkStep
from app.feed.liveness import NOTICE
from app.feed.paper_watch import PaperState
from app.feed.phase import LinkPhase
from app.feed.recording import Recording
from app.feed.session_sharing import SessionSharing
from app.system.clock import Clock

TRANSITIONS = 20


class ConnectionLog:
    """Logs the steps of the connections, and passes them to a recorder."""

    def __init__(
        self,
        sessions: KeySessions,
        clock: Clock,
        recorder: FrameSink | None,
        sharing: SessionSharing | None = None,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._recorder = recorder
        self._sharing = sharing
        self.record_message: Callable[[object, float], None] = (
            recorder.record_message if recorder is not None else lambda message, now: None
        )
        """To be called with every message of the websocket, and when it came."""
        if is_traced():
            self.record_message = _traced(self.record_message)
        self._seen: list[tuple[LinkPhase, str, float, int]] = []
        self._step: LinkStep | None = None
        self._missed: Mapping[str, float] = {}
        self._transitions: deque[LinkTransition] = deque(maxlen=TRANSITIONS)

    @property
    def transitions(self) -> tuple[LinkTransition, ...]:
        """The last steps, oldest first."""
        return tuple(self._transitions)

    def poll(self) -> bool:
        """Whether something is new that is shown."""
        if self._recorder is not None:
            self._tell(self._recorder)
        seen = [
            (state.phase, state.reason, state.next_at, used)
            for _, state, used in self._sessions.each()
        ]
        if seen == self._seen:
            return False
        at = self._clock.now().isoformat(timespec="seconds")
        before: list[tuple[LinkPhase, str, float, int] | None] = [*self._seen]
        for (name, state, _), old in zip_longest(self._sessions.each(), before):
            if old is None or (state.phase, state.reason) != old[:2]:
                detail = f"{name} {state.detail}".strip()
                self._transitions.append(LinkTransition(at, state.phase, state.reason, detail))
        self._seen = seen
        return True

    def link(
        self, last_message: float, notice: float = NOTICE, paper: PaperState = PaperState.NONE
    ) -> LinkState:
        """Return the state of the connection, whose last message may be `notice` seconds old."""
        state, registrations = self._sessions.connection, self._sessions.registrations
        return LinkState(
            state.phase,
            state.reason,
            state.detail,
            state.next_at,
            state.failures,
            registrations.used if state.is_open else 0,
            registrations.limit,
            registrations.waiting if state.is_open else 0,
            last_message,
            notice,
            paper,
            sharers=self._sharing.sharers if self._sharing is not None else (),
            keys=self._sessions.key_states,
        )

    # --- the recording

    def record(self, on: bool) -> None:
        """Record from here on, or no longer."""
        if self._recorder is not None and on:
            self._recorder.start()
        elif self._recorder is not None:
            # The backlog is written while the feed goes on.
            self._recorder.stop(wait=False)

    def name(self, names: Mapping[str, str]) -> None:
        """Codes have these names."""
        if self._recorder is not None:
            self._recorder.name(names)

    def recording(self, missed: Mapping[str, float]) -> Recording:
        """Return the state of the recording after passing on what was missed."""
        if self._recorder is None:
            return Recording()
        if missed is not self._missed:
            self._missed = missed
            self._recorder.miss(missed)
        return self._recorder.recording

    def close(self) -> None:
        """Nothing more comes: have the tape end in order."""
        if self._recorder is not None:
            self._recorder.stop()

    def _tell(self, recorder: FrameSink) -> None:
        link = self.link(0.0)
        epoch = self._sessions.connection.epoch
        step = LinkStep(
            link.phase, link.reason, link.detail, epoch, link.used, link.limit, link.waiting
        )
        if step != self._step:
            self._step = step
            recorder.link(step, self._clock.monotonic())


def _traced(record: Callable[[object, float], None]) -> Callable[[object, float], None]:
    """Log every message before it is recorded."""

    def log_traced(message: object, now: float) -> None:
        trace_message(message)
        record(message, now)

    return log_traced
