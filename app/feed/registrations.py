"""Registrations: the wanted ones, the requests sent to the server, and its answers.

The server forgets everything with the socket, and holds 41 registrations of (TR, code) at most.  A
slot counts as used from the moment a registration is sent until its release is acknowledged.
"""

from collections.abc import Collection, Iterable

from app.feed.registration_state import ControlRequest, RegistrationEntry
from app.feed.registration_state import RegistrationKey as RegistrationKey
from app.feed.registration_state import RegistrationState as RegistrationState
from app.feed.registration_state import RegistrationStatus as RegistrationStatus
from app.system.secret import redact_foreign
from specs.control import Ack, RefusalReaction

LIMIT = 41
"""Registrations a session holds, over all TRs; measured by several public clients, undocumented."""

ACK_TIMEOUT = 5.0
TRIES = 2
"""Number of times that a message is sent before its answer is given up."""

RETRY_AFTER = (15.0, 45.0, 120.0)


_UNDER_WAY = frozenset((RegistrationState.SENT, RegistrationState.RELEASING))
_HELD = frozenset(
    (
        RegistrationState.ACTIVE,
        RegistrationState.UNCONFIRMED,
        RegistrationState.RELEASING,
        RegistrationState.STUCK,
    )
)
_SURPLUS = frozenset((RegistrationState.ACTIVE, RegistrationState.UNCONFIRMED))
"""States of a row that is released once it is no longer among the targets."""

_USES_SLOT = _HELD | {RegistrationState.SENT}

_BLANK = RegistrationEntry()


class Registrations:
    """Registrations of one session after another; all times are monotonic seconds."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._ceiling = limit
        self.limit = limit
        """Registrations the server takes, as far as is known."""
        self._wanted: dict[RegistrationKey, None] = {}
        self._lines: dict[RegistrationKey, RegistrationEntry] = {}
        self._since: dict[RegistrationKey, float] = {}
        self.unasked = 0
        """Answers that nobody had asked for."""

    @property
    def wanted(self) -> tuple[RegistrationKey, ...]:
        """The wanted registrations, highest priority first."""
        return tuple(self._wanted)

    @property
    def used(self) -> int:
        """Slots in use, releases under way included."""
        return sum(line.state in _USES_SLOT for line in self._lines.values())

    @property
    def in_use(self) -> frozenset[RegistrationKey]:
        """The registrations that use a slot, releases under way included."""
        return frozenset(key for key, line in self._lines.items() if line.state in _USES_SLOT)

    @property
    def unanswered(self) -> int:
        """Control messages whose answer is still waited for."""
        return sum(line.state in _UNDER_WAY for line in self._lines.values())

    @property
    def targets(self) -> list[RegistrationKey]:
        """Return the registrations to hold: the highest priorities, as many as there are slots."""
        refused = set(self.refused)
        return [key for key in self._wanted if key not in refused][: self.limit]

    @property
    def is_complete(self) -> bool:
        """Whether the server took everything that it has slots for, and refused nothing."""
        return not self.refused and all(
            self._at(key) is RegistrationState.ACTIVE for key in self.targets
        )

    @property
    def waiting(self) -> int:
        """Number of registrations that wait for a slot."""
        return max(0, len(self._wanted) - len(self.refused) - self.limit)

    @property
    def refused(self) -> list[RegistrationKey]:
        """The registrations that the server refused."""
        return [key for key, line in self._lines.items() if line.state is RegistrationState.REFUSED]

    def statuses(self) -> dict[RegistrationKey, RegistrationStatus]:
        """Return the status of every wanted registration, highest priority first."""
        targets = set(self.targets)
        return {key: self._place(key, targets) for key in self._wanted}

    def _place(
        self, key: RegistrationKey, targets: Collection[RegistrationKey]
    ) -> RegistrationStatus:
        line = self._lines.get(key, _BLANK)
        standing = line.state
        if standing is RegistrationState.NONE and key not in targets:
            standing = RegistrationState.NO_SLOT
        since = self._since.get(key, line.sent_at)
        return RegistrationStatus(standing, line.code, since, line.detail)

    def request(self, keys: Iterable[RegistrationKey]) -> None:
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

    def next_order(self, now: float) -> ControlRequest | None:
        """The control message that is due, if any; releases come before registrations."""
        order = self.overdue(now)
        if order is not None:
            return order
        targets = dict.fromkeys(self.targets)
        for key, line in self._lines.items():
            if self._is_surplus(key, line, targets):
                line.state, line.sent_at, line.tries = RegistrationState.RELEASING, now, 1
                return ControlRequest(key, register=False)
        for key in targets:
            if self._is_missing(key, now) and self._has_slot(key):
                line = self._lines.setdefault(key, RegistrationEntry())
                line.state, line.sent_at, line.tries = RegistrationState.SENT, now, 1
                return ControlRequest(key, register=True)
        return None

    def overdue(self, now: float) -> ControlRequest | None:
        """A message to be sent once more, as its answer is overdue; after two it is given up."""
        for key, line in self._lines.items():
            if line.state not in _UNDER_WAY or now - line.sent_at < ACK_TIMEOUT:
                continue
            register = line.state is RegistrationState.SENT
            if line.tries < TRIES and (not register or key in self.targets):
                line.sent_at, line.tries = now, line.tries + 1
                return ControlRequest(key, register)
            line.state = RegistrationState.UNCONFIRMED if register else RegistrationState.STUCK
        return None

    def probe(self) -> ControlRequest | None:
        """The registration once more of a row that the server holds: it must answer something."""
        for key, line in self._lines.items():
            if line.state is RegistrationState.ACTIVE:
                return ControlRequest(key, register=True)
        return None

    def renew(self, now: float) -> ControlRequest | None:
        """Release the row of the highest priority; it is registered again after the answer."""
        for key in self._wanted:
            line = self._lines.get(key)
            if line is not None and line.state is RegistrationState.ACTIVE:
                line.state, line.sent_at, line.tries = RegistrationState.RELEASING, now, 1
                return ControlRequest(key, register=False)
        return None

    def next_at(self, now: float) -> float:
        """Return the time of the next order: now, or when an answer is overdue or a retry due."""
        targets = dict.fromkeys(self.targets)
        has_slot = self.used < self.limit
        if has_slot and not targets.keys() <= self._lines.keys():
            return now
        at = now + 60.0
        for key, line in self._lines.items():
            if line.state in _UNDER_WAY:
                at = min(at, line.sent_at + ACK_TIMEOUT)
            elif key not in targets:
                if line.state in _SURPLUS:
                    return now
            elif line.state is RegistrationState.STUCK:
                return now
            elif line.state is RegistrationState.NONE and has_slot:
                at = min(at, line.retry_at)
        return max(now, at)

    def acknowledge(self, ack: Ack) -> bool:
        """Enter an answer; False if nobody asked for it.

        An answer that names no row of ours changes none: which one it means would be a guess.
        """
        key = RegistrationKey(ack.tr_id, ack.tr_key)
        line = self._lines.get(key)
        if line is None:
            self.unasked += 1
            return False
        releasing = line.state is RegistrationState.RELEASING
        match ack.reaction:
            case RefusalReaction.RELEASED:
                self._release(key, line)
            case RefusalReaction.ACCEPTED if releasing:
                self._release(key, line)
            case RefusalReaction.REGISTERED | RefusalReaction.ACCEPTED:
                self._confirm(key, line)
            case RefusalReaction.UNKNOWN:
                # The answer is unclear: data may still confirm the row, others do not wait.
                if line.state in _UNDER_WAY:
                    line.state = (
                        RegistrationState.STUCK if releasing else RegistrationState.UNCONFIRMED
                    )
                self.unasked += 1
                return False
            case RefusalReaction.DECLINED if line.state not in (
                *_UNDER_WAY,
                RegistrationState.UNCONFIRMED,
            ):
                # The answer to a probe: the row is as registered as it was.
                return True
            case (
                RefusalReaction.ROW_RETRY | RefusalReaction.ROW_REFUSED | RefusalReaction.DECLINED
            ) if releasing:
                # A slot becomes free with the answer of the server.
                line.state = RegistrationState.STUCK
            case RefusalReaction.NO_SLOT:
                line.state = RegistrationState.NONE
                held = sum(other.state in _HELD for other in self._lines.values())
                self.limit = min(self.limit, max(1, held))
            case RefusalReaction.ROW_RETRY if line.failures < len(RETRY_AFTER):
                line.state = RegistrationState.NONE
                line.retry_at = line.sent_at + RETRY_AFTER[line.failures]
                line.failures += 1
            case RefusalReaction.ROW_RETRY | RefusalReaction.ROW_REFUSED | RefusalReaction.DECLINED:
                line.state, line.code = RegistrationState.REFUSED, ack.code
                line.detail = redact_foreign(ack.message)
            case _:
                self.unasked += 1
                return False
        self._forget_loose_lines()
        return True

    def confirm(self, tr_id: str, code: str) -> bool:
        """Data of a registration arrived, which confirms it; False if nobody asked for it."""
        key = RegistrationKey(tr_id, code)
        line = self._lines.get(key)
        if line is None:
            return False
        self._confirm(key, line)
        if line.state is RegistrationState.REFUSED and self.used < self.limit:
            # The server sends the row although it refused it.
            line.state, line.failures = RegistrationState.ACTIVE, 0
        return line.state is not RegistrationState.NONE

    def _confirm(self, key: RegistrationKey, line: RegistrationEntry) -> None:
        if line.state in (RegistrationState.SENT, RegistrationState.UNCONFIRMED):
            line.state, line.failures = RegistrationState.ACTIVE, 0
            if key in self._wanted:
                self._since.setdefault(key, line.sent_at)

    def _release(self, key: RegistrationKey, line: RegistrationEntry) -> None:
        line.state = RegistrationState.NONE
        if key not in self.targets:
            # Its slot went to another row, so its data are missed by choice.
            self._since.pop(key, None)

    def _at(self, key: RegistrationKey) -> RegistrationState:
        line = self._lines.get(key)
        return line.state if line is not None else RegistrationState.NONE

    def _has_slot(self, key: RegistrationKey) -> bool:
        return self._at(key) is RegistrationState.STUCK or self.used < self.limit

    def _is_surplus(
        self, key: RegistrationKey, line: RegistrationEntry, targets: Collection[RegistrationKey]
    ) -> bool:
        return line.state in _SURPLUS and key not in targets

    def _is_missing(self, key: RegistrationKey, now: float) -> bool:
        line = self._lines.get(key)
        if line is None or line.state is RegistrationState.STUCK:
            return True
        return line.state is RegistrationState.NONE and now >= line.retry_at

    def _forget_loose_lines(self) -> None:
        """Drop the lines that say nothing: not wanted and without a slot."""
        for key in [k for k, line in self._lines.items() if line.state not in _USES_SLOT]:
            line = self._lines[key]
            if key not in self._wanted or (
                line.state is RegistrationState.NONE and not line.failures
            ):
                del self._lines[key]
