"""``kis-tui stream``: every record on standard output as JSON or CSV, by the dashboard's feed."""

import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from math import inf
from typing import Any

import click
import msgspec

from app.cli.channels import channel_option, channels, refuse_sleepers
from app.cli.invocation import Invocation
from app.cli.options import demo_of, demo_options, session_option
from app.cli.recorded_run import RecordedRun
from app.cli.recording_option import record_option, refuse_code, taping
from app.cli.requested_codes import layout_option, wanted
from app.cli.start import RunSetup, start
from app.feed.demand import Reader
from app.storage.csv_text import delimited
from app.system.errors import KisTuiError, UsageError
from specs.catalog import CATALOG, Absent, Channel, Session, choose_for
from specs.codes import read
from specs.record import Record, elements


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
    demo = demo_of(options)
    with start(invocation.settings, invocation.places, demo, session, asked_for) as begun:
        found = asked.for_run(begun)
        reader, now = begun.contracts.code, begun.clock.now()
        refuse_sleepers(found, begun.feed.schedule.session_to_register(now), asked_for, reader)
        with taping(invocation, begun, options["record"], demo) as taped:
            sessions = [session] if session else list(Session)
            lines = lines_of(found, sessions, asked_for, options, reader)
            StreamCommand(taped, found, lines).to_end(options["timeout"])


def lines_of(
    codes: tuple[str, ...],
    sessions: list[Session],
    asked_for: frozenset[Channel],
    options: dict[str, Any],
    reader: Reader,
) -> "RecordWriter":
    """What writes the records; of a table the heading is written."""
    names = fields_of if options["names"] == "english" else elements
    shape: Shape = as_json
    if options["format"] == "csv":
        columns = columns_of(codes, sessions, asked_for, names, reader)
        shape = as_csv(columns)
        sys.stdout.buffer.write(delimited([columns]))
        sys.stdout.buffer.flush()
    return RecordWriter(names, shape, options["count"])


Names = Callable[[type[Record]], tuple[str, ...]]
Shape = Callable[[dict[str, Any]], bytes]


def fields_of(spec: type[Record]) -> tuple[str, ...]:
    """The program's names of a record's fields, in wire order."""
    return spec.__struct_fields__


def as_json(entry: dict[str, Any]) -> bytes:
    """One object on a line of its own; missing numbers are null."""
    return msgspec.json.encode(entry) + b"\n"


def as_csv(columns: Iterable[str]) -> Shape:
    """What turns a record into a line of a table with these columns."""
    order = tuple(columns)
    return lambda entry: delimited([map(entry.get, order)])


def columns_of(
    codes: Iterable[str],
    sessions: Iterable[Session],
    channels: Iterable[Channel],
    names: Names,
    reader: Reader = read,
) -> list[str]:
    """The columns of a run: the fields of every TR that it can bring, in the catalogue's order."""
    channels, sessions = tuple(channels), tuple(sessions)
    entries = {
        entry
        for contract in map(reader, codes)
        for session in sessions
        for channel in channels
        if contract is not None
        and not isinstance(entry := choose_for(contract, session, channel), Absent)
    }
    fields = (name for entry in CATALOG.values() if entry in entries for name in names(entry.spec))
    return list(dict.fromkeys(("tr_id", "received", *fields)))


class RecordWriter:
    """Writes records to standard output until as many as were asked for are out."""

    def __init__(self, names: Names, shape: Shape, count: int | None) -> None:
        self._names = cache(names)
        self._shape = shape
        self.left = count or inf
        self.written = 0

    def write(self, tr_id: str, records: Iterable[Record], at: datetime) -> bool:
        """Write the records of a frame that came at a moment; whether more are asked for."""
        received = at.isoformat(timespec="milliseconds")
        for record in records:
            if self.left <= 0:
                break
            self.left -= 1
            self.written += 1
            named = zip(self._names(type(record)), msgspec.structs.astuple(record), strict=True)
            line = self._shape({"tr_id": tr_id, "received": received, **dict(named)})
            sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
        return self.left > 0


class StreamCommand:
    """Prints what comes until as many records as were asked for are out."""

    def __init__(self, begun: RunSetup, codes: tuple[str, ...], lines: RecordWriter) -> None:
        self._now: Callable[[], datetime] = begun.clock.now
        self._lines = lines
        self._run = RecordedRun(begun, codes, self._print)

    def to_end(self, timeout: float | None) -> None:
        """Run until the count is reached, the time is over, a signal came or all hope is gone.

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
