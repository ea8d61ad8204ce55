"""``kis-tui record``: a recording without a screen, one tape a session, until it is ended."""

from typing import Any

import click

from app.cli.channels import channel_option, channels, refuse_sleepers
from app.cli.invocation import Invocation
from app.cli.options import demo_of, demo_options, session_option
from app.cli.run import Run
from app.cli.start import Start, start
from app.cli.taping import taping
from app.cli.wanted import layout_option, wanted
from app.feed.batch import Batch
from app.tape.news import news
from app.tape.recording import Recording
from specs.catalog import Channel, Session
from widgets.texts import t

SO_FAR = 600.0
"""Seconds between two lines about how much there is."""


@click.command()
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@layout_option
@session_option
@channel_option(",".join(Channel))
@click.option("--timeout", type=click.FloatRange(min=0.1), help="Leave after so many seconds.")
@click.option(
    "--out",
    default="",
    metavar="FILE|DIR",
    help="Record into this new file, or this folder.  [default: the data directory]",
)
@demo_options
@click.pass_obj
def record(invocation: Invocation, /, codes: tuple[str, ...], **options: Any) -> None:
    """Record CODE... or a layout, without a screen, until a signal comes.

    A session's tape ends with it, and the next one begins; a FILE holds all sessions.
    """
    asked = wanted(invocation, codes, options)
    session = None if options["session"] == "auto" else Session(options["session"])
    asked_for = channels(options["channel"])
    demo = demo_of(options)
    with start(invocation.settings, invocation.places, demo, session, asked_for) as begun:
        found = asked.of(begun)
        if session is not None:
            refuse_sleepers(found, session, asked_for)
        with taping(invocation, begun, options["out"], demo=demo is not None) as taped:
            Narrated(taped, found).to_end(options["timeout"])


class Narrated:
    """A recording whose course is told on standard error."""

    def __init__(self, begun: Start, codes: tuple[str, ...]) -> None:
        recorder = begun.feed.recorder
        assert recorder is not None
        self._recorder = recorder
        self._clock = begun.clock
        self._told = Recording()
        self._due = begun.clock.monotonic() + SO_FAR
        self._run = Run(begun, codes, take=self._take)
        self._run.feed.name(begun.contracts.names(codes))

    def to_end(self, seconds: float | None) -> None:
        """Record until the time is over, a signal came or all hope is gone.

        Raises:
            KisTuiError: why it ended, where that is a failure.
            click.exceptions.Exit: a signal ended it, 128 + its number.
        """
        self._tell(self._recorder.recording)
        try:
            self._run.to_end(seconds)
        finally:
            self._recorder.stop()
            self._tell(self._recorder.recording)

    def _take(self, batch: Batch) -> None:
        self._tell(batch.recording)
        now = self._clock.monotonic()
        if now >= self._due:
            self._due = now + SO_FAR
            words = t(
                "record.so_far",
                at=f"{self._clock.now():%H:%M}",
                count=f"{batch.recording.entries:,}",
                megabytes=f"{batch.recording.bytes / 1e6:.1f}",
                name=batch.recording.name,
            )
            click.echo(words, err=True)

    def _tell(self, recording: Recording) -> None:
        for one in news(self._told, recording):
            click.echo(one.text, err=True)
        self._told = recording
