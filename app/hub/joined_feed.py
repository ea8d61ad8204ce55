"""The feed of a joined kis-tui: what it shows comes from the owner of the key, by websocket."""

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial

import aiohttp

from app.feed.batch import Batch
from app.feed.feed_settings import FeedSettings, Tap
from app.feed.socket import LARGEST_FRAME, Socket, client, data_of
from app.hub.memory_requests import MemoryRequests
from app.hub.owner_file import OwnerAddress
from app.hub.remote_feed import RemoteFeed
from app.hub.screen_messages import PATH, TOKEN, ScreenRequest, encode_message, read_state
from app.hub.session_records import SessionRecords
from app.system.clock import Clock

DIAL_TIMEOUT = 5.0


class JoinedFeed(RemoteFeed):
    """Brings batches from the gateway at `owner` until it is stopped or the gateway is gone."""

    def __init__(
        self,
        settings: FeedSettings,
        clock: Clock,
        deliver: Callable[[Batch], None],
        tap: Tap | None,
        owner: OwnerAddress,
        records: SessionRecords | None = None,
    ) -> None:
        super().__init__(settings, clock, deliver, tap, records)
        self._owner = owner
        self._memory = MemoryRequests(owner, self.recall)

    async def exchange(self, tasks: asyncio.TaskGroup) -> None:
        """Join the gateway, and leave it when the feed is stopped."""
        async with client() as http:
            try:
                socket = await self._dial(http)
            except (OSError, aiohttp.ClientError, TimeoutError):
                return
            aside = [tasks.create_task(self._read(socket))]
            aside.append(tasks.create_task(self._memory.run(http)))
            await self.drive(partial(self._send, socket))
            for task in aside:
                task.cancel()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await socket.close()

    async def _dial(self, http: aiohttp.ClientSession) -> Socket:
        async with asyncio.timeout(DIAL_TIMEOUT):
            return await http.ws_connect(
                f"{self._owner.ws}{PATH}",
                headers={TOKEN: self._owner.token},
                heartbeat=None,
                max_msg_size=LARGEST_FRAME,
                decode_text=False,
            )

    async def _send(self, socket: Socket, request: ScreenRequest) -> None:
        # A closed socket is noticed by the reader.
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(DIAL_TIMEOUT):
                await socket.send_str(encode_message(request))
        codes = dict.fromkeys(code for code, _ in request.shown)
        self._memory.ask(codes | dict.fromkeys(code for _, code, _ in request.wanted))

    async def _read(self, socket: Socket) -> None:
        async for message in socket:
            if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                self._read_message(data_of(message))
        self.end()

    def _read_message(self, data: object) -> None:
        now = self._clock.monotonic()
        if isinstance(data, bytes):
            # The owner forwards texts alone: this is a result of REST.
            self.accept_rest(data, now)
        elif not (isinstance(data, str) and data.startswith("{")):
            self.accept(data, now)
        elif (state := read_state(data)) is not None:
            self.apply(state, now)
