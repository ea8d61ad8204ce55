"""Log events of a feed: dials, outcomes, waits, refusals, registrations as counts.

Data frames are never logged at info.  At debug `trace_message` logs every message: of a data frame
the head alone, of a control message its fields, never a key.
"""

import logging
from functools import partial
from math import inf

from app.feed.connection_state import Connection
from app.feed.events import (
    KeyIssued,
    LinkEvent,
    MachineSuspended,
    PingPongReceived,
    RegistrationsSettled,
    RetryRequested,
    SessionError,
    SocketClosed,
    SocketOpened,
    TimePassed,
)
from app.feed.phase import SETTLED, WAITING, LinkPhase
from app.feed.registration_state import ControlRequest
from app.feed.registrations import Registrations
from app.system.event_log import RateLimit, log_event, seconds
from app.system.secret import redact, redact_foreign
from specs import control
from specs.control import Ack, PingPong, RefusalReaction
from specs.frame import FrameError

ROOM = "feed"
FRAME_PERIOD = 60.0
"""Seconds between two lines about frames refused for the same reason."""

ACKS_A_MINUTE = 50
"""Refusing answers of a kind that are logged one by one: a whole list may be refused at once."""

LONGEST_LOOK = 1024
"""Characters of a frame that are looked at for its head."""

_TAKEN = frozenset((RefusalReaction.REGISTERED, RefusalReaction.RELEASED))
_log = logging.getLogger(f"app.{ROOM}")


class FeedLog:
    """Logs the steps of one connection; times are monotonic seconds."""

    def __init__(self, profile: str = "") -> None:
        """`profile` names its app key in every line; it is empty if there is only one."""
        self._log_event = partial(log_event, ROOM, profile=profile or None)
        self._dialled_at = -inf
        self._registered: tuple[int, int, int, int, int] | None = None
        self._acks = RateLimit(ACKS_A_MINUTE, 60.0)

    def log_step(
        self,
        event: LinkEvent,
        before: Connection,
        after: Connection,
        registrations: Registrations,
        now: float,
    ) -> None:
        """Log what an event did to the connection."""
        if not _log.isEnabledFor(logging.INFO):
            return
        match event:
            case KeyIssued():
                self._log_event("approval", "issued")
            case SocketOpened():
                self._log_event("dialled", after.epoch, took=seconds(now - self._dialled_at))
            case SocketClosed(reason, local) if before.phase is LinkPhase.DIAL:
                self._log_event("dial_failed", reason, local=local)
            case SocketClosed(reason) if before.has_socket:
                asked = before.reason if before.phase is LinkPhase.CLOSING else None
                lived = seconds(now - before.opened_at)
                self._log_event("cut", reason, lived=lived, closed_for=asked)
            case SessionError(code, reaction):
                self._log_event("session_refused", code, level=logging.WARNING, reaction=reaction)
            case MachineSuspended():
                self._log_event("suspended")
            case RetryRequested():
                self._log_event("reconnect_asked")
            case PingPongReceived():
                self._log_event("sent", "ping", level=logging.DEBUG)
        if after.phase is not before.phase or after.next_at != before.next_at:
            self._log_phase(event, before, after, now)
        if isinstance(event, RegistrationsSettled):
            self._log_registered(after, registrations)

    def log_order(self, order: ControlRequest) -> None:
        """Log a registration or release that is sent, at debug."""
        if is_traced():
            what = "register" if order.register else "release"
            tr_id, code = order.key.tr_id, order.key.code
            self._log_event("sent", what, level=logging.DEBUG, tr=tr_id, code=code)

    def log_ack(self, ack: Ack, now: float) -> None:
        """Log an answer that refuses a registration."""
        if ack.reaction in _TAKEN or not _log.isEnabledFor(logging.WARNING):
            return
        count = self._acks.admit(ack.reaction, now)
        if count is not None:
            self._log_event(
                "refused",
                ack.code,
                level=logging.WARNING,
                reaction=ack.reaction,
                tr=ack.tr_id,
                code=redact_foreign(ack.tr_key),
                words=redact_foreign(ack.message),
                count=count if count > 1 else None,
            )

    def _log_phase(
        self, event: LinkEvent, before: Connection, after: Connection, now: float
    ) -> None:
        why, code = _cause(after)
        match after.phase:
            case LinkPhase.AUTH:
                self._log_event("approval", "asked")
            case LinkPhase.DIAL:
                self._dialled_at = now
                self._log_event("dial", after.epoch, budget_spent=len(after.budget.spent))
            case LinkPhase.SUSPECT if isinstance(event, TimePassed):
                quiet = now - max(event.last_message, after.opened_at)
                self._log_event("silent", seconds(quiet))
            case LinkPhase.CLOSING:
                self._log_event("close", why, code=code)
            case LinkPhase.FATAL:
                self._log_event("given_up", why, level=logging.ERROR, code=code)
            case LinkPhase.OFF | LinkPhase.STOPPED:
                self._log_event(str(after.phase))
            case phase if phase in WAITING:
                wait = seconds(after.next_at - now) if after.next_at < inf else "until_asked"
                self._log_event(
                    "wait", wait, why=why, attempt=after.failures, phase=phase, code=code
                )
            case phase if phase in SETTLED and before.phase is LinkPhase.SUSPECT:
                self._log_event("answered")

    def _log_registered(self, state: Connection, registrations: Registrations) -> None:
        """Log how many registrations there are, where that changed since the last time."""
        used, wanted, refused = (
            registrations.used,
            len(registrations.wanted),
            len(registrations.refused),
        )
        counts = (state.epoch, used, wanted, registrations.limit, refused)
        if counts != self._registered:
            self._registered = counts
            self._log_event(
                "registered", used, of=wanted, limit=registrations.limit, refused=refused
            )


class RefusedFrames:
    """Logs refused frames by reason, one line a minute for each."""

    def __init__(self) -> None:
        self._limit = RateLimit(1, FRAME_PERIOD)

    def log(self, reason: str, total: int, data: object, now: float) -> None:
        """Log that a frame was refused, the `total`-th one for this reason."""
        count = self._limit.admit(reason, now)
        if count is not None:
            counts = {"count": count, "total": total}
            head = _head(data) if isinstance(data, str) else {"flag": "binary"}
            warning = logging.WARNING
            log_event(ROOM, "refused_frame", reason, level=warning, error=None, **counts, **head)


def is_traced() -> bool:
    """Whether every message is to be logged."""
    return _log.isEnabledFor(logging.DEBUG)


def trace_message(message: object) -> None:
    """Log a received message at debug."""
    if not isinstance(message, str):
        size = len(message) if isinstance(message, bytes | bytearray) else None
        log_event(ROOM, "binary", size, level=logging.DEBUG)
    elif not control.is_control(message):
        log_event(ROOM, "frame", level=logging.DEBUG, error=None, **_head(message))
    else:
        try:
            said = control.decode(message)
        except FrameError as error:
            text = redact_foreign(message[:LONGEST_LOOK])
            log_event(ROOM, "control", error.reason, level=logging.DEBUG, text=text)
            return
        match said:
            case PingPong(datetime):
                log_event(ROOM, "ping", datetime, level=logging.DEBUG)
            case Ack(tr_id, tr_key, code, words):
                words = redact_foreign(words)
                debug = logging.DEBUG
                log_event(
                    ROOM,
                    "ack",
                    code,
                    level=debug,
                    tr=tr_id,
                    code=redact_foreign(tr_key),
                    words=words,
                )


def _head(raw: str) -> dict[str, str]:
    """Flag, TR, count and first code of a data frame, as far as it has them."""
    # Redacted before it is cut: the first half of a key would not be recognised.
    parts = redact(raw[:LONGEST_LOOK]).split("|", 3)
    if len(parts) < 4:
        return {"flag": parts[0][:8]}
    flag, tr_id, count, body = parts
    code = body.split("^")[0][:16]
    return {"flag": flag[:8], "tr": tr_id[:16], "records": count[:8], "code": code}


def _cause(state: Connection) -> tuple[str | None, str | None]:
    """Return why a connection is where it is, and the OPSP code; texts for users are left out."""
    if state.reason == "closed":
        return state.detail, None
    return state.reason or None, state.detail if state.detail.startswith("OPSP") else None
