"""Which app key each registration is on, where there are several; without clock and socket.

A registration stays on its key while that key lives.  One without a key goes to the first that has
a free slot, open sessions first: a key that is not needed needs no session.  One that a session
still holds is not registered in another one: it waits until it was released there.
"""

from collections.abc import Sequence

from msgspec import Struct

from app.feed.registration_state import RegistrationKey


class KeyRoom(Struct, frozen=True):
    """What one app key offers."""

    room: int
    """Registrations that its session takes; 0 for a key that cannot be used now."""
    is_open: bool = False
    """Whether its session is open."""
    held: frozenset[RegistrationKey] = frozenset()
    """The registrations that use a slot of its session, releases under way included."""


class KeyPlanner:
    """Assigns registrations to keys, which are numbered from 0."""

    def __init__(self) -> None:
        self._assigned: dict[RegistrationKey, int] = {}

    @property
    def assigned(self) -> dict[RegistrationKey, int]:
        """The key of each registration that has one."""
        return dict(self._assigned)

    def plan(
        self, wanted: Sequence[RegistrationKey], keys: Sequence[KeyRoom]
    ) -> list[list[RegistrationKey]]:
        """Return the registrations of each key, highest priority first.

        `wanted` are the registrations that have a slot, highest priority first.  Those that fit
        nowhere, or are still held by a key that has no room for them, are on no key.
        """
        free = [key.room for key in keys]
        bound = {pair: at for at, key in enumerate(keys) if key.room for pair in key.held}
        assigned: dict[RegistrationKey, int] = {}
        for pair in wanted:
            at = bound.get(pair, self._assigned.get(pair, -1))
            if 0 <= at < len(keys) and free[at]:
                assigned[pair] = at
                free[at] -= 1
        order = sorted(range(len(keys)), key=lambda at: (not keys[at].is_open, at))
        for pair in wanted:
            if pair not in assigned and pair not in bound:
                at = next((at for at in order if free[at]), -1)
                if at >= 0:
                    assigned[pair] = at
                    free[at] -= 1
        self._assigned = assigned
        planned: list[list[RegistrationKey]] = [[] for _ in keys]
        for pair in wanted:
            if pair in assigned:
                planned[assigned[pair]].append(pair)
        return planned
