"""A feed that dials KIS only while its hub has the lease of the app key."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

from app.desk.desk_address import DeskAddress
from app.desk.desk_hub import DeskHub
from app.desk.desk_session import DeskSession
from app.desk.nats_server import NatsServer
from app.feed.batch import Batch
from app.feed.feed import Feed
from app.feed.feed_settings import FeedSettings, Tap
from app.system.clock import Clock
from app.system.errors import OccupiedError

ENDS_WITHIN = 3.0


class LeasedFeed(Feed):
    """The feed of a hub on a desk; a `server` that it starts ends with it."""

    def __init__(
        self,
        settings: FeedSettings,
        clock: Clock,
        deliver: Callable[[Batch], None],
        tap: Tap | None,
        server: DeskAddress | NatsServer,
        session: DeskSession,
        report: Callable[[str, str], None],
    ) -> None:
        """`report` is called with what `DeskHub.report` is."""
        super().__init__(settings, clock, deliver, tap)
        self._server = server
        self.desk = DeskHub(session, clock, report)
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """Close the session and let `run` return."""
        super().stop()
        loop = self._loop
        if loop is None:
            self._stopped.set()
        elif not loop.is_closed():
            loop.call_soon_threadsafe(self._stopped.set)

    async def run(self) -> None:
        """Wait for the lease, connect, and stay connected until stopped.

        Raises:
            OccupiedError: another hub has got the lease.
            CredentialsError: the server refuses the credentials.
            UsageError: nats-py is not installed, a server does not start or does not encrypt.
        """
        self._loop = asyncio.get_running_loop()
        async with AsyncExitStack() as stack:
            if isinstance(self._server, NatsServer):
                address = await stack.enter_async_context(self._server.run())
            else:
                address = self._server
            await self._run_published(address)
        if self.desk.lost.is_set():
            raise OccupiedError("desk.lease_lost")

    async def _run_published(self, address: DeskAddress) -> None:
        async with asyncio.TaskGroup() as tasks:
            publishing = tasks.create_task(self.desk.run(address))
            watching = tasks.create_task(self._end_when_lost())
            owned, stopped = (
                tasks.create_task(one.wait()) for one in (self.desk.owned, self._stopped)
            )
            await asyncio.wait((owned, stopped), return_when=asyncio.FIRST_COMPLETED)
            if owned.done():
                await super().run()
                self.desk.end()
                await asyncio.wait((publishing,), timeout=ENDS_WITHIN)
            for task in (publishing, watching, owned, stopped):
                task.cancel()

    async def _end_when_lost(self) -> None:
        await self.desk.lost.wait()
        super().stop()
