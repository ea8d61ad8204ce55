"""What the clients of a gateway want registered, and how it shares the slots with the owner.

A client that speaks KIS' protocol cannot know that a registration waits for a slot: what it was
granted it keeps until it releases it or leaves, and without a slot it gets KIS' own refusal.
"""

from collections.abc import Hashable, Iterator, Sequence
from itertools import chain

from app.feed.demand import RankedRegistration
from app.feed.registrations import LIMIT, RegistrationKey

LINGER = 10.0
"""Seconds for which registrations of a client that left are held, while slots are free.

A client that reconnects in a loop must not make the owner register in a loop.
"""

_GRANTED, _LINGERING = -1000, 100
"""Ranks before and after all of the owner's."""

_RESERVED = 100
"""By how much a reserved registration comes before all others."""


class ClientDemand:
    """The registrations of all clients; all times are monotonic seconds."""

    def __init__(self) -> None:
        self._wanted: dict[Hashable, dict[RegistrationKey, None]] = {}
        self._screens: dict[Hashable, list[RankedRegistration]] = {}
        self._screens_reserved: dict[Hashable, frozenset[RegistrationKey]] = {}
        self._left_at: dict[RegistrationKey, float] = {}
        self._reserved: frozenset[RegistrationKey] = frozenset()
        self._limit = LIMIT
        self.own: tuple[RegistrationKey, ...] = ()
        """What the owner itself wanted last."""

    @property
    def keys(self) -> set[RegistrationKey]:
        """The registrations that at least one client was granted."""
        return {key for keys in self._wanted.values() for key in keys}

    def keys_of(self, client: Hashable) -> tuple[RegistrationKey, ...]:
        """Return what a client was granted, or a screen wants, in its order."""
        if client in self._screens:
            return tuple(want.key for want in self._screens[client])
        return tuple(self._wanted.get(client, ()))

    def register(self, client: Hashable, key: RegistrationKey) -> bool:
        """Grant a registration; False where no slot is left for it."""
        reserved = self._reserved.union(*self._screens_reserved.values())
        if len(self.keys | reserved | {key}) > self._limit:
            return False
        self._wanted.setdefault(client, {})[key] = None
        self._left_at.pop(key, None)
        return True

    def update_screen(
        self, screen: Hashable, ranked: Sequence[RankedRegistration], reserved: int
    ) -> None:
        """Want these registrations for a screen, which knows that they may have to wait."""
        self._screens[screen] = list(ranked)
        self._screens_reserved[screen] = frozenset(want.key for want in ranked[:reserved])

    def release(self, client: Hashable, key: RegistrationKey) -> bool:
        """Release a registration at once; False if the client does not have it."""
        keys = self._wanted.get(client, {})
        if key not in keys:
            return False
        del keys[key]
        return True

    def leave(self, client: Hashable, now: float) -> None:
        """Release all registrations of a client after `LINGER` seconds."""
        left = set(self.keys_of(client))
        for kept in (self._wanted, self._screens, self._screens_reserved):
            kept.pop(client, None)
        self._left_at |= dict.fromkeys(left - self.keys, now)

    def merge(
        self, own: Sequence[RankedRegistration], reserved: int, limit: int, now: float
    ) -> list[RankedRegistration]:
        """Return the registrations of the owner and of all clients, each once.

        The first `reserved` of `own` are not taken away from the owner by later clients.
        """
        self.own = tuple(want.key for want in own)
        self._reserved = frozenset(self.own[:reserved])
        self._limit = limit
        self._left_at = {key: at for key, at in self._left_at.items() if now - at < LINGER}
        kept = self._reserved.union(*self._screens_reserved.values())
        ranks: dict[RegistrationKey, int] = {}
        for want in chain(self._granted(), own, *self._screens.values(), self._lingering()):
            rank = want.rank - _RESERVED * (want.key in kept)
            ranks[want.key] = min(rank, ranks.get(want.key, rank))
        ranked = [RankedRegistration(key, rank) for key, rank in ranks.items()]
        return sorted(ranked, key=lambda want: want.rank)

    def _granted(self) -> Iterator[RankedRegistration]:
        return (RankedRegistration(key, _GRANTED) for keys in self._wanted.values() for key in keys)

    def _lingering(self) -> Iterator[RankedRegistration]:
        return (RankedRegistration(key, _LINGERING) for key in self._left_at)
