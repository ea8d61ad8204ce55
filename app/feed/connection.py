"""The connection as a pure function: ``step(state, event, now, draw) -> (state, effects)``.

KIS allows one session per app key and blocks keys that reconnect in loops, so every wait, every new
key and every dial is decided here (how long a wait is: `backoff`).  An open socket proves nothing:
the failure count falls back to zero only after a minute of acknowledged life.
"""

from math import inf

from msgspec.structs import replace

from app.feed import backoff
from app.feed.connection_state import (
    Connection,
    Outcome,
    backed_off,
    close,
    to_phase,
    until,
)
from app.feed.events import (
    Abort,
    CloseSocket,
    DemandChanged,
    DialSocket,
    IssueKey,
    KeyIssued,
    KeyRefused,
    LinkEvent,
    MachineSuspended,
    PingPongReceived,
    Refusal,
    RegistrationAcknowledged,
    RegistrationsSettled,
    RenewRegistration,
    RetryRequested,
    SendProbe,
    SessionError,
    SocketClosed,
    SocketOpened,
    StopRequested,
    TimePassed,
)
from app.feed.liveness import PROBE_WAIT, PROBES_A_SILENCE
from app.feed.phase import SETTLED as SETTLED
from app.feed.phase import UNANSWERED
from app.feed.phase import WAITING as WAITING
from app.feed.phase import LinkPhase as LinkPhase
from specs.control import RefusalReaction

STABLE = 60.0
IMMEDIATE = 5.0
KEY_LIFE = 12 * 3600.0
KEY_SPACING = 60.0
KEY_INCIDENT = 600.0
OURS = 300.0
"""Seconds after a live session in which an occupied key is taken for that session's ghost."""

ANSWER_LIMIT = 30.0
"""Seconds after which a key or a dial counts as failed although nothing was said of it; the calls
themselves end after ten."""

DROUGHT = 120.0
DROUGHT_WAIT = 60.0
DROUGHT_SPACING = 900.0


def step(state: Connection, event: LinkEvent, now: float, draw: float) -> Outcome:
    """The state and effects that follow from an event at `now` (monotonic seconds)."""
    if state.phase is LinkPhase.STOPPED:
        return state, []
    match event:
        case StopRequested():
            stopped = to_phase(state, LinkPhase.STOPPED)
            return stopped, [CloseSocket(state.epoch)] if state.has_socket else []
        case DemandChanged(anything):
            return _wanted(replace(state, is_wanted=anything), now)
        case RetryRequested():
            return _retry(state, now)
        case TimePassed():
            return _tick(state, event, now, draw)
        case KeyIssued() if state.phase is LinkPhase.AUTH:
            keyed = replace(state, key_at=now)
            return _dial(keyed, now) if state.is_wanted else (to_phase(keyed, LinkPhase.OFF), [])
        case KeyRefused() if state.phase is LinkPhase.AUTH:
            return _without_key(state, event, now, draw), []
        case SocketOpened() if state.phase is LinkPhase.DIAL:
            fresh = replace(state, opened_at=now, acked_at=-inf, complete=True, proven=False)
            fresh = replace(fresh, silence=state.silence.new_session())
            return to_phase(fresh, LinkPhase.PROBE), []
        case RegistrationAcknowledged() if state.phase is LinkPhase.SUSPECT:
            return replace(state, silence=state.silence.answered()), []
        case RegistrationAcknowledged() if state.phase is LinkPhase.PROBE:
            acked = replace(state, acked_at=now, occupied=0)
            return to_phase(acked, LinkPhase.RESTORE), []
        case RegistrationsSettled(complete) if state.phase in (
            LinkPhase.PROBE,
            LinkPhase.RESTORE,
            *SETTLED,
        ):
            return _settled(state, complete), []
        case PingPongReceived() if state.is_open:
            return replace(state, silence=state.silence.ping(now)), []
        case MachineSuspended() if state.has_socket and state.phase is not LinkPhase.CLOSING:
            return close(state, now, "suspended", after=LinkPhase.AUTH)
        case SessionError(code, reaction) if state.is_open:
            return _refused(state, code, reaction, now)
        case SocketClosed() if state.has_socket:
            return _closed(state, event, now, draw)
    return state, []


def _settled(state: Connection, complete: bool) -> Connection:
    phase = LinkPhase.LIVE if complete else LinkPhase.DEGRADED
    return state if state.phase is phase else to_phase(replace(state, complete=complete), phase)


def _wanted(state: Connection, now: float) -> Outcome:
    if state.is_wanted and state.phase is LinkPhase.OFF:
        return _authorise(state, now)
    if not state.is_wanted and state.phase in (
        LinkPhase.BACKOFF,
        LinkPhase.OFFLINE,
        LinkPhase.UNTRUSTED,
    ):
        return to_phase(state, LinkPhase.OFF), []
    return state, []


def _retry(state: Connection, now: float) -> Outcome:
    if state.is_open:
        return close(state, now, "asked", after=LinkPhase.AUTH)
    if state.phase in WAITING or state.phase is LinkPhase.FATAL:
        return _authorise(replace(state, occupied=0), now)
    return state, []


def _authorise(state: Connection, now: float) -> Outcome:
    """On to a dial, by way of an approval key if there is none that holds."""
    if now - state.key_at < KEY_LIFE:
        return _dial(state, now)
    ready = state.issued_at + KEY_SPACING
    if now < ready:
        paced = to_phase(state, LinkPhase.BACKOFF, state.reason or "key_pace", state.detail)
        return replace(paced, next_at=ready), []
    asking = to_phase(replace(state, issued_at=now), LinkPhase.AUTH)
    return until(asking, now + ANSWER_LIMIT), [IssueKey()]


def _without_key(state: Connection, refused: KeyRefused, now: float, draw: float) -> Connection:
    match refused.kind:
        case Refusal.CREDENTIALS:
            return to_phase(state, LinkPhase.FATAL, "credentials", refused.reason)
        case Refusal.LOCAL | Refusal.CERTIFICATE:
            # The request did not reach KIS, so its minute between two keys does not run.
            unasked = replace(state, issued_at=-inf)
            local = refused.kind is Refusal.LOCAL
            phase = LinkPhase.OFFLINE if local else LinkPhase.UNTRUSTED
            wait = backoff.local(draw) if local else backoff.untrusted(draw)
            return until(to_phase(unasked, phase, "key", refused.reason), now + wait)
    wait = max(backoff.key(state.failures, draw), refused.wait)
    return backed_off(state, now, wait, "key", refused.reason)


def _dial(state: Connection, now: float) -> Outcome:
    allowed = state.budget.next_at(now)
    if allowed > now:
        return replace(to_phase(state, LinkPhase.BACKOFF, "budget"), next_at=allowed), []
    epoch = state.epoch + 1
    dialling = replace(state, epoch=epoch, budget=state.budget.spend(now))
    return until(to_phase(dialling, LinkPhase.DIAL), now + ANSWER_LIMIT), [DialSocket(epoch)]


def _tick(state: Connection, tick: TimePassed, now: float, draw: float) -> Outcome:
    if state.is_open:
        return _tick_open(state, tick, now)
    if state.phase in UNANSWERED and now >= state.next_at:
        return _unanswered(state, now, draw)
    if state.phase in WAITING and now >= state.next_at:
        if not state.is_wanted:
            return to_phase(state, LinkPhase.OFF), []
        return _authorise(state, now)
    return state, []


def _unanswered(state: Connection, now: float, draw: float) -> Outcome:
    """Go on without the answer to a key, a dial or a close, which will not come any more."""
    if state.phase is LinkPhase.AUTH:
        return _without_key(state, KeyRefused("timeout"), now, draw), []
    going_on, effects = _closed(state, SocketClosed("timeout"), now, draw)
    return going_on, [Abort(state.epoch), *effects]


def _tick_open(state: Connection, tick: TimePassed, now: float) -> Outcome:
    last = max(tick.last_message, state.opened_at)
    quiet = now - last
    if not state.proven and _is_stable(state, last, now):
        state = replace(state, proven=True, failures=0, blocked=0)
    silence = state.silence
    if quiet >= silence.hard:
        return close(state, now, "silence", after=LinkPhase.BACKOFF)
    if state.phase is LinkPhase.SUSPECT:
        return _tick_suspect(state, last, now)
    if state.phase in SETTLED and quiet >= silence.suspect and silence.may_begin(now):
        return to_phase(replace(state, silence=silence.start_probing(now)), LinkPhase.SUSPECT), [
            SendProbe()
        ]
    if state.phase in SETTLED and tick.trading:
        return _tick_trading(state, tick, now)
    return state, []


def _tick_suspect(state: Connection, last: float, now: float) -> Outcome:
    silence = state.silence
    if last >= silence.began_at:
        back = LinkPhase.LIVE if state.complete else LinkPhase.DEGRADED
        return to_phase(replace(state, silence=silence.reset()), back), []
    if now - silence.probed_at < PROBE_WAIT:
        return state, []
    if silence.in_a_row < PROBES_A_SILENCE:
        return replace(state, silence=silence.record_probe(now)), [SendProbe()]
    if silence.trusted:
        return close(state, now, "silence", after=LinkPhase.BACKOFF)
    return state, []


def _tick_trading(state: Connection, tick: TimePassed, now: float) -> Outcome:
    """By day data that stop on all rows are a fault: one registration anew, then one reconnect."""
    dry = now - max(tick.last_data, state.acked_at)
    if dry < DROUGHT:
        return state, []
    if state.renewed_at < now - dry:
        return replace(state, renewed_at=now), [RenewRegistration()]
    if now - state.renewed_at >= DROUGHT_WAIT and now - state.drought_at >= DROUGHT_SPACING:
        return close(replace(state, drought_at=now), now, "drought", after=LinkPhase.BACKOFF)
    return state, []


def _is_stable(state: Connection, last_message: float, now: float) -> bool:
    return now - state.opened_at >= STABLE and last_message > state.acked_at > -inf


def _refused(state: Connection, code: str, reaction: RefusalReaction, now: float) -> Outcome:
    match reaction:
        case RefusalReaction.OCCUPIED:
            # Two owners drop each other for ever: whoever was kicked, or came late, stays away.
            return close(state, now, "occupied", after=LinkPhase.OCCUPIED, detail=code)
        case RefusalReaction.NEW_KEY if now - state.new_key_at >= KEY_INCIDENT:
            renewed = replace(state, key_at=-inf, new_key_at=now)
            return close(renewed, now, "new_key", after=LinkPhase.AUTH, detail=code)
        case RefusalReaction.NEW_KEY if code == "OPSP0010":
            # An invalid app key, not an invalid approval key: another of the latter mends nothing.
            keyless = replace(state, key_at=-inf)
            return close(keyless, now, "credentials", after=LinkPhase.FATAL, detail=code)
        case RefusalReaction.NEW_KEY:
            return close(state, now, "key", after=LinkPhase.BACKOFF, detail=code)
        case RefusalReaction.CREDENTIALS:
            keyless = replace(state, key_at=-inf)
            return close(keyless, now, "credentials", after=LinkPhase.FATAL, detail=code)
        case RefusalReaction.BACK_OFF:
            return close(state, now, "server", after=LinkPhase.BACKOFF, detail=code)
    return state, []


def _closed(state: Connection, closed: SocketClosed, now: float, draw: float) -> Outcome:
    asked = state.phase is LinkPhase.CLOSING
    if state.acked_at > -inf and state.phase is not LinkPhase.DIAL:
        state = replace(state, lived_at=now)
    reason, detail = (state.reason, state.detail) if asked else ("closed", closed.reason)
    if not state.is_wanted:
        return to_phase(state, LinkPhase.OFF), []
    if asked and state.after is LinkPhase.AUTH:
        return _authorise(state, now)
    if asked and state.after is LinkPhase.FATAL:
        return to_phase(state, LinkPhase.FATAL, reason, detail), []
    if asked and state.after is LinkPhase.OCCUPIED:
        return _occupied(state, now, draw)
    if closed.local:
        home = replace(state, budget=state.budget.refund())
        offline = to_phase(home, LinkPhase.OFFLINE, "closed", closed.reason)
        return until(offline, now + backoff.local(draw)), []
    again = _again(state, now, draw, reason, detail)
    return until(again, max(again.next_at, now + closed.wait)), []


def _occupied(state: Connection, now: float, draw: float) -> Outcome:
    ghost = state.acked_at == -inf and (state.occupied > 0 or now - state.lived_at < OURS)
    waiting = to_phase(state, LinkPhase.OCCUPIED, "occupied", state.detail)
    if not ghost:
        return waiting, []
    wait = backoff.occupied(state.occupied, draw)
    return until(replace(waiting, occupied=state.occupied + 1), now + wait), []


def _again(state: Connection, now: float, draw: float, reason: str, detail: str) -> Connection:
    """After a session, or a try, that the server ended: by how long it had lived."""
    lived = now - state.opened_at if state.phase is not LinkPhase.DIAL else -1.0
    if state.phase is LinkPhase.DIAL:
        return backed_off(state, now, backoff.reached(state.failures, draw), reason, detail)
    if reason == "key":
        return backed_off(state, now, backoff.key(state.failures, draw), reason, detail)
    if state.proven:
        return backed_off(state, now, backoff.after_stable(draw), reason, detail)
    if lived >= IMMEDIATE and state.acked_at > -inf:
        return backed_off(state, now, backoff.unstable(state.failures, draw), reason, detail)
    if state.failures + 1 < backoff.BLOCKED_AT:
        return backed_off(state, now, backoff.immediate(state.failures, draw), reason, detail)
    waiting = backed_off(state, now, backoff.blocked(state.blocked, draw), reason, detail)
    return replace(waiting, phase=LinkPhase.BLOCKED, blocked=state.blocked + 1)
