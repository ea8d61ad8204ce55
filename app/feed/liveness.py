"""Silence: how long the server may say nothing before it is noticed, asked, and given up.

KIS documents no PINGPONG interval, so it is learned from the session.  Only text and binary
messages count as life; a server that answers control frames alone is dead all the same.
"""

from math import inf

from msgspec import Struct
from msgspec.structs import replace

NOTICE, SUSPECT, HARD = 15.0, 30.0, 120.0
SHORTEST_HARD = 45.0
LEARNED = 3
"""PINGPONG intervals after which the interval counts as known."""

REMEMBERED = 5
PROBE_WAIT = 5.0
PROBES_A_SILENCE = 2
PROBE_SPACING = 60.0
PROBES_A_SESSION = 60


class Liveness(Struct, frozen=True):
    """Signs of life of the server in one session; times in monotonic seconds."""

    last_ping: float = -inf
    intervals: tuple[float, ...] = ()
    probes: int = 0
    probed_at: float = -inf
    began_at: float = -inf
    """Time at which the silence that is being probed was first suspected."""
    in_a_row: int = 0
    answers: bool = False
    """Whether a probe was ever answered, in this session or an earlier one."""

    @property
    def interval(self) -> float:
        """The longest of the last PINGPONG intervals; 0 while none is known."""
        return max(self.intervals, default=0.0)

    @property
    def notice(self) -> float:
        """Seconds of silence after which its age is shown and prices dim."""
        return max(NOTICE, 1.5 * self.interval)

    @property
    def suspect(self) -> float:
        """Seconds of silence after which the server is asked for a sign of life."""
        return max(SUSPECT, 2 * self.interval)

    @property
    def hard(self) -> float:
        """Seconds of silence after which the socket is replaced."""
        if len(self.intervals) < LEARNED:
            return HARD
        return min(HARD, max(SHORTEST_HARD, 3 * self.interval))

    def new_session(self) -> "Liveness":
        """Return the state for a new socket: probe results stay, the interval is measured again."""
        return Liveness(answers=self.answers)

    def ping(self, now: float) -> "Liveness":
        """A PINGPONG came."""
        if self.last_ping == -inf:
            return replace(self, last_ping=now)
        intervals = (*self.intervals, now - self.last_ping)[-REMEMBERED:]
        return replace(self, last_ping=now, intervals=intervals)

    def may_begin(self, now: float) -> bool:
        """Whether a first probe may be sent now."""
        return self.probes < PROBES_A_SESSION and now - self.began_at >= PROBE_SPACING

    def start_probing(self, now: float) -> "Liveness":
        """The first probe of a silence goes out."""
        begun = replace(self, began_at=now, in_a_row=0)
        return begun.record_probe(now)

    def record_probe(self, now: float) -> "Liveness":
        """A probe goes out."""
        return replace(self, probes=self.probes + 1, probed_at=now, in_a_row=self.in_a_row + 1)

    def answered(self) -> "Liveness":
        """A probe was answered: the server is known to answer them."""
        return replace(self, answers=True)

    def reset(self) -> "Liveness":
        """Note that a message came after a silence."""
        return replace(self, in_a_row=0)

    @property
    def trusted(self) -> bool:
        """Whether a probe without an answer means a dead server: nobody knows that KIS answers."""
        return self.answers or len(self.intervals) >= LEARNED
