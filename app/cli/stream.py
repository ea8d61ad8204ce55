"""``kis-tui stream``: every record on standard output as JSON or CSV, by the dashboard's feed."""

from collections.abc import Callable
from datetime import datetime
from math import inf
from typing import Any

import click
from msgspec.structs import replace

from app.cli.channels import channel_option, channels, refuse_sleepers, without_expired
from app.cli.desk_options import nats_option, start_screen
from app.cli.invocation import Invocation
from app.cli.options import chosen_keys, demo_of, demo_options, session_option
from app.cli.record_writer import RecordWriter, lines_of
from app.cli.recorded_run import RecordedRun
from app.cli.recording_option import record_option, refuse_code, taping
from app.cli.requested_codes import layout_option, wanted
from app.cli.run_setup import RunSetup, start
from app.system.errors import KisTuiError, UsageError
from specs.catalog import Channel, Session
from specs.record import Record

_AUCTION_LEFT, _TRADED = 60.0, 60.0
"""Seconds of the opening auction, and of trading gone by, that a demo begins with."""


@click.command()
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@layout_option
@session_option
@channel_option("trade")
@click.option("--count", type=click.IntRange(1), help="Leave after so many records.")
@click.option("--timeout", type=click.FloatRange(min=0.1), help="Leave after so many seconds.")
@click.option(
    "--names",
    type=click.Choice(["english", "kis"]),
    default="english",
    show_default=True,
    help="Field names: the program's, or KIS' own elements.",
)
@click.option(
    "--format",
    type=click.Choice(["ndjson", "csv"]),
    default="ndjson",
    show_default=True,
    help="An object a line, or a table whose columns are the fields of every TR that may come.",
)
@click.option(
    "--replay", metavar="FILE", help="Print what a tape holds (or demo, the one that is built in)."
)
@click.option("--from", "begin", metavar="HH:MM[:SS]", help="Of a tape: from this time (KST).")
@click.option("--to", "end", metavar="HH:MM[:SS]", help="Of a tape: to this time.")
@nats_option
@record_option
@demo_options
@click.pass_obj
def stream(invocation: Invocation, /, codes: tuple[str, ...], **options: Any) -> None:
    """Print every record of CODE... or of a layout, one per line."""
    if options["replay"] is not None:
        from app.cli.stream_tape import stream_tape

        stream_tape(invocation, codes, options)
        return
    for name, option in (("begin", "--from"), ("end", "--to")):
        if options[name] is not None:
            raise UsageError("stream.of_replay", option=option)
    refuse_code(options["record"])
    asked = wanted(invocation, codes, options)
    session = None if options["session"] == "auto" else Session(options["session"])
    asked_for = channels(options["channel"])
    demo = demo_of(options, _lead(asked_for))
    settings, keys = invocation.settings, chosen_keys(invocation, options)
    with (
        start_screen(invocation, options["nats"], options, session, asked_for)
        if options["nats"]
        else start(settings, invocation.folders, demo, session, asked_for, **keys)
    ) as started:
        expects = Channel.EXPECTED in asked_for
        begun = replace(started, feed=replace(started.feed, expects_always=expects))
        reader, now = begun.contracts.code, begun.clock.now()
        found = without_expired(asked.for_run(begun), begun.contracts, now)
        refuse_sleepers(found, begun.feed.schedule.session_to_register(now), asked_for, reader)
        with taping(invocation, begun, options["record"], demo) as taped:
            sessions = [session] if session else list(Session)
            lines = lines_of(found, sessions, asked_for, options, reader)
            StreamCommand(taped, found, lines).to_end(options["timeout"])


def _lead(wanted: frozenset[Channel]) -> float:
    """Return the seconds from a demo's start to the open: it begins when the data come."""
    return _AUCTION_LEFT if Channel.EXPECTED in wanted else -_TRADED


class StreamCommand:
    """Prints what comes until as many records as were asked for are out."""

    def __init__(self, begun: RunSetup, codes: tuple[str, ...], lines: RecordWriter) -> None:
        self._now: Callable[[], datetime] = begun.clock.now
        self._lines = lines
        self._run = RecordedRun(begun, codes, self._print)

    def to_end(self, timeout: float | None) -> None:
        """Run until the count or the time is reached, a signal arrives or the connection fails.

        Raises:
            KisTuiError: why it ended, where that is a failure.
            BrokenPipeError: whoever read the output has left.
        """
        self._run.to_end(timeout, self._on_timeout)

    def _on_timeout(self) -> None:
        left = self._lines.left
        short = KisTuiError("cli.too_few", left=int(left)) if left != inf else None
        self._run.stop(short)

    def _print(self, tr_id: str, records: list[Record], at: float) -> None:
        if not self._lines.write(tr_id, records, self._now()):
            self._run.stop()
