"""A run that reports its recording on standard error."""

from collections.abc import Callable

import click

from app.cli.feed_run import FeedRun
from app.cli.run_setup import RunSetup
from app.feed.batch import Batch
from app.feed.feed_settings import Tap
from app.feed.recording import Recording
from app.tape.recording_news import news
from widgets.byte_sizes import size_words
from widgets.message_text import message_text
from widgets.texts import t

SO_FAR = 600.0
"""Seconds between two lines about how much there is."""


class RecordedRun:
    """A run that was begun with a recorder; the tape knows the names of its codes."""

    def __init__(
        self,
        begun: RunSetup,
        codes: tuple[str, ...],
        tap: Tap | None = None,
        *,
        take: Callable[[Batch], None] | None = None,
        tick: Callable[[], None] | None = None,
    ) -> None:
        """`take`, `tap` and `tick` as those of a `FeedRun`."""
        self._take_also = take
        recorder = begun.feed.recorder
        assert recorder is not None
        self._recorder = recorder
        self._clock = begun.clock
        self._reported = Recording()
        self._due = begun.clock.monotonic() + SO_FAR
        self._run = FeedRun(begun, codes, take=self._take, tap=tap, tick=tick)
        self._run.feed.name(begun.contracts.names(codes))
        self.stop, self.watch = self._run.stop, self._run.watch

    def to_end(self, seconds: float | None, over: Callable[[], None] | None = None) -> None:
        """Run as a `FeedRun` does, and end the tape.

        Raises:
            KisTuiError: why it ended, where that is a failure.
            click.exceptions.Exit: a signal ended it, 128 + its number.
            BrokenPipeError: whoever read the output has left.
        """
        self._report(self._recorder.recording)
        try:
            self._run.to_end(seconds, over)
        finally:
            self._recorder.stop()
            self._report(self._recorder.recording)

    def _take(self, batch: Batch) -> None:
        if self._take_also is not None:
            self._take_also(batch)
        recording, now = batch.recording, self._clock.monotonic()
        self._report(recording)
        if recording.on and now >= self._due:
            self._due = now + SO_FAR
            words = t(
                "record.so_far",
                at=f"{self._clock.now():%H:%M}",
                name=recording.name,
                count=f"{recording.messages:,}",
                size=size_words(recording.bytes),
            )
            click.echo(words, err=True)

    def _report(self, recording: Recording) -> None:
        for one in news(self._reported, recording):
            click.echo(message_text(one.message), err=True)
        self._reported = recording
