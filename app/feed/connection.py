"""The connection as a pure function: ``step(state, event, now, draw) -> (state, effects)``.

KIS allows one session per app key and blocks keys that reconnect in loops, so every wait, every new
key and every dial is decided here and nowhere else.  An open socket proves nothing: the failure
count falls back to zero only after a minute of acknowledged life.
"""

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from app.feed.events import (
    Close,
    Closed,
    Dial,
    Effect,
    Event,
    IssueKey,
    KeyIssued,
    KeyRefused,
    Opened,
    Registered,
    Retry,
    SessionError,
    Stop,
    Tick,
    Wanted,
)
from specs.control import Reaction


class Phase(StrEnum):
    """Where a connection stands."""

    IDLE = "idle"
    KEY = "key"
    DIALING = "dialing"
    OPEN = "open"
    LIVE = "live"
    CLOSING = "closing"
    WAITING = "waiting"
    OCCUPIED = "occupied"
    FAILED = "failed"
    STOPPED = "stopped"


class Timers(Struct, frozen=True):
    """Every wait in seconds, in one place; KIS documents none of them."""

    stable: float = 60.0
    silence: float = 120.0
    backoff_first: float = 2.0
    backoff_longest: float = 60.0
    key_first: float = 60.0
    key_longest: float = 600.0
    occupied_first: float = 60.0
    occupied_longest: float = 600.0
    key_incident: float = 600.0


class Connection(Struct, frozen=True):
    """The state: phase, why it is so (a key of the catalogue), and when the next try comes."""

    phase: Phase = Phase.IDLE
    reason: str = ""
    detail: str = ""
    next_at: float = 0.0
    epoch: int = 0
    failures: int = 0
    opened_at: float = 0.0
    acknowledged: bool = False
    ever_live: bool = False
    fresh_key: bool = False
    last_new_key: float = float("-inf")
    wanted: bool = False
    timers: Timers = Timers()

    @property
    def has_socket(self) -> bool:
        return self.phase in (Phase.DIALING, Phase.OPEN, Phase.LIVE, Phase.CLOSING)


Outcome = tuple[Connection, list[Effect]]


def step(state: Connection, event: Event, now: float, draw: float) -> Outcome:
    """The state and effects that follow from an event at `now` (monotonic seconds)."""
    if state.phase is Phase.STOPPED:
        return state, []
    match event:
        case Stop():
            return _stop(state)
        case Wanted(anything):
            return _wanted(replace(state, wanted=anything))
        case Retry():
            return _retry(state)
        case Tick(last_message):
            return _tick(state, now, last_message)
        case KeyIssued() if state.phase is Phase.KEY:
            epoch = state.epoch + 1
            dialing = replace(state, phase=Phase.DIALING, epoch=epoch, fresh_key=False)
            return replace(dialing, reason="", detail=""), [Dial(epoch)]
        case KeyRefused(reason, final) if state.phase is Phase.KEY:
            if final:
                return replace(state, phase=Phase.FAILED, reason="credentials", detail=reason), []
            wait = state.timers.key_first, state.timers.key_longest
            return _wait(state, now, draw, "key", reason, wait), []
        case Opened() if state.phase is Phase.DIALING:
            return replace(state, phase=Phase.OPEN, opened_at=now, acknowledged=False), []
        case Registered() if state.phase in (Phase.OPEN, Phase.LIVE):
            return replace(state, phase=Phase.LIVE, acknowledged=True, ever_live=True), []
        case SessionError(code, reaction) if state.phase in (Phase.OPEN, Phase.LIVE):
            return _refused(state, now, draw, code, reaction)
        case Closed(reason) if state.has_socket:
            return _closed(state, now, draw, reason)
    return state, []


def _stop(state: Connection) -> Outcome:
    stopped = replace(state, phase=Phase.STOPPED, reason="", detail="")
    return stopped, [Close(state.epoch)] if state.has_socket else []


def _wanted(state: Connection) -> Outcome:
    if state.wanted and state.phase is Phase.IDLE:
        return _dial(state)
    if not state.wanted and state.phase is Phase.WAITING:
        return replace(state, phase=Phase.IDLE, reason="", detail=""), []
    return state, []


def _retry(state: Connection) -> Outcome:
    if state.phase in (Phase.OPEN, Phase.LIVE):
        return replace(state, phase=Phase.CLOSING, reason="asked", next_at=0.0), [
            Close(state.epoch)
        ]
    if state.phase in (Phase.WAITING, Phase.OCCUPIED, Phase.FAILED):
        return _dial(state)
    return state, []


def _dial(state: Connection) -> Outcome:
    return replace(state, phase=Phase.KEY), [IssueKey(state.fresh_key)]


def _tick(state: Connection, now: float, last_message: float) -> Outcome:
    if state.phase in (Phase.OPEN, Phase.LIVE):
        if now - max(last_message, state.opened_at) >= state.timers.silence:
            return replace(state, phase=Phase.CLOSING, reason="silence"), [Close(state.epoch)]
        return replace(state, failures=0) if _is_stable(state, now) else state, []
    due = state.phase in (Phase.WAITING, Phase.OCCUPIED) and now >= state.next_at
    return _dial(state) if due else (state, [])


def _is_stable(state: Connection, now: float) -> bool:
    return state.acknowledged and now - state.opened_at >= state.timers.stable


def _refused(state: Connection, now: float, draw: float, code: str, reaction: Reaction) -> Outcome:
    close: list[Effect] = [Close(state.epoch)]
    match reaction:
        case Reaction.OCCUPIED:
            # Two owners that keep reconnecting drop each other for ever: never fight for the key.
            first, longest = state.timers.occupied_first, state.timers.occupied_longest
            wait = min(longest, first * 2**state.failures) if state.ever_live else float("inf")
            return replace(
                state,
                phase=Phase.OCCUPIED,
                reason="occupied",
                detail=code,
                failures=state.failures + 1,
                next_at=now + wait,
            ), close
        case Reaction.NEW_KEY if now - state.last_new_key >= state.timers.key_incident:
            return replace(
                state,
                phase=Phase.CLOSING,
                reason="new_key",
                detail=code,
                fresh_key=True,
                last_new_key=now,
            ), close
        case Reaction.NEW_KEY:
            wait_for = state.timers.key_first, state.timers.key_longest
            return _wait(state, now, draw, "key", code, wait_for), close
        case Reaction.CREDENTIALS:
            failed = replace(state, phase=Phase.FAILED, reason="credentials", detail=code)
            return failed, close
        case Reaction.BACK_OFF:
            return replace(state, phase=Phase.CLOSING, reason="server", detail=code), close
    return state, []


def _closed(state: Connection, now: float, draw: float, reason: str) -> Outcome:
    if state.phase is Phase.CLOSING and state.reason in ("asked", "new_key"):
        return _dial(state)
    if _is_stable(state, now):
        state = replace(state, failures=0)
    why, detail = ("closed", reason) if state.phase is not Phase.CLOSING else (state.reason, "")
    wait = state.timers.backoff_first, state.timers.backoff_longest
    return _wait(state, now, draw, why, detail, wait), []


def _wait(
    state: Connection,
    now: float,
    draw: float,
    reason: str,
    detail: str,
    wait: tuple[float, float],
) -> Connection:
    first, longest = wait
    bound = min(longest, first * 2**state.failures)
    # Half of the wait is fixed: full jitter spends several dials on one short outage.
    delay = bound / 2 + draw * bound / 2
    return replace(
        state,
        phase=Phase.WAITING,
        reason=reason,
        detail=detail,
        failures=min(state.failures + 1, 16),
        next_at=now + delay,
    )
