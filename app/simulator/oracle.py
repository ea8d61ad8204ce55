"""The oracle: what the simulator saw of its clients, for tests to hold against what they show.

All times are monotonic seconds of the simulator's clock.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable

from msgspec import Struct, field

RegistrationPair = tuple[str, str]


class ClientVisit(Struct):
    """One websocket from its handshake to its end."""

    opened_at: float
    closed_at: float | None = None
    polite: bool = False
    """Whether the client sent a close frame."""
    requests: list[tuple[float, bool, RegistrationPair]] = field(default_factory=list)
    """Every registration (true) and release asked for, in order."""
    registered: tuple[RegistrationPair, ...] = ()
    """The registrations at the end, or now."""
    pings: int = 0
    echoes: list[float] = field(default_factory=list)
    """The round-trip time of each PINGPONG in seconds."""


class Oracle:
    """Counts violations of KIS' rules, and records the actions of each client."""

    def __init__(self) -> None:
        self.dials: list[float] = []
        """Times of websocket requests, refused ones included."""
        self.visits: list[ClientVisit] = []
        self.open = 0
        self.most_open = 0
        """The largest number of websockets open at the same time."""
        self.overlaps = 0
        """Number of requests for a second session of the same app key."""
        self.most_registered = 0
        self.twice = 0
        """Number of times that a pair was registered while another websocket had it."""
        self.strangers = 0
        """Messages of no known shape, and echoes of no PINGPONG."""
        self.secrets: list[str] = []
        """Secrets sent over a websocket that only REST may get: ``app key`` or ``secret``."""
        self.quoted: list[tuple[float, str]] = []
        """Time and code of each REST price request, refused ones included."""

    def opened(self, now: float) -> ClientVisit:
        """A websocket is open."""
        self.visits.append(visit := ClientVisit(now))
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        return visit

    def closed(self, visit: ClientVisit, now: float, *, polite: bool) -> None:
        """A websocket has ended."""
        visit.closed_at, visit.polite = now, polite
        self.open -= 1

    def registered(self, visit: ClientVisit, pairs: Iterable[RegistrationPair]) -> None:
        """Note the registrations of a client after they changed."""
        before, visit.registered = visit.registered, tuple(pairs)
        others = [one for one in self.visits if one is not visit and one.closed_at is None]
        fresh = set(visit.registered).difference(before)
        self.twice += sum(pair in one.registered for one in others for pair in fresh)
        self.most_registered = max(self.most_registered, len(visit.registered))

    @property
    def most_quoted(self) -> int:
        """The largest number of price requests within one second."""
        times = [when for when, _ in self.quoted]
        return max((bisect_left(times, when + 1) - i for i, when in enumerate(times)), default=0)

    @property
    def echoes(self) -> list[float]:
        """The delays of all echoes."""
        return [delay for visit in self.visits for delay in visit.echoes]


class PendingPings:
    """The PINGPONGs of one websocket that are not back yet."""

    def __init__(self, visit: ClientVisit) -> None:
        self._visit = visit
        self._sent: deque[float] = deque()

    def sent(self, now: float) -> None:
        """One goes out."""
        self._visit.pings += 1
        self._sent.append(now)

    def back(self, now: float) -> bool:
        """One comes back; false if none was out."""
        if not self._sent:
            return False
        self._visit.echoes.append(now - self._sent.popleft())
        return True
