"""What the clients of a gateway want registered, and how it shares the slots with the owner.

A client that speaks KIS' protocol cannot know that a registration waits for a slot: what it was
granted it keeps until it releases it or leaves, and without a slot it gets KIS' own refusal.
"""

from collections.abc import Hashable, Iterator, Sequence

from app.feed.demand import RankedRegistration
from app.feed.registrations import LIMIT, RegistrationKey

LINGER = 10.0
"""Seconds for which registrations of a client that left are held, while slots are free.

A client that reconnects in a loop must not make the owner register in a loop.
"""

_GRANTED, _LINGERING = -1, 100
"""Ranks before and after all of the owner's."""


class ClientDemand:
    """The registrations of all clients; all times are monotonic seconds."""

    def __init__(self) -> None:
        self._wanted: dict[Hashable, dict[RegistrationKey, None]] = {}
        self._left_at: dict[RegistrationKey, float] = {}
        self._reserved: frozenset[RegistrationKey] = frozenset()
        self._limit = LIMIT

    @property
    def keys(self) -> set[RegistrationKey]:
        """The registrations that at least one client has."""
        return {key for keys in self._wanted.values() for key in keys}

    def keys_of(self, client: Hashable) -> tuple[RegistrationKey, ...]:
        """Return the registrations of a client, in the order in which they were granted."""
        return tuple(self._wanted.get(client, ()))

    def register(self, client: Hashable, key: RegistrationKey) -> bool:
        """Grant a registration; False where no slot is left for it."""
        if len(self.keys | self._reserved | {key}) > self._limit:
            return False
        self._wanted.setdefault(client, {})[key] = None
        self._left_at.pop(key, None)
        return True

    def release(self, client: Hashable, key: RegistrationKey) -> bool:
        """Release a registration at once; False if the client does not have it."""
        keys = self._wanted.get(client, {})
        if key not in keys:
            return False
        del keys[key]
        return True

    def leave(self, client: Hashable, now: float) -> None:
        """Release all registrations of a client after `LINGER` seconds."""
        left = self._wanted.pop(client, {})
        self._left_at |= dict.fromkeys(left.keys() - self.keys, now)

    def merge(
        self, own: Sequence[RankedRegistration], reserved: int, limit: int, now: float
    ) -> list[RankedRegistration]:
        """Return the registrations of the owner and of all clients, each once.

        The first `reserved` of `own` are not taken away from the owner by later clients.
        """
        self._reserved = frozenset(want.key for want in own[:reserved])
        self._limit = limit
        self._left_at = {key: at for key, at in self._left_at.items() if now - at < LINGER}
        granted = [RankedRegistration(key, _GRANTED) for key in dict.fromkeys(self._all())]
        known = {want.key for want in granted}
        rest = [want for want in own if want.key not in known]
        known.update(want.key for want in rest)
        lingering = [
            RankedRegistration(key, _LINGERING) for key in self._left_at if key not in known
        ]
        return [*granted, *rest, *lingering]

    def _all(self) -> Iterator[RegistrationKey]:
        return (key for keys in self._wanted.values() for key in keys)
