"""The gateway's side of one joined kis-tui: what it wants, and the state that it is sent."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from app.feed.batch import LinkState, Sharer
from app.feed.registration_state import RegistrationKey, RegistrationStatus
from app.feed.rest.event_codec import encode_event
from app.feed.rest.rest_demand import RestDemand
from app.feed.rest.rest_events import RestEvent
from app.feed.rest.rest_memory import code_of
from app.hub.client_output import ClientOutput
from app.hub.screen_messages import (
    STATE_EVERY,
    HubState,
    ScreenRequest,
    SharedStatus,
    encode_message,
    read_screen_request,
    span_between,
)

if TYPE_CHECKING:
    from aiohttp import web

Statuses = Mapping[RegistrationKey, RegistrationStatus]


class ScreenClient:
    """One joined kis-tui; `wanted` are its registrations, whether or not they have a slot."""

    def __init__(
        self,
        socket: "web.WebSocketResponse",
        transport: asyncio.Transport,
        accept: Callable[["ScreenClient", ScreenRequest], None],
    ) -> None:
        self.socket = socket
        self.output = ClientOutput(transport)
        self.name = "kis-tui"
        self.wanted: tuple[RegistrationKey, ...] = ()
        self.rest = RestDemand()
        """What it asks of REST."""
        self._accept = accept
        self._sent = HubState()
        self._sent_at = float("-inf")

    async def run(self) -> None:
        """Accept requests until the socket closes."""
        from aiohttp import WSMsgType

        async for message in self.socket:
            if message.type is WSMsgType.TEXT:
                request = read_screen_request(message.data)
                if request is not None:
                    self._accept(self, request)

    def ask_rest(self, demand: RestDemand, trouble: bytes) -> None:
        """Ask this of REST; at the first time say why nothing more is asked, if so."""
        if demand.contracts and not self.rest.contracts and trouble:
            self.output.answer(trouble)
        self.rest = demand

    def update(
        self, link: LinkState, sharers: tuple[Sharer, ...], statuses: Statuses, now: float
    ) -> None:
        """Send the state if it changed or a second has passed."""
        link = replace(link, sharers=sharers)
        state = hub_state(link, {k: statuses[k] for k in self.wanted if k in statuses}, now)
        if now - self._sent_at >= STATE_EVERY or without_ages(state) != without_ages(self._sent):
            self._sent, self._sent_at = state, now
            self.output.answer(encode_message(state))


def screens_among(clients: Iterable[object]) -> list[ScreenClient]:
    """Return the joined kis-tui among clients."""
    return [one for one in clients if isinstance(one, ScreenClient)]


def hand_over(event: RestEvent, screens: Iterable[ScreenClient]) -> None:
    """Send a result of REST to those that ask for its code; to all that ask if it has none."""
    code, encoded = code_of(event), b""
    for screen in screens:
        if code in screen.rest.codes or (not code and screen.rest.contracts):
            encoded = encoded or encode_event(event)
            screen.output.answer(encoded)


def hub_state(link: LinkState, statuses: Statuses, now: float) -> HubState:
    """Return a link and registrations as a message."""
    shared = tuple(
        SharedStatus(
            key.tr_id,
            key.code,
            one.state,
            one.code,
            one.detail,
            span_between(one.since, now) if one.since else None,
            one.app_key,
        )
        for key, one in statuses.items()
    )
    return HubState(
        link.phase,
        link.reason,
        link.detail,
        span_between(now, link.next_at),
        link.failures,
        link.used,
        link.limit,
        link.waiting,
        span_between(link.last_message, now),
        link.notice,
        link.paper,
        shared,
        link.sharers,
        tuple(replace(one, next_at=0.0) for one in link.keys),
    )


def without_ages(state: HubState) -> tuple[object, ...]:
    """Return the part of a state whose change is sent at once."""
    shown = [(one.tr_id, one.code, one.state, one.refusal, one.app_key) for one in state.statuses]
    link = state.phase, state.reason, state.detail, state.used, state.limit, state.waiting
    return (*link, shown, state.sharers, state.keys)
