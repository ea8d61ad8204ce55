"""``--record [FILE|DIR]``: a run that has begun, with a recorder."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from msgspec.structs import replace

from app.cli.invocation import Invocation
from app.cli.start import Start
from app.tape.place import place
from app.tape.recorder import Recorder
from app.tape.retention import GIGABYTE, Retention

record_option = click.option(
    "--record",
    is_flag=False,
    flag_value="",
    metavar="[FILE|DIR]",
    help="Record what comes: into the data directory, a new FILE, or DIR.",
)


@contextmanager
def taping(
    invocation: Invocation, begun: Start, record: str | None, *, demo: bool
) -> Iterator[Start]:
    """The same run with a recorder, which is on where `record` was given, and ends with the run.

    Raises:
        UsageError: there cannot be such a file.
    """
    keep = invocation.settings.tape
    where = place(invocation.places, record or "", demo=demo)
    retention = Retention(keep.keep_days, keep.keep_gb * GIGABYTE)
    recorder = Recorder(where, begun.clock, retention)
    if record is not None:
        recorder.start(strict=True)
    try:
        yield replace(begun, feed=replace(begun.feed, recorder=recorder))
    finally:
        recorder.stop()
