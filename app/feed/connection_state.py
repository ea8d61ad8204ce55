"""The state of a connection, and the moves that every decision about it is made of."""

from math import inf

from msgspec import Struct
from msgspec.structs import replace

from app.feed.dial_budget import DialBudget
from app.feed.events import CloseSocket, Effect
from app.feed.liveness import Liveness
from app.feed.phase import OPEN, LinkPhase

CLOSING_LIMIT = 15.0
"""Seconds after which a close that nobody confirmed counts as done; a dial that has to end first
takes ten of them, the close itself three."""


class Connection(Struct, frozen=True):
    """The state: phase, why it is so (a key of the catalogue), and when the next try comes."""

    phase: LinkPhase = LinkPhase.OFF
    reason: str = ""
    detail: str = ""
    next_at: float = inf
    epoch: int = 0
    failures: int = 0
    is_wanted: bool = False
    budget: DialBudget = DialBudget()
    silence: Liveness = Liveness()
    complete: bool = True
    opened_at: float = -inf
    acked_at: float = -inf
    proven: bool = False
    """Whether this session was acknowledged, got data and lasted a minute."""
    lived_at: float = -inf
    """Time at which a session was last live."""
    key_at: float = -inf
    issued_at: float = -inf
    new_key_at: float = -inf
    occupied: int = 0
    blocked: int = 0
    renewed_at: float = -inf
    drought_at: float = -inf
    after: LinkPhase = LinkPhase.BACKOFF
    """The phase that follows a socket that is being closed."""

    @property
    def is_open(self) -> bool:
        """Whether the socket is open and in use."""
        return self.phase in OPEN

    @property
    def has_socket(self) -> bool:
        """Whether a socket is open or being dialled; a second one must not be dialled."""
        return self.phase in OPEN or self.phase in (LinkPhase.DIAL, LinkPhase.CLOSING)


Outcome = tuple[Connection, list[Effect]]


def to_phase(state: Connection, phase: LinkPhase, reason: str = "", detail: str = "") -> Connection:
    """Return the state in another phase, without a time at which it ends."""
    return replace(state, phase=phase, reason=reason, detail=detail, next_at=inf)


def until(state: Connection, at: float) -> Connection:
    """Return the state with the moment (monotonic seconds) at which its phase ends by itself."""
    return replace(state, next_at=at)


def backed_off(
    state: Connection, now: float, seconds: float, reason: str, detail: str
) -> Connection:
    """Return the state after one more failure, waiting `seconds` for the next try."""
    waiting = to_phase(state, LinkPhase.BACKOFF, reason, detail)
    return replace(waiting, failures=state.failures + 1, next_at=now + seconds)


def close(
    state: Connection, now: float, reason: str, *, after: LinkPhase, detail: str = ""
) -> Outcome:
    """Close the socket; `after` is the phase that its end leads to."""
    closing = replace(to_phase(state, LinkPhase.CLOSING, reason, detail), after=after)
    return until(closing, now + CLOSING_LIMIT), [CloseSocket(state.epoch)]
