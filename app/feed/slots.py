"""The planner: who of all that is wanted has the slots, without a clock and without a socket.

A row that comes into sight must not cost the server a change for every line that is scrolled: a
slot that is held changes hands at most once a second, and only for something more wanted.  Free
slots are filled, and what nobody wants any more is dropped, at once.
"""

from collections.abc import Collection, Sequence
from math import inf

from app.feed.demand import RankedRegistration
from app.feed.registrations import RegistrationKey

SWAP_EVERY = 1.0
"""Seconds between two changes that only the screen's focus or scrolling asks for."""


class SlotPlanner:
    """Hands out slots; all times are monotonic seconds."""

    def __init__(self) -> None:
        self._held: dict[RegistrationKey, None] = {}
        self._swapped_at = -inf
        self.next_at = inf
        """Time of the next swap."""

    @property
    def held(self) -> frozenset[RegistrationKey]:
        """The registrations that have a slot."""
        return frozenset(self._held)

    def plan(
        self,
        wants: Sequence[RankedRegistration],
        room: int,
        now: float,
        *,
        refused: Collection[RegistrationKey] = (),
        at_once: bool = False,
    ) -> tuple[RegistrationKey, ...]:
        """All that is wanted: first what has the slots, then what waits, then what was refused.

        `at_once` where the session or the auction changed: everything moves at full pace.
        """
        ranks = {want.key: want.rank for want in wants if want.key not in refused}
        order = list(ranks)
        # Equal ones keep what they have: only a higher rank takes a slot away.
        ideal = sorted(order, key=lambda key: (ranks[key], key not in self._held))[:room]
        held = [key for key in self._held if key in ranks]
        held = ideal if at_once else self._calmly(held, ideal, ranks, room, now)
        has_slot = set(held)
        self._held = dict.fromkeys(key for key in order if key in has_slot)
        done = has_slot == set(ideal)
        self.next_at = inf if done else self._swapped_at + SWAP_EVERY
        waiting = (key for key in order if key not in self._held)
        return (*self._held, *waiting, *(w.key for w in wants if w.key in refused))

    def _calmly(
        self,
        held: list[RegistrationKey],
        ideal: Sequence[RegistrationKey],
        ranks: dict[RegistrationKey, int],
        room: int,
        now: float,
    ) -> list[RegistrationKey]:
        kept = set(ideal)
        # The least wanted first, and of equals the one that is not meant to stay.
        surplus = sorted(held, key=lambda key: (-ranks[key], key in kept))
        for key in surplus[: max(0, len(held) - room)]:
            held.remove(key)
        stays, free = set(held), room - len(held)
        missing = [key for key in ideal if key not in stays]
        held += missing[:free]
        missing = missing[free:]
        leaving = [key for key in surplus if key in stays and key not in kept]
        if missing and leaving and now >= self._swapped_at + SWAP_EVERY:
            held.remove(leaving[0])
            held.append(missing[0])
            self._swapped_at = now
        return held
