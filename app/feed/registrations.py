"""The ledger of registrations: what is wanted, what the server was told, what it answered.

The server forgets everything with the socket, and holds 41 registrations of (TR, code) at most.  A
slot counts as used from the moment a registration is sent until its release is acknowledged.
"""

from collections.abc import Collection, Iterable

from app.feed.registration_state import Key as Key
from app.feed.registration_state import Line, Order
from app.feed.registration_state import Place as Place
from app.feed.registration_state import Standing as Standing
from app.system.secret import redact_foreign
from specs.control import Ack, Reaction

LIMIT = 41
"""Registrations a session holds, over all TRs; measured by several public clients, undocumented."""

ACK_TIMEOUT = 5.0
TRIES = 2
"""How often a message is sent before its answer is given up."""

RETRY_AFTER = (15.0, 45.0, 120.0)


_UNDER_WAY = frozenset((Standing.SENT, Standing.RELEASING))
_HELD = frozenset((Standing.ACTIVE, Standing.UNCONFIRMED, Standing.RELEASING, Standing.STUCK))
_USES_SLOT = _HELD | {Standing.SENT}

_BLANK = Line()


class Ledger:
    """Registrations of one session after another; all times are monotonic seconds."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._ceiling = limit
        self.limit = limit
        """Registrations the server takes, as far as is known."""
        self._wanted: dict[Key, None] = {}
        self._lines: dict[Key, Line] = {}
        self._since: dict[Key, float] = {}
        self.unasked = 0
        """Answers that nobody had asked for."""

    @property
    def wanted(self) -> tuple[Key, ...]:
        """What is wanted, most wanted first."""
        return tuple(self._wanted)

    @property
    def used(self) -> int:
        """Slots in use, releases under way included."""
        return sum(line.standing in _USES_SLOT for line in self._lines.values())

    @property
    def unanswered(self) -> int:
        """Control messages whose answer is still waited for."""
        return sum(line.standing in _UNDER_WAY for line in self._lines.values())

    @property
    def targets(self) -> list[Key]:
        """What shall be registered: the most wanted, as many as there are slots."""
        welcome = [key for key in self._wanted if self._at(key) is not Standing.REFUSED]
        return welcome[: self.limit]

    @property
    def is_complete(self) -> bool:
        """Whether the server took everything that it has slots for, and refused nothing."""
        return not self.refused and all(self._at(key) is Standing.ACTIVE for key in self.targets)

    @property
    def waiting(self) -> int:
        """How many wait for a slot."""
        return max(0, len(self._wanted) - len(self.refused) - self.limit)

    @property
    def refused(self) -> list[Key]:
        """What the server will not have."""
        return [key for key, line in self._lines.items() if line.standing is Standing.REFUSED]

    def places(self) -> dict[Key, Place]:
        """What the server holds of everything that is wanted, most wanted first."""
        targets = set(self.targets)
        return {key: self._place(key, targets) for key in self._wanted}

    def _place(self, key: Key, targets: Collection[Key]) -> Place:
        line = self._lines.get(key, _BLANK)
        standing = line.standing
        if standing is Standing.NONE and key not in targets:
            standing = Standing.NO_SLOT
        since = self._since.get(key, line.sent_at)
        return Place(standing, line.code, since, line.words)

    def want(self, keys: Iterable[Key]) -> None:
        """Want these registrations and no others, most wanted first."""
        self._wanted = dict.fromkeys(keys)
        self._since = {key: at for key, at in self._since.items() if key in self._wanted}
        self._forget_loose_lines()

    def new_session(self) -> None:
        """A new socket: the server knows nothing."""
        self._lines.clear()
        self.limit = self._ceiling

    def is_settled(self, now: float) -> bool:
        """Whether nothing is under way or due."""
        return not self.unanswered and self.next_at(now) > now

    def next_order(self, now: float) -> Order | None:
        """The control message that is due, if any; releases come before registrations."""
        order = self.overdue(now)
        if order is not None:
            return order
        targets = dict.fromkeys(self.targets)
        for key, line in self._lines.items():
            if self._is_surplus(key, line, targets):
                line.standing, line.sent_at, line.tries = Standing.RELEASING, now, 1
                return Order(key, register=False)
        for key in targets:
            if self._is_missing(key, now) and self._has_slot(key):
                line = self._lines.setdefault(key, Line())
                line.standing, line.sent_at, line.tries = Standing.SENT, now, 1
                return Order(key, register=True)
        return None

    def overdue(self, now: float) -> Order | None:
        """A message to be sent once more, as its answer is overdue; after two it is given up."""
        for key, line in self._lines.items():
            if line.standing not in _UNDER_WAY or now - line.sent_at < ACK_TIMEOUT:
                continue
            register = line.standing is Standing.SENT
            if line.tries < TRIES and (not register or key in self.targets):
                line.sent_at, line.tries = now, line.tries + 1
                return Order(key, register)
            line.standing = Standing.UNCONFIRMED if register else Standing.STUCK
        return None

    def probe(self) -> Order | None:
        """The registration once more of a row that the server holds: it must answer something."""
        for key, line in self._lines.items():
            if line.standing is Standing.ACTIVE:
                return Order(key, register=True)
        return None

    def renew(self, now: float) -> Order | None:
        """The release of the most wanted row, which is registered anew once that is answered."""
        for key in self._wanted:
            line = self._lines.get(key)
            if line is not None and line.standing is Standing.ACTIVE:
                line.standing, line.sent_at, line.tries = Standing.RELEASING, now, 1
                return Order(key, register=False)
        return None

    def next_at(self, now: float) -> float:
        """When `next_order` has something: at once, or when an answer is overdue or a retry due."""
        targets = dict.fromkeys(self.targets)
        if any(self._is_surplus(key, line, targets) for key, line in self._lines.items()):
            return now
        if any(self._is_missing(key, now) and self._has_slot(key) for key in targets):
            return now
        at = now + 60.0
        for key, line in self._lines.items():
            if line.standing in _UNDER_WAY:
                at = min(at, line.sent_at + ACK_TIMEOUT)
            elif line.standing is Standing.NONE and key in targets and self.used < self.limit:
                at = min(at, line.retry_at)
        return max(now, at)

    def acknowledge(self, ack: Ack) -> bool:
        """Enter an answer; False if nobody asked for it.

        An answer that names no row of ours changes none: which one it means would be a guess.
        """
        key = Key(ack.tr_id, ack.tr_key)
        line = self._lines.get(key)
        if line is None:
            self.unasked += 1
            return False
        releasing = line.standing is Standing.RELEASING
        match ack.reaction:
            case Reaction.RELEASED:
                self._release(key, line)
            case Reaction.ACCEPTED if releasing:
                self._release(key, line)
            case Reaction.REGISTERED | Reaction.ACCEPTED:
                self._confirm(key, line)
            case Reaction.UNKNOWN:
                # It says neither yes nor no: data may still confirm the row, others do not wait.
                if line.standing in _UNDER_WAY:
                    line.standing = Standing.STUCK if releasing else Standing.UNCONFIRMED
                self.unasked += 1
                return False
            case Reaction.DECLINED if line.standing not in (*_UNDER_WAY, Standing.UNCONFIRMED):
                # The answer to a probe: the row is as registered as it was.
                return True
            case Reaction.ROW_RETRY | Reaction.ROW_REFUSED | Reaction.DECLINED if releasing:
                # A slot is free only when the server says so.
                line.standing = Standing.STUCK
            case Reaction.NO_SLOT:
                line.standing = Standing.NONE
                held = sum(other.standing in _HELD for other in self._lines.values())
                self.limit = min(self.limit, max(1, held))
            case Reaction.ROW_RETRY if line.failures < len(RETRY_AFTER):
                line.standing = Standing.NONE
                line.retry_at = line.sent_at + RETRY_AFTER[line.failures]
                line.failures += 1
            case Reaction.ROW_RETRY | Reaction.ROW_REFUSED | Reaction.DECLINED:
                line.standing, line.code = Standing.REFUSED, ack.code
                line.words = redact_foreign(ack.message)
            case _:
                self.unasked += 1
                return False
        self._forget_loose_lines()
        return True

    def heard(self, tr_id: str, code: str) -> bool:
        """Data of a registration arrived, which confirms it; False if nobody asked for it."""
        key = Key(tr_id, code)
        line = self._lines.get(key)
        if line is None:
            return False
        self._confirm(key, line)
        if line.standing is Standing.REFUSED and self.used < self.limit:
            # The server sends the row although it refused it.
            line.standing, line.failures = Standing.ACTIVE, 0
        return line.standing is not Standing.NONE

    def _confirm(self, key: Key, line: Line) -> None:
        if line.standing in (Standing.SENT, Standing.UNCONFIRMED):
            line.standing, line.failures = Standing.ACTIVE, 0
            if key in self._wanted:
                self._since.setdefault(key, line.sent_at)

    def _release(self, key: Key, line: Line) -> None:
        line.standing = Standing.NONE
        if key not in self.targets:
            # Its slot went to another row, so its data are missed by choice.
            self._since.pop(key, None)

    def _at(self, key: Key) -> Standing:
        line = self._lines.get(key)
        return line.standing if line is not None else Standing.NONE

    def _has_slot(self, key: Key) -> bool:
        return self._at(key) is Standing.STUCK or self.used < self.limit

    def _is_surplus(self, key: Key, line: Line, targets: Collection[Key]) -> bool:
        return line.standing in (Standing.ACTIVE, Standing.UNCONFIRMED) and key not in targets

    def _is_missing(self, key: Key, now: float) -> bool:
        line = self._lines.get(key)
        if line is None or line.standing is Standing.STUCK:
            return True
        return line.standing is Standing.NONE and now >= line.retry_at

    def _forget_loose_lines(self) -> None:
        """Drop the lines that say nothing: not wanted and without a slot."""
        for key in [k for k, line in self._lines.items() if line.standing not in _USES_SLOT]:
            line = self._lines[key]
            if key not in self._wanted or (line.standing is Standing.NONE and not line.failures):
                del self._lines[key]
