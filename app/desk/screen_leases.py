"""The screens of a desk: what each wants, and until when its request holds."""

from collections.abc import Iterator
from math import inf

from msgspec import Struct

from app.desk.desk_messages import LEASE_SECONDS, DeskAnswer, DeskRequest
from app.feed.batch import Sharer
from app.feed.registration_state import RegistrationKey, RegistrationState
from app.hub.client_demand import ClientDemand
from app.hub.screen_client import Statuses
from specs.clean import clean

MOST_SCREENS = 64
_LONGEST_NAME = 40


class ScreenLease(Struct):
    """One screen."""

    screen: str
    name: str
    until: float = -inf


class ScreenLeases:
    """Enters the requests of screens into the one plan of all programs.

    All times are monotonic seconds.
    """

    def __init__(self, demand: ClientDemand) -> None:
        self._demand = demand
        self._leases: dict[str, ScreenLease] = {}

    def __len__(self) -> int:
        return len(self._leases)

    def apply(self, request: DeskRequest, now: float) -> bool:
        """Enter, renew or end a screen's request; return whether the demand may have changed."""
        screen = request.screen
        if request.leaves:
            return self._leave(screen, now)
        if screen not in self._leases and len(self._leases) >= MOST_SCREENS:
            return False
        lease = self._leases.setdefault(screen, ScreenLease(screen, ""))
        lease.name, lease.until = clean(request.name, _LONGEST_NAME), now + LEASE_SECONDS
        ranked = request.ranked()
        changed = tuple(want.key for want in ranked) != self._demand.keys_of(("desk", screen))
        self._demand.update_screen(("desk", screen), ranked, max(0, request.reserved))
        return changed

    def poll(self, now: float) -> bool:
        """End the requests that were not renewed; return whether there were any."""
        lapsed = [one.screen for one in self._leases.values() if now >= one.until]
        for screen in lapsed:
            self._leave(screen, now)
        return bool(lapsed)

    def answer(self, request: DeskRequest, statuses: Statuses, hub: str, epoch: str) -> DeskAnswer:
        """Return what became of a request: what has a slot, and what waits, and why."""
        granted, waiting = [], []
        if request.screen in self._leases:
            for key in self._demand.keys_of(("desk", request.screen)):
                status = statuses.get(key)
                if status is None or status.state is RegistrationState.NO_SLOT:
                    waiting.append((key.tr_id, key.code, "no_slot"))
                elif status.state is RegistrationState.REFUSED:
                    waiting.append((key.tr_id, key.code, status.code or "refused"))
                else:
                    granted.append((key.tr_id, key.code))
        return DeskAnswer(hub, epoch, granted=tuple(granted), waiting=tuple(waiting))

    def sharers(self, statuses: Statuses) -> Iterator[Sharer]:
        """Yield the screens with what they have registered."""
        for lease in self._leases.values():
            keys = self._demand.keys_of(("desk", lease.screen))
            codes = tuple(dict.fromkeys(key.code for key in keys))
            waiting = sum(_waits(key, statuses) for key in keys)
            yield Sharer(lease.name, codes, len(keys), waiting)

    def _leave(self, screen: str, now: float) -> bool:
        if self._leases.pop(screen, None) is None:
            return False
        self._demand.leave(("desk", screen), now)
        return True


def _waits(key: RegistrationKey, statuses: Statuses) -> bool:
    status = statuses.get(key)
    return status is not None and status.state is RegistrationState.NO_SLOT
