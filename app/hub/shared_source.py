"""A live source that shares its session: the feed of the key's owner, or one that joins it.

Whoever holds the key's lock dials KIS and serves the others; the others take their data from it.
When the owner is gone, one of them gets the lock and dials, once.  All of it runs on the I/O
thread, but for the methods of `Source`.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from math import inf
from typing import TYPE_CHECKING

from msgspec.structs import replace

from app.feed.batch import Batch
from app.feed.demand import WatchRequest
from app.feed.feed import Feed
from app.feed.feed_settings import FeedSettings, Tap
from app.hub.key_owner import KeyOwnership
from app.system.clock import Clock
from app.system.event_log import log_event

if TYPE_CHECKING:
    from app.hub.joined_feed import JoinedFeed
    from app.hub.session_records import SessionRecords

LOOK_EVERY, LOOK_SELDOM = 0.05, 1.0
"""Seconds between two tries to get the lock, or to find who has it; the longer where they fail."""


class SharedSource:
    """Runs one feed after another: as the owner of the key, or joined to its owner."""

    def __init__(
        self,
        settings: FeedSettings,
        clock: Clock,
        deliver: Callable[[Batch], None],
        tap: Tap | None,
        key: KeyOwnership,
        *,
        takes_over: bool = True,
    ) -> None:
        """With `takes_over` false it only ever joins, and waits while the key has no owner."""
        self._settings = settings
        self._takes_over = takes_over
        self._records: SessionRecords | None = None
        self._clock = clock
        self._deliver = deliver
        self._tap = tap
        self._key = key
        # The feed is another one after a change of the owner; no call may go to the wrong one.
        self._changing = threading.Lock()
        self._feed: Feed | JoinedFeed | None = None
        self._request: WatchRequest | None = None
        self._names: Mapping[str, str] = {}
        self._is_stopped = False

    @property
    def current(self) -> "Feed | JoinedFeed | None":
        """The feed that runs; None before the first, and while the owner is looked for."""
        return self._feed

    def watch(self, request: WatchRequest) -> None:
        """Watch these codes and no others."""
        with self._changing:
            self._request = request
            if self._feed is not None:
                self._feed.watch(request)

    def retry(self) -> None:
        """Connect now; reconnect if connected."""
        with self._changing:
            if self._feed is not None:
                self._feed.retry()

    def record(self, on: bool) -> None:
        """Record from here on, or no longer, where there is a recorder."""
        with self._changing:
            if self._feed is not None:
                self._feed.record(on)

    def name(self, names: Mapping[str, str]) -> None:
        """Codes have these names, which a recording keeps."""
        with self._changing:
            self._names = {**self._names, **names}
            if self._feed is not None:
                self._feed.name(names)

    def acknowledge_batch(self) -> None:
        """The last batch has been taken; the next may come."""
        with self._changing:
            if self._feed is not None:
                self._feed.acknowledge_batch()

    def stop(self) -> None:
        """Let `run` return."""
        with self._changing:
            self._is_stopped = True
            if self._feed is not None:
                self._feed.stop()

    async def run(self) -> None:
        """Bring batches until stopped.

        Raises:
            KisTuiError: the lock cannot be made.
        """
        settings, lived_at, pause = self._settings, -inf, LOOK_EVERY
        while not self._is_stopped:
            if self._takes_over and self._key.try_acquire():
                log_event("hub", "owner", "here")
                await self._run(self._owned(replace(settings, lived_at=lived_at)))
                return
            owner = self._key.find_owner()
            if owner is None:
                await asyncio.sleep(pause)
                pause = min(LOOK_SELDOM, pause * 1.2)
                continue
            from app.hub.joined_feed import JoinedFeed

            log_event("hub", "owner", "joined", pid=owner.pid)
            kept = self._kept_records() if self._takes_over else None
            feed = JoinedFeed(settings, self._clock, self._deliver, self._tap, owner, kept)
            await self._run(feed)
            lived_at = max(lived_at, feed.lived_at)
            # What was recorded before this start has been read.
            settings = replace(settings, history=None)
            pause = LOOK_EVERY if feed.lived_at > -inf else min(LOOK_SELDOM, pause * 2)
            if not self._is_stopped:
                await asyncio.sleep(pause)

    def _kept_records(self) -> "SessionRecords":
        """Return what is kept of the session, for programs that join when this one is its owner."""
        from app.hub.session_records import SessionRecords

        if self._records is None:
            self._records = SessionRecords(self._settings.schedule)
        return self._records

    def _owned(self, settings: FeedSettings) -> Feed:
        # The owner's part is loaded when it is needed: a start draws first.
        from app.hub.gateway import Gateway, GatewaySettings

        if settings.sharing is None:
            shared = GatewaySettings(
                settings.credentials,
                schedule=settings.schedule,
                file=self._key.file,
                records=self._records,
                more_credentials=tuple(one.credentials for one in settings.more_keys),
            )
            settings = replace(settings, sharing=Gateway(shared, self._clock))
        return Feed(settings, self._clock, self._deliver, self._tap)

    async def _run(self, feed: "Feed | JoinedFeed") -> None:
        with self._changing:
            self._feed = feed
            if self._request is not None:
                feed.watch(self._request)
            if self._names:
                feed.name(self._names)
            if self._is_stopped:
                feed.stop()
        await feed.run()
