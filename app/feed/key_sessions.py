"""The sessions of all app keys as one: which registration is on which key, without a socket.

With one key this is that key's session and nothing else.  With several `KeyPlanner` says which key
each registration is on; a key that is refused, in use elsewhere or cut off has no room, so that its
registrations go to the others by priority and stay there.
"""

from collections.abc import Iterable, Iterator
from math import inf

from msgspec.structs import replace

from app.feed.batch import KeyState
from app.feed.connection_state import Connection
from app.feed.events import Effect
from app.feed.key_planner import KeyPlanner, KeyRoom
from app.feed.keyed_session import KeyedSession, Registered, key_state
from app.feed.phase import SETTLED, LinkPhase
from app.feed.registration_state import RegistrationKey, RegistrationState, RegistrationStatus

CUT_OFF = 2.0
"""Seconds without a session after which a key hands its registrations on."""

_UNUSABLE = frozenset((LinkPhase.FATAL, LinkPhase.OCCUPIED, LinkPhase.BLOCKED, LinkPhase.UNTRUSTED))
"""Phases that no short wait ends."""

_NEARNESS = (
    LinkPhase.RESTORE,
    LinkPhase.PROBE,
    LinkPhase.DIAL,
    LinkPhase.AUTH,
    LinkPhase.CLOSING,
    LinkPhase.BACKOFF,
    LinkPhase.OFFLINE,
    LinkPhase.UNTRUSTED,
    LinkPhase.BLOCKED,
    LinkPhase.OCCUPIED,
    LinkPhase.FATAL,
    LinkPhase.OFF,
    LinkPhase.STOPPED,
)
"""Phases without data, the nearest to a session first."""

_SPEAKING = SETTLED | {LinkPhase.SUSPECT}
"""Phases in which the age of the last message counts."""

_NO_SLOT = RegistrationStatus(RegistrationState.NO_SLOT)


class KeySessions:
    """The sessions of several app keys, the first one used first; times are monotonic seconds."""

    def __init__(self, links: Iterable[KeyedSession]) -> None:
        self._links = tuple(links)
        self._planner = KeyPlanner()
        self._down_since = [inf] * len(self._links)
        self._rooms: list[KeyRoom] = []
        self._wanted: tuple[RegistrationKey, ...] = ()
        self._is_stale = False

    @property
    def unasked(self) -> int:
        """Answers that nobody had asked for."""
        return sum(link.session.unasked for link in self._links)

    def confirm(self, tr_id: str, code: str, now: float) -> bool:
        """Data of a registration came; False if nobody asked for it."""
        return any(link.session.confirm(tr_id, code, now) for link in self._links)

    @property
    def registrations(self) -> Registered:
        """The registrations of all keys."""
        return self._links[0].session.registrations if self._is_single else _AllKeys(self)

    @property
    def connection(self) -> Connection:
        """The connection that speaks for all: live while one of those in use is."""
        if self._is_single:
            return self._links[0].session.connection
        used = [link for link in self._links if self._is_used(link)] or list(self._links[:1])
        states = [link.session.connection for link in used]
        settled = [state for state in states if state.phase in SETTLED]
        suspect = [state for state in states if state.phase is LinkPhase.SUSPECT]
        degraded = [state for state in settled if state.phase is LinkPhase.DEGRADED]
        found = next(filter(None, (suspect, degraded, settled)), None)
        leading = found[0] if found else min(states, key=lambda one: _NEARNESS.index(one.phase))
        epochs = sum(link.session.connection.epoch for link in self._links)
        return replace(leading, epoch=epochs)

    def each(self) -> list[tuple[str, Connection, int]]:
        """Return name, connection and used slots of each key; no name where there is one alone."""
        return [
            (
                "" if self._is_single else link.name,
                link.session.connection,
                link.session.registrations.used,
            )
            for link in self._links
        ]

    @property
    def key_states(self) -> tuple[KeyState, ...]:
        """The state of each key; empty where there is one alone."""
        return () if self._is_single else tuple(map(key_state, self._links))

    def last_message(self) -> tuple[float, float]:
        """Return when the quietest session got its last message, and how long it may be quiet."""
        spoken = [
            (link.last_message, link.session.connection.silence.notice)
            for link in self._links
            if link.session.connection.phase in _SPEAKING and self._is_used(link)
        ]
        if not spoken:
            first = self._links[0]
            last = max(link.last_message for link in self._links)
            return last, first.session.connection.silence.notice
        return min(spoken, key=sum)

    def poll(self, now: float) -> bool:
        """Return whether the registrations must be planned again: a key died or came back."""
        if self._is_single:
            return False
        rooms = self._rooms_at(now)
        changed = [(one.room, one.is_open) for one in rooms] != [
            (one.room, one.is_open) for one in self._rooms
        ]
        self._is_stale = self._is_stale or changed or self._has_stranded(rooms)
        self._rooms = rooms
        return self._is_stale

    @property
    def next_at(self) -> float:
        """Return when the next key that is cut off counts as dead; infinite for none."""
        return min((at + CUT_OFF for at in self._down_since), default=inf)

    def request(self, keys: Iterable[RegistrationKey], now: float, *, brisk: bool) -> list[Effect]:
        """Want these registrations, as `LinkSession.request`, each on one key.

        What other sessions than a single one are to do is done here.
        """
        if self._is_single:
            return self._links[0].session.request(keys, now, brisk=brisk)
        self._rooms = rooms = self._rooms or self._rooms_at(now)
        self._wanted = tuple(keys)
        refused = set(self._all_refused())
        held = [key for key in self._wanted if key not in refused][: self._limit]
        planned = self._planner.plan(held, rooms)
        waits = len(self._wanted) - len(refused) > sum(map(len, planned))
        moved, self._is_stale = self._is_stale, False
        for link, own in zip(self._links, planned, strict=True):
            registrations = link.session.registrations
            needed = link.is_ours and bool(own or waits)
            own += [key for key in registrations.refused if key in self._wanted]
            same = tuple(own) == registrations.wanted
            if not same or needed is not link.session.connection.is_wanted:
                link.perform(link.session.request(own, now, brisk=brisk or moved, is_needed=needed))
        return []

    # --- inside

    @property
    def _is_single(self) -> bool:
        return len(self._links) == 1

    @property
    def _limit(self) -> int:
        return sum(room.room for room in self._rooms)

    def _is_used(self, link: KeyedSession) -> bool:
        """Return whether a key has registrations, or tries to get a session for some that wait."""
        return bool(link.session.registrations.wanted) or link.session.connection.is_wanted

    def _rooms_at(self, now: float) -> list[KeyRoom]:
        """Return what each key offers; where all are cut off, as if none was."""
        usable = [self._is_usable(at, now) for at in range(len(self._links))]
        if not any(usable):
            usable = [
                link.is_ours and link.session.connection.phase not in _UNUSABLE
                for link in self._links
            ]
        if not any(usable):
            usable = [link.is_ours for link in self._links]
        return [
            KeyRoom(
                link.session.registrations.limit if is_usable else 0,
                link.session.connection.is_open,
                link.session.registrations.in_use
                if link.session.connection.is_open
                else frozenset(),
            )
            for link, is_usable in zip(self._links, usable, strict=True)
        ]

    def _is_usable(self, at: int, now: float) -> bool:
        link = self._links[at]
        state = link.session.connection
        if state.is_open or state.phase is LinkPhase.OFF:
            self._down_since[at] = inf
            return link.is_ours
        self._down_since[at] = min(self._down_since[at], now)
        if state.phase in _UNUSABLE or not link.is_ours:
            return False
        # What a session that is being closed holds must not be registered in another one.
        return state.phase is LinkPhase.CLOSING or now - self._down_since[at] < CUT_OFF

    def _has_stranded(self, rooms: Iterable[KeyRoom]) -> bool:
        """Return whether a registration that has a slot is on no key, and may be now."""
        assigned = self._planner.assigned
        refused = set(self._all_refused())
        held = [key for key in self._wanted if key not in refused][: self._limit]
        stranded = [key for key in held if key not in assigned]
        busy = frozenset[RegistrationKey]().union(*(room.held for room in rooms))
        return any(key not in busy for key in stranded)

    def _all_refused(self) -> Iterator[RegistrationKey]:
        for link in self._links:
            yield from link.session.registrations.refused


class _AllKeys:
    """The registrations of several keys; see `Registered`."""

    def __init__(self, sessions: KeySessions) -> None:
        self._sessions = sessions
        self._each = [link.session.registrations for link in sessions._links]

    @property
    def limit(self) -> int:
        return self._sessions._limit

    @property
    def used(self) -> int:
        links = self._sessions._links
        return sum(
            link.session.registrations.used for link in links if link.session.connection.is_open
        )

    @property
    def waiting(self) -> int:
        held = sum(len(one.targets) for one in self._each)
        return max(0, len(self._sessions._wanted) - len(self.refused) - held)

    @property
    def wanted(self) -> tuple[RegistrationKey, ...]:
        # After a key died or came back the subscriber has to request again what it wants.
        return () if self._sessions._is_stale else self._sessions._wanted

    @property
    def targets(self) -> list[RegistrationKey]:
        return [key for one in self._each for key in one.targets]

    @property
    def refused(self) -> list[RegistrationKey]:
        return list(self._sessions._all_refused())

    def statuses(self) -> dict[RegistrationKey, RegistrationStatus]:
        found: dict[RegistrationKey, RegistrationStatus] = {}
        for link in self._sessions._links:
            for key, status in link.session.registrations.statuses().items():
                found[key] = replace(status, app_key=link.name)
        return {key: found.get(key, _NO_SLOT) for key in self._sessions._wanted}
