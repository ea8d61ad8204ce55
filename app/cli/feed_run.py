"""A run of the feed without a screen: what ends it, what is narrated, which exit code it has."""

import asyncio
from collections.abc import Callable
from math import inf

import click

from app.cli.run_setup import RunSetup
from app.feed.batch import Batch, KeyState
from app.feed.connection import SETTLED, LinkPhase
from app.feed.demand import GRACE, WatchRequest
from app.feed.feed_loop import run as run_loop
from app.feed.feed_settings import Tap
from app.feed.link_news import key_news
from app.feed.paper_watch import PaperState
from app.feed.source import live_source
from app.screens.link_text import link_words
from app.system.errors import ConnectionFailed, CredentialsError, KisTuiError, OccupiedError
from app.system.platform_process import ENDING, is_ignored, on_signal
from widgets.message_text import message_text
from widgets.texts import t

TICK = 0.5
"""Seconds between two ticks."""


class FeedRun:
    """Runs a feed on the calling thread and reports the connection on standard error.

    `take` is handed every batch, `tap` every accepted frame, and `tick` is called each half second,
    all on the feed's loop, where `stop` may be called from as well.
    """

    def __init__(
        self,
        begun: RunSetup,
        codes: tuple[str, ...],
        *,
        take: Callable[[Batch], None] | None = None,
        tap: Tap | None = None,
        tick: Callable[[], None] | None = None,
    ) -> None:
        self._tick = tick
        self._clock = begun.clock
        self._schedule = begun.feed.schedule
        self._take = take
        self.feed = live_source(begun.feed, begun.clock, self._deliver, tap)
        self._codes = self._watched = codes
        self._contracts = begun.contracts
        self._checked_minute = -1
        """The minute of the last look for contracts that have expired."""
        self.feed.watch(WatchRequest(codes))
        self.was_live = False
        """Whether everything was ever registered, or at least something came."""
        self._phase: LinkPhase | None = None
        self._failure: KisTuiError | None = None
        self._signal = 0
        self._paper = PaperState.NONE
        self._via_hub = False
        self._keys: tuple[KeyState, ...] = ()

    def watch(self, codes: tuple[str, ...]) -> None:
        """Watch these codes from now on."""
        self._codes, self._checked_minute = codes, -1
        self._drop_expired()

    def stop(self, failure: KisTuiError | None = None) -> None:
        """End the run, as a failure where one is given; the first one counts."""
        self._failure = self._failure or failure
        self.feed.stop()

    def to_end(self, seconds: float | None = None, over: Callable[[], None] | None = None) -> None:
        """Run until it is stopped, a signal arrives or the connection fails for good.

        `over` is called after `seconds` where the connection was up by then; without it
        the run ends there.

        Raises:
            KisTuiError: why it ended, where that is a failure.
            click.exceptions.Exit: a signal ended it, 128 + its number.
            BrokenPipeError: whoever read the output has left.
        """
        run_loop(self._run(seconds, over or self.stop))
        if self._failure is not None:
            raise self._failure
        if self._signal:
            raise click.exceptions.Exit(128 + self._signal)

    async def _run(self, seconds: float | None, over: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        for number in ENDING:
            if not is_ignored(number):
                on_signal(number, self._on_signal)
        timer = loop.call_later(seconds, self._on_timeout, over) if seconds else None
        try:
            async with asyncio.TaskGroup() as tasks:
                ticking = tasks.create_task(self._ticks())
                await self.feed.run()
                ticking.cancel()
        except BaseExceptionGroup as group:
            # An error of a tap ends the feed's task group, which wraps it.
            output = group.subgroup((BrokenPipeError, KisTuiError))
            if output is None:
                raise
            raise _first(output) from None
        finally:
            if timer is not None:
                timer.cancel()

    async def _ticks(self) -> None:
        while self._tick is not None:
            self._tick()
            await asyncio.sleep(TICK)

    def _on_signal(self, number: int) -> None:
        self._signal = number
        self.feed.stop()

    def _drop_expired(self) -> None:
        """Free the registrations of contracts that have expired since the run began."""
        now = self._clock.now()
        if now.minute == self._checked_minute:
            return
        self._checked_minute = now.minute
        left = tuple(c for c in self._codes if not self._contracts.expired(c, now - GRACE))
        if left != self._watched:
            self._watched = left
            self.feed.watch(WatchRequest(left))

    def _on_timeout(self, over: Callable[[], None]) -> None:
        if self.was_live:
            over()
        else:
            self.stop(ConnectionFailed("cli.never_live"))

    def _deliver(self, batch: Batch) -> None:
        link = batch.link
        state = self._schedule.state_at(self._clock.now())
        words = link_words(link, self._clock.monotonic(), in_session=state.session is not None)
        if link.phase is not self._phase:
            self._phase = link.phase
            click.echo(words, err=True)
            if link.phase is LinkPhase.UNTRUSTED:
                click.echo(t("link_news.untrusted"), err=True)
        for news in key_news(self._keys, link.keys):
            click.echo(message_text(news.message), err=True)
        self._keys = link.keys
        if link.via_hub is not self._via_hub:
            self._via_hub = link.via_hub
            click.echo(t("hub.via" if link.via_hub else "hub.owner_now"), err=True)
        if link.paper is not self._paper:
            self._paper = link.paper
            click.echo(t(f"paper.{link.paper}"), err=True)
        self.was_live = self.was_live or link.phase in SETTLED or bool(batch.received)
        if link.phase is LinkPhase.FATAL:
            self.stop(CredentialsError("cli.link_ended", why=words))
        elif link.phase is LinkPhase.OCCUPIED and link.next_at == inf:
            self.stop(OccupiedError("cli.link_ended", why=words))
        self._drop_expired()
        if self._take is not None:
            self._take(batch)
        self.feed.acknowledge_batch()


def _first(group: BaseExceptionGroup[Exception]) -> BaseException:
    """Return the first exception of a group of groups that is no group itself."""
    first: BaseException = group
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first
