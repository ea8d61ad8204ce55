"""Who has registrations of a session: its clients, and for a joined kis-tui its owner."""

from collections.abc import Collection, Iterable

from app.feed.batch import Sharer
from app.feed.registration_state import RegistrationKey, RegistrationState
from app.hub.client_demand import ClientDemand
from app.hub.gateway_client import GatewayClient
from app.hub.screen_client import ScreenClient, Statuses


def find_sharers(
    clients: Iterable[GatewayClient | ScreenClient],
    demand: ClientDemand,
    statuses: Statuses,
    screen: ScreenClient | None,
) -> tuple[Sharer, ...]:
    """Return the programs of a session that are another one for `screen`, the owner first.

    For the owner, which is None, they are its clients.
    """
    waiting = {key for key, one in statuses.items() if one.state is RegistrationState.NO_SLOT}
    others = tuple(
        _sharer(one.name, demand.keys_of(one), waiting, one.output.dropped)
        for one in clients
        if one is not screen
    )
    if screen is None:
        return others
    return (_sharer(screen.name, demand.own, waiting), *others)


def _sharer(
    name: str,
    keys: Collection[RegistrationKey],
    waiting: Collection[RegistrationKey],
    dropped: int = 0,
) -> Sharer:
    codes = tuple(dict.fromkeys(key.code for key in keys))
    return Sharer(name, codes, len(keys), sum(key in waiting for key in keys), dropped)
