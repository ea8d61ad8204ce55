"""A screen's side of one connection: its subscriptions, last values, and what the hub remembers."""

import asyncio
import contextlib
from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

import msgspec
import zstandard

from app.desk.desk_messages import (
    DEMAND,
    MEMORY,
    STATE,
    DeskAnswer,
    DeskRequest,
    FrameStamp,
    key_of_subject,
    raw_subject,
    read_answer,
    read_stamp,
)
from app.desk.nats_connection import NatsConnection, Unreachable
from app.desk.pair_frames import FollowedEpoch, StampedFrame
from app.desk.record_streams import direct_get
from app.feed.registration_state import RegistrationKey
from app.hub.memory_requests import ASK_AFTER, LARGEST_MEMORY
from app.hub.screen_messages import HubState, read_state
from app.hub.trade_memory import Recalled, read_memory

if TYPE_CHECKING:
    from nats.aio.msg import Msg

AT_A_TIME = 64
"""Last values that are asked for at the same time."""


class DeskListener(Protocol):
    """Gets what a link brings; called on its loop."""

    @property
    def followed(self) -> FollowedEpoch:
        """The run of the hub that is followed."""

    def apply_state(self, hub: str, stamp: FrameStamp, state: HubState) -> None:
        """Apply what a hub stated."""

    def apply_frames(self, frames: tuple[StampedFrame, ...]) -> None:
        """Read frames, in this order."""

    def apply_memory(self, code: str, recalled: Recalled) -> None:
        """Take what the hub remembers of a code."""


class DeskLink:
    """The subscriptions of a screen; they end with the connection."""

    def __init__(self, connection: NatsConnection, listener: DeskListener) -> None:
        self._connection = connection
        self._listener = listener
        self._subscriptions: dict[RegistrationKey, object] = {}
        self._joined: set[RegistrationKey] = set()
        self._recalling: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Get the states of hubs from now on.

        Raises:
            Unreachable: the connection has ended.
        """
        await self._connection.subscribe(f"{STATE}.*", self._on_state)

    async def ask(self, request: DeskRequest) -> DeskAnswer | None:
        """Ask for registrations; None for an answer that is none.

        Raises:
            Unreachable: there is no hub.
        """
        answer = await self._connection.request(DEMAND, msgspec.json.encode(request))
        return read_answer(answer.data)

    async def update(self, keys: Collection[RegistrationKey]) -> None:
        """Subscribe to what is wanted and to nothing else, beginning with the last values.

        Raises:
            Unreachable: the connection has ended.
        """
        for key in [one for one in self._subscriptions if one not in keys]:
            self._joined.discard(key)
            await self._connection.unsubscribe(self._subscriptions.pop(key))
        for key in keys:
            if key not in self._subscriptions:
                self._listener.followed.hold(key)
                subject = raw_subject(key)
                self._subscriptions[key] = await self._connection.subscribe(subject, self._on_frame)
        if self._listener.followed.name:
            await self._join([key for key in keys if key not in self._joined])
            self._recall(keys)

    def rejoin(self) -> None:
        """Hold all frames, and begin with the last values again: another epoch has begun."""
        for key in self._subscriptions:
            self._listener.followed.hold(key)
        self._joined.clear()

    def end(self) -> None:
        """Ask for nothing more."""
        if self._recalling is not None:
            self._recalling.cancel()

    async def _join(self, keys: list[RegistrationKey]) -> None:
        self._joined |= set(keys)
        for begin in range(0, len(keys), AT_A_TIME):
            part = keys[begin : begin + AT_A_TIME]
            await asyncio.gather(*(self._join_one(key) for key in part))

    async def _join_one(self, key: RegistrationKey) -> None:
        followed, last = self._listener.followed, None
        with contextlib.suppress(Unreachable):
            answer = await self._connection.request(direct_get(raw_subject(key)))
            stamp = read_stamp(answer.headers)
            if stamp is not None and stamp.epoch == followed.name:
                last = StampedFrame(stamp, answer.data)
        # Another epoch joins by itself.
        if self._listener.followed is followed:
            self._listener.apply_frames(followed.pairs[key].join(last))

    async def _on_frame(self, message: "Msg") -> None:
        key, stamp = key_of_subject(message.subject), read_stamp(message.headers)
        followed = self._listener.followed
        if key is None or stamp is None or stamp.epoch != followed.name:
            return
        if (pair := followed.pairs.get(key)) is not None:
            self._listener.apply_frames(pair.accept(StampedFrame(stamp, message.data)))

    async def _on_state(self, message: "Msg") -> None:
        stamp = read_stamp(message.headers)
        state = read_state(message.data.decode("utf-8", "replace"))
        if stamp is not None and state is not None:
            self._listener.apply_state(message.subject.rpartition(".")[2], stamp, state)

    def _recall(self, keys: Collection[RegistrationKey]) -> None:
        recalled = self._listener.followed.recalled
        codes = [code for code in dict.fromkeys(key.code for key in keys) if code not in recalled]
        if codes and (self._recalling is None or self._recalling.done()):
            recalled |= set(codes)
            self._recalling = asyncio.create_task(self._recall_codes(codes))

    async def _recall_codes(self, codes: list[str]) -> None:
        await asyncio.sleep(ASK_AFTER)
        for code in codes:
            with contextlib.suppress(Unreachable, zstandard.ZstdError):
                answer = await self._connection.request(MEMORY, code.encode())
                if answer.data:
                    unpacked = zstandard.ZstdDecompressor().decompress(
                        answer.data, max_output_size=LARGEST_MEMORY
                    )
                    if (recalled := read_memory(code, unpacked)) is not None:
                        self._listener.apply_memory(code, recalled)
