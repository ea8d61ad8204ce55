"""``--record [FILE|DIR]``: a run that has begun, with a recorder."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from app.cli.demo_options import Demo
from app.system.errors import UsageError
from specs.code_input import code_of
from specs.user_message import UserMessage

if TYPE_CHECKING:
    from app.cli.invocation import Invocation
    from app.cli.run_setup import RunSetup

record_option = click.option(
    "--record",
    is_flag=False,
    flag_value="",
    metavar="[FILE|DIR]",
    help="Record what comes: into the data directory, a new FILE, or DIR.",
)


@contextmanager
def taping(
    invocation: "Invocation", begun: "RunSetup", record: str | None, demo: Demo | None
) -> Iterator["RunSetup"]:
    """The same run with a recorder, which is on where `record` was given, and ends with the run.

    Raises:
        UsageError: there cannot be such a file.
    """
    # Every start of the program reads the option; most record nothing.
    from app.tape.destination import resolve_destination
    from app.tape.recorder import Recorder
    from app.tape.retention import GIGABYTE, Retention

    keep = invocation.settings.tape
    where = resolve_destination(invocation.folders, record or "", demo=demo is not None)
    where = replace(where, schedule=begun.feed.schedule)
    retention = Retention(keep.keep_days, ceil(keep.keep_gb * GIGABYTE))
    speed = demo.speed if demo is not None else 1.0
    recorder = Recorder(where, begun.clock, retention, speed=speed)
    if record is not None:
        recorder.start(strict=True)
    try:
        yield replace(begun, feed=replace(begun.feed, recorder=recorder))
    finally:
        recorder.stop()


def refuse_code(record: str | None) -> None:
    """Refuse ``--record CODE``, which would record into a file of that name.

    Raises:
        UsageError: the value is a code.
    """
    if code_of(record or "") is not None:
        raise UsageError(
            "record.code", path=record, hint=UserMessage("record.code_hint", path=record)
        )
