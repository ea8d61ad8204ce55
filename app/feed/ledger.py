"""The ledger of registrations: what is wanted, what the server was told, what it answered.

The server forgets everything with the socket, and holds 41 registrations of (TR, code) at most.  A
slot counts as used from the moment a registration is sent until its release is acknowledged.
"""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from specs.control import Ack, Reaction

LIMIT = 41
"""Registrations a session holds, over all TRs; measured by several public clients, undocumented."""

SPACING = 0.1
ACK_TIMEOUT = 5.0
TRIES = 2
RETRY_AFTER = (15.0, 45.0, 120.0)


class Key(Struct, frozen=True, gc=False, order=True):
    """One registration: a code on a TR."""

    tr_id: str
    code: str


class Standing(StrEnum):
    """What the server holds of one registration."""

    NONE = "none"
    SENT = "sent"
    ACTIVE = "active"
    RELEASING = "releasing"
    UNCONFIRMED = "unconfirmed"
    REFUSED = "refused"
    NO_SLOT = "no_slot"


_USES_SLOT = frozenset((Standing.SENT, Standing.ACTIVE, Standing.RELEASING, Standing.UNCONFIRMED))


class Line(Struct):
    """One line of the ledger."""

    standing: Standing = Standing.NONE
    sent_at: float = 0.0
    tries: int = 0
    code: str = ""
    retry_at: float = 0.0


class Order(Struct, frozen=True):
    """A control message to be sent."""

    key: Key
    register: bool


class Ledger:
    """Registrations of one session after another; all times are monotonic seconds."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._ceiling = limit
        self._limit = limit
        self._wanted: dict[Key, None] = {}
        self._lines: dict[Key, Line] = {}
        self._last_sent = float("-inf")
        self.unasked = 0

    @property
    def limit(self) -> int:
        """Registrations the server takes, as far as is known."""
        return self._limit

    @property
    def used(self) -> int:
        """Slots in use, releases under way included."""
        return sum(line.standing in _USES_SLOT for line in self._lines.values())

    @property
    def wanted(self) -> tuple[Key, ...]:
        """What is wanted, most wanted first."""
        return tuple(self._wanted)

    def standing(self, key: Key) -> tuple[Standing, str]:
        """What the server holds of a registration, and the code it refused it with."""
        line = self._lines.get(key)
        return (line.standing, line.code) if line else (Standing.NONE, "")

    def want(self, keys: Iterable[Key]) -> None:
        """Want these registrations and no others, most wanted first."""
        self._wanted = dict.fromkeys(keys)
        for key in [k for k, line in self._lines.items() if k not in self._wanted]:
            if self._lines[key].standing not in _USES_SLOT:
                del self._lines[key]

    def new_session(self) -> None:
        """A new socket: the server knows nothing."""
        self._lines.clear()
        self._limit = self._ceiling
        self._last_sent = float("-inf")

    def next_order(self, now: float) -> Order | None:
        """The control message that is due now, if any; releases come before registrations."""
        if now - self._last_sent < SPACING:
            return None
        for key, line in self._lines.items():
            if key not in self._wanted and self._due_for_release(line, now):
                line.tries = line.tries + 1 if line.standing is Standing.RELEASING else 1
                line.standing, line.sent_at = Standing.RELEASING, now
                self._last_sent = now
                return Order(key, register=False)
        for key in self._wanted:
            line = self._lines.setdefault(key, Line())
            if self._due_for_registration(line, now):
                if line.standing is Standing.NONE and self.used >= self._limit:
                    line.standing = Standing.NO_SLOT
                    continue
                line.standing, line.sent_at = Standing.SENT, now
                line.tries += 1
                self._last_sent = now
                return Order(key, register=True)
        return None

    def next_at(self, now: float) -> float:
        """When `next_order` is worth asking again."""
        times = [now + 60.0]
        for key, line in self._lines.items():
            if line.standing in (Standing.SENT, Standing.RELEASING):
                times.append(line.sent_at + ACK_TIMEOUT)
            elif line.standing is Standing.NONE or key not in self._wanted:
                times.append(max(line.retry_at, self._last_sent + SPACING))
        if any(key not in self._lines for key in self._wanted):
            times.append(self._last_sent + SPACING)
        return min(times)

    def acknowledge(self, ack: Ack) -> bool:
        """Enter an answer; False if nobody asked for it."""
        key = Key(ack.tr_id, ack.tr_key)
        line = self._lines.get(key)
        if line is None:
            self.unasked += 1
            return False
        match ack.reaction:
            case Reaction.REGISTERED if line.standing in (Standing.SENT, Standing.UNCONFIRMED):
                line.standing, line.tries = Standing.ACTIVE, 0
            case Reaction.RELEASED:
                self._release(key, line)
            case Reaction.NO_SLOT:
                line.standing = Standing.NO_SLOT
                self._limit = min(self._limit, max(1, self.used))
            case Reaction.ROW_RETRY if line.tries <= len(RETRY_AFTER):
                line.standing = Standing.NONE
                line.retry_at = line.sent_at + RETRY_AFTER[max(0, line.tries - 1)]
            case Reaction.ROW_RETRY | Reaction.ROW_REFUSED:
                line.standing, line.code = Standing.REFUSED, ack.code
            case Reaction.REGISTERED:
                pass
            case _:
                self.unasked += 1
                return False
        return True

    def heard(self, tr_id: str, code: str) -> bool:
        """Data of a registration arrived, which confirms it; False if nobody asked for it."""
        line = self._lines.get(Key(tr_id, code))
        if line is None:
            return False
        if line.standing in (Standing.SENT, Standing.UNCONFIRMED):
            line.standing, line.tries = Standing.ACTIVE, 0
        return line.standing is not Standing.NONE

    def _release(self, key: Key, line: Line) -> None:
        del self._lines[key]
        for other in self._lines.values():
            if other.standing is Standing.NO_SLOT:
                other.standing = Standing.NONE

    @staticmethod
    def _due_for_release(line: Line, now: float) -> bool:
        if line.standing is Standing.RELEASING:
            return line.tries < TRIES and now - line.sent_at >= ACK_TIMEOUT
        return line.standing in _USES_SLOT

    @staticmethod
    def _due_for_registration(line: Line, now: float) -> bool:
        if line.standing is Standing.SENT and now - line.sent_at >= ACK_TIMEOUT:
            if line.tries < TRIES:
                return True
            line.standing = Standing.UNCONFIRMED
            return False
        return line.standing is Standing.NONE and now >= line.retry_at
